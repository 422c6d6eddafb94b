"""The second half of the row-by-row model: the states of what the passes left open.

In: the transactions, decisions and moment. Out: `reconcile` gives every outcome.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.python.dbt.oracle import (
    DEAD,
    Outcome,
    Room,
    Row,
    age,
    due,
    event_class,
    key_of,
    match_by_hand,
    match_on_key,
    normalised,
    rooms,
    sign,
)

# Of these a processor's id names one; several partial refunds may share the sale's.
ONE_PER_ID = (
    "charge",
    "chargeback",
    "chargeback_reversal",
    "payout",
    "payout_reversal",
    "deposit",
    "withdrawal",
)


def _exclude(room: Room) -> None:
    for row in room.everyone():
        if row["has_conflict"]:
            room.note(row, "excluded", "key_conflict")
        elif row["event_type"] == "unknown":
            room.note(row, "excluded", "unknown_event_type")


def _net_returns(room: Room) -> None:
    if room.name != "payout_bank":
        return
    for row in sorted(room.left, key=age):
        if not room.is_open(row) or not row["processor_reference"] or not row["signed"]:
            continue
        for other in sorted(room.left, key=age):
            same = row["processor_reference"] == other["processor_reference"]
            opposite = row["signed"] == -other["signed"] and row["currency"] == other["currency"]
            if same and opposite and room.is_open(other):
                ids = row["transaction_id"], other["transaction_id"]
                room.note(row, "excluded", "returned", related=ids[1])
                room.note(other, "excluded", "returned", related=ids[0])
                break


def _fail(room: Room) -> None:
    for row in room.everyone():
        if row["status"] in DEAD:
            room.note(row, "excluded", "failed")


def _event(row: Row) -> tuple[Any, ...] | None:
    """What makes two rows of one side the same event."""
    common = row["processor"], event_class(row), row["currency"], row["signed"]
    if row["processor_reference"]:
        return (*common, "id", row["processor_reference"])
    if normalised(row["reference"]):
        return (
            *common,
            "reference",
            normalised(row["reference"]),
            row["business_date"],
            row["authorization_code"],
        )
    return None


def _matched_with_id(room: Room, side: list[Row], row: Row) -> str | None:
    """The oldest matched row of the side that carries the row's processor id."""
    for other in sorted(side, key=age):
        same_id = row["processor_reference"] and all(
            row[name] == other[name] for name in ("processor_reference", "processor", "currency")
        )
        same_event = event_class(row) == event_class(other) and sign(row) == sign(other)
        if same_id and same_event and _state(room, other) == "matched":
            return str(other["transaction_id"])
    return None


def _duplicates(room: Room) -> None:
    for side in (room.left, room.right):
        first: dict[tuple[Any, ...], str] = {}
        matched = [r for r in sorted(side, key=age) if _state(room, r) == "matched"]
        for row in matched:
            if event := _event(row):
                first.setdefault(event, row["transaction_id"])
        for row in sorted(side, key=age):
            event = _event(row)
            if not room.is_open(row) or event is None:
                continue
            once = _matched_with_id(room, side, row) if row["event_type"] in ONE_PER_ID else None
            if event in first or once:
                room.note(row, "excluded", "duplicate", related=once or first[event])
            else:
                first[event] = row["transaction_id"]


def _state(room: Room, row: Row) -> str:
    outcome = room.found.get(row["transaction_id"])
    return outcome.state if outcome else "open"


def _opposite_sides(room: Room, hands_off: set[str]) -> None:
    """Contradictions opposite, then the same id in another currency."""
    key = key_of(room, 1)

    def name(row: Row) -> tuple[Any, ...] | None:
        usable = row["processor"] and key(row) and row["transaction_id"] not in hands_off
        return (row["processor"], event_class(row), key(row)) if usable else None

    for row in room.everyone():
        others = room.right if room.is_left(row) else room.left
        conflicts = [o for o in others if o["has_conflict"] and name(o) and name(o) == name(row)]
        if conflicts:
            first = min(o["transaction_id"] for o in conflicts)
            room.note(row, "ambiguous", "conflict_opposite", rivals=len(conflicts), related=first)
    sides: list[dict[tuple[Any, ...], list[Row]]] = []
    for rows in (room.left, room.right):
        by_name: dict[tuple[Any, ...], list[Row]] = {}
        for row in sorted(rows, key=age):
            if room.is_open(row) and (key_of_row := name(row)):
                by_name.setdefault(key_of_row, []).append(row)
        sides.append(by_name)
    for shared in sides[0].keys() & sides[1].keys():
        for left, right in zip(sides[0][shared], sides[1][shared], strict=False):
            if left["currency"] != right["currency"]:
                ids = left["transaction_id"], right["transaction_id"]
                room.note(left, "ambiguous", "other_currency", rivals=1, related=ids[1])
                room.note(right, "ambiguous", "other_currency", rivals=1, related=ids[0])


def _wait(room: Room, hands_off: set[str], as_of: datetime) -> None:
    for row in [row for row in room.everyone() if room.is_open(row)]:
        day = due(row)
        if as_of.date() <= day:
            reason = "pending" if row["status"] == "pending" else "not_due"
            room.note(row, "expected", reason, expected_by=day)
        elif row["transaction_id"] in hands_off:
            room.note(row, "missing", "taken_apart", expected_by=day)
        else:
            room.note(row, "missing", "no_counterpart", expected_by=day)


def reconcile(
    transactions: list[Row], decisions: list[Row], as_of: datetime
) -> dict[tuple[str, str], Outcome]:
    """The outcome of every transaction in every reconciliation it is in the scope of."""
    outcomes: dict[tuple[str, str], Outcome] = {}
    for tenant in sorted({row["tenant_id"] for row in transactions}):
        mine = [d for d in decisions if d["tenant_id"] == tenant and d["decided_at"] <= as_of]
        for room in rooms(transactions, tenant):
            hands_off = match_by_hand(room, mine)
            match_on_key(room, 1, hands_off)
            match_on_key(room, 2, hands_off)
            _exclude(room)
            _net_returns(room)
            _fail(room)
            _duplicates(room)
            _opposite_sides(room, hands_off)
            _wait(room, hands_off, as_of)
            outcomes |= {(room.name, name): found for name, found in room.found.items()}
    return outcomes

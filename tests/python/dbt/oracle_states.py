"""The second half of the row-by-row model: the states of what the passes left open.

In: the transactions, people's decisions, the seeds and the moment. Out: `reconcile` gives every
outcome of every reconciliation, and what no sum was searched for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.python.dbt.oracle import Outcome, Room, Row, Seeds, age, is_dead, rooms
from tests.python.dbt.oracle_fuzzy import match_near
from tests.python.dbt.oracle_groups import match_groups, match_sums
from tests.python.dbt.oracle_keys import match_by_hand, match_on_key
from tests.python.dbt.oracle_rules import key_of, normalised, open_days, rule_for, takes

MATCHED = ("matched", "proposed")
Places = dict[tuple[str, str], Outcome]


@dataclass(frozen=True)
class Reconciled:
    """What became of every row, by reconciliation and transaction."""

    outcomes: Places = field(default_factory=dict)
    not_searched: set[tuple[str, str]] = field(default_factory=set)


def _exclude(room: Room) -> None:
    for row in room.everyone():
        if row["exclusion"]:
            room.note(row, "excluded", row["exclusion"])


def _rivals(room: Room) -> None:
    """Ambiguous is what still has a rival: told by a key first, then by likeness, then by sums."""
    left = {row["transaction_id"] for row in room.everyone() if room.is_open(row)}
    for row in [row for row in room.everyone() if room.is_open(row)]:
        for rivals in (room.key_rivals, room.near_rivals, room.sum_rivals):
            still_open = rivals.get(row["transaction_id"], set()) & left
            if still_open:
                room.note(row, "ambiguous", "rivals", rivals=len(still_open))
                break


def _net_returns(room: Room) -> None:
    rows = [row for row in room.everyone() if row["nets_returns"]]
    same = ("source", "source_account", "processor_reference", "currency")
    for row in rows:
        if not room.is_open(row) or not row["processor_reference"] or not row["gross"]:
            continue
        for other in rows:
            alike = all(row[name] == other[name] for name in same)
            if alike and row["gross"] == -other["gross"] and room.is_open(other):
                ids = row["transaction_id"], other["transaction_id"]
                room.note(row, "excluded", "returned", related=ids[1])
                room.note(other, "excluded", "returned", related=ids[0])
                break


def _fail(room: Room) -> None:
    for row in room.everyone():
        if is_dead(row):
            room.note(row, "excluded", "failed")


def _event(row: Row) -> tuple[Any, ...] | None:
    """What makes two rows of one side the same event."""
    common = row["processor"], row["event_class"], row["currency"], row["gross"]
    if row["processor_reference"]:
        return (*common, "id", row["processor_reference"])
    if words := normalised(row["reference"]):
        return (*common, "reference", words, row["business_date"], row["authorization_code"])
    return None


def _matched_with_id(room: Room, side: list[Row], row: Row) -> str | None:
    """The oldest matched row of the side that carries the row's processor id."""
    same = ("processor_reference", "processor", "currency", "event_class", "direction")
    if not row["one_per_id"] or not row["processor_reference"]:
        return None
    for other in sorted(side, key=age):
        if all(row[name] == other[name] for name in same) and _is_matched(room, other):
            return str(other["transaction_id"])
    return None


def _duplicates(room: Room) -> None:
    for side in (room.left, room.right):
        first: dict[tuple[Any, ...], str] = {}
        for row in [row for row in sorted(side, key=age) if _is_matched(room, row)]:
            if event := _event(row):
                first.setdefault(event, row["transaction_id"])
        for row in sorted(side, key=age):
            event = _event(row)
            if not room.is_open(row) or event is None:
                continue
            once = _matched_with_id(room, side, row)
            if event in first or once:
                room.note(row, "excluded", "duplicate", related=once or first[event])
            else:
                first[event] = row["transaction_id"]


def _is_matched(room: Room, row: Row) -> bool:
    outcome = room.found.get(row["transaction_id"])
    return outcome is not None and outcome.state in MATCHED


def _exact_name(room: Room, row: Row) -> tuple[Any, ...] | None:
    """The id under which the other side should have the row."""
    rule = rule_for(room, row, 1)
    if rule is None or not takes(rule, row) or row["transaction_id"] in room.hands_off:
        return None
    key = key_of(rule, row)
    return (rule["rule_id"], row["processor"], row["event_class"], key) if key else None


def _conflicts_opposite(room: Room) -> None:
    for row in room.everyone():
        name = _exact_name(room, row)
        others = room.right if row["role"] == "left" else room.left
        conflicts = [o for o in others if o["exclusion"] == "key_conflict"]
        same = [o["transaction_id"] for o in conflicts if name and _exact_name(room, o) == name]
        if same:
            room.note(row, "ambiguous", "conflict_opposite", rivals=len(same), related=min(same))


def _other_currency(room: Room) -> None:
    """The same id in another currency, the oldest beside the oldest."""
    sides: list[dict[tuple[Any, ...], list[Row]]] = []
    for rows in (room.left, room.right):
        by_name: dict[tuple[Any, ...], list[Row]] = {}
        for row in sorted(rows, key=age):
            if room.is_open(row) and (name := _exact_name(room, row)):
                by_name.setdefault(name, []).append(row)
        sides.append(by_name)
    for shared in sides[0].keys() & sides[1].keys():
        for left, right in zip(sides[0][shared], sides[1][shared], strict=False):
            if left["currency"] != right["currency"]:
                ids = left["transaction_id"], right["transaction_id"]
                room.note(left, "ambiguous", "other_currency", rivals=1, related=ids[1])
                room.note(right, "ambiguous", "other_currency", rivals=1, related=ids[0])


def due(room: Room, row: Row) -> date:
    """When the counterpart is due, by the most exact line of the settlement calendar."""
    lines = [
        line
        for line in room.seeds["settlement_calendars"]
        if (line["reconciliation"], line["side"]) == (room.name, row["side"])
        and line["processor"] in ("*", row["processor"])
        and line["event_type"] in ("*", row["event_type"])
    ]
    line = min(lines, key=lambda line: (line["processor"] == "*", line["event_type"] == "*"))
    booked: date = row["business_date"]
    if row["status"] == "pending":
        return booked + timedelta(days=line["pending_days"])
    start: date = row["expected_on"] or booked
    wait = line["grace_days"] if row["expected_on"] else line["due_days"]
    if not line["in_business_days"]:
        start, wait = start + timedelta(days=wait), 0
    return _open_day(room, line["calendar"], start, wait)


def _open_day(room: Room, calendar: str, start: date, wait: int) -> date:
    """The so-manieth open day after a day; with no wait the day itself, or the next open one."""
    number, day = room.days[calendar], start
    before = number[start - timedelta(days=1)]
    wanted = number[start] + wait if wait else before + 1
    while number[day] < wanted:
        day += timedelta(days=1)
    return day


def _wait(room: Room, as_of: datetime) -> None:
    for row in [row for row in room.everyone() if room.is_open(row)]:
        day = due(room, row)
        if as_of.date() <= day:
            reason = "pending" if row["status"] == "pending" else "not_due"
            room.note(row, "expected", reason, expected_by=day)
        elif row["transaction_id"] in room.hands_off:
            room.note(row, "missing", "taken_apart", expected_by=day)
        else:
            room.note(row, "missing", "no_counterpart", expected_by=day)


def reconcile(
    transactions: list[Row], decisions: list[Row], seeds: Seeds, as_of: datetime
) -> Reconciled:
    """The outcome of every transaction in every reconciliation it is in the scope of."""
    reconciled = Reconciled()
    steps = sorted({rule["step"] for rule in seeds["match_rules"] if rule["pass"] == 2})
    for room in rooms(transactions, seeds, open_days(seeds), as_of):
        match_by_hand(room, [d for d in decisions if d["decided_at"] <= as_of])
        match_on_key(room, 1)
        for step in steps:
            match_on_key(room, 2, step)
        match_near(room)
        match_groups(room)
        match_sums(room)
        for judge in (_exclude, _rivals, _net_returns, _fail, _duplicates):
            judge(room)
        _conflicts_opposite(room)
        _other_currency(room)
        _wait(room, as_of)
        reconciled.outcomes.update({(room.name, n): found for n, found in room.found.items()})
        reconciled.not_searched.update((room.name, name) for name in room.not_searched)
    return reconciled

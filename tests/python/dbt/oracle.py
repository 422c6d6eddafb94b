"""The matching room once more, row by row: what each transaction should become.

In: the rows of the mart `transactions`, people's decisions, the moment. Out: an Outcome for each
(reconciliation, transaction). Written from the rules, not from the models: loops over sorted
lists, no groups, no windows. Slow, and easy to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]
PUNCTUATION = " -_./:;,#*()[]{}|+&\"'"
EVENTS = ("charge", "refund", "chargeback", "chargeback_reversal", "adjustment", "unknown")
DEAD = ("failed", "canceled")


@dataclass(frozen=True)
class Outcome:
    """Matched in a pass with a partner, or open in a state for a reason."""

    state: str
    reason: str = ""
    match_pass: int | None = None
    partner: str | None = None
    related: str | None = None
    rivals: int = 0
    expected_by: date | None = None


@dataclass(frozen=True)
class Room:
    """One reconciliation of one tenant, while it is being worked on."""

    name: str
    left: list[Row]
    right: list[Row]
    found: dict[str, Outcome]

    def everyone(self) -> list[Row]:
        """Both sides, oldest first."""
        return sorted(self.left + self.right, key=age)

    def is_left(self, row: Row) -> bool:
        """Whether the row is on the left."""
        return row in self.left

    def pair(self, left: Row, right: Row, match_pass: int) -> None:
        """Notes a match."""
        ids = left["transaction_id"], right["transaction_id"]
        self.found[ids[0]] = Outcome("matched", match_pass=match_pass, partner=ids[1])
        self.found[ids[1]] = Outcome("matched", match_pass=match_pass, partner=ids[0])

    def note(self, row: Row, state: str, reason: str, **more: Any) -> None:
        """Notes an open row, unless something was found before."""
        self.found.setdefault(row["transaction_id"], Outcome(state, reason, **more))

    def is_open(self, row: Row) -> bool:
        """Whether nothing was found for the row yet."""
        return row["transaction_id"] not in self.found


def age(row: Row) -> tuple[date, datetime, str]:
    return row["business_date"], row["occurred_at"], row["transaction_id"]


def normalised(text: str | None) -> str | None:
    """A reference without case, blanks and punctuation."""
    kept = "".join(c for c in text or "" if c not in PUNCTUATION)
    return "".join(c.upper() if "a" <= c <= "z" else c for c in kept) or None


def sign(row: Row) -> int:
    """-1, 0 or 1: the direction of the money as the right side would sign it."""
    amount = int(row["signed"])
    return (amount > 0) - (amount < 0)


def event_class(row: Row) -> str:
    return "payout" if row["room"] == "payout_bank" else str(row["event_type"])


def key_of(room: Room, number: int) -> Callable[[Row], str | None]:
    if room.name == "books_processor":
        if number == 1:
            return lambda row: row["processor_reference"] or None
        return lambda row: normalised(row["reference"])
    column = "processor_reference" if number == 1 else "trace_reference"
    return lambda row: normalised(row[column])


def _days(left: Row, right: Row) -> int:
    return abs(int((left["business_date"] - right["business_date"]).days))


def _clusters(rows: list[Row], window: int | None) -> Iterable[list[Row]]:
    """Rows in date order, cut where more days lie between two than the window."""
    cluster: list[Row] = []
    for row in sorted(rows, key=age):
        if cluster and window is not None and _days(cluster[-1], row) > window:
            yield cluster
            cluster = []
        cluster.append(row)
    if cluster:
        yield cluster


def match_on_key(room: Room, number: int, hands_off: set[str]) -> None:
    """Pass 1 or 2: pairs what has one key, or notes the rivals."""
    key, window = key_of(room, number), None if number == 1 else 14
    waiting: dict[tuple[Any, ...], list[Row]] = {}
    for row in room.everyone():
        is_dead = row["status"] in DEAD
        skip = row["has_conflict"] or row["event_type"] == "unknown" or not row["processor"]
        if not room.is_open(row) or skip or row["transaction_id"] in hands_off or not key(row):
            continue
        if is_dead and number == 2:
            continue
        name = row["processor"], event_class(row), sign(row), row["currency"], key(row)
        waiting.setdefault(name, []).append(row)
    for rows in waiting.values():
        alive = [row for row in rows if _is_best_alive(room, row, rows)]
        for cluster in _clusters(alive, window):
            _match_cluster(room, cluster, number, window)


def _is_best_alive(room: Room, row: Row, rows: list[Row]) -> bool:
    side = [other for other in rows if room.is_left(other) == room.is_left(row)]
    return row["status"] not in DEAD or all(other["status"] in DEAD for other in side)


def _match_cluster(room: Room, rows: list[Row], number: int, window: int | None) -> None:
    left = [row for row in rows if room.is_left(row)]
    right = [row for row in rows if not room.is_left(row)]
    for one_day in (True, False):
        too_far: list[Row] = []
        for row in list(left):
            equals = [o for o in right if o["signed"] == row["signed"] and o not in too_far]
            if one_day:
                equals = [o for o in equals if o["business_date"] == row["business_date"]]
            if not equals:
                continue
            other = equals[0]
            if window is not None and _days(row, other) > window:
                too_far.append(other)  # its turn is over: the pair is refused, not shifted
                continue
            room.pair(row, other, number)
            left.remove(row)
            right.remove(other)
    if len(left) == 1 and len(right) == 1:
        is_equal = left[0]["signed"] == right[0]["signed"]
        is_near = window is None or _days(left[0], right[0]) <= window
        if is_near and (number == 1 or is_equal):
            room.pair(left[0], right[0], number)
            return
    if left and right:
        for row in left:
            room.note(row, "ambiguous", "rivals", rivals=len(right))
        for row in right:
            room.note(row, "ambiguous", "rivals", rivals=len(left))


def match_by_hand(room: Room, decisions: list[Row]) -> set[str]:
    """Pass 0. Returns the ids no rule may touch."""
    latest = {
        (d["left_native_id"], d["right_native_id"]): d
        for d in sorted(decisions, key=lambda d: d["decided_at"])
        if d["reconciliation"] == room.name
    }
    named = []
    for (left_id, right_id), decision in latest.items():
        pairs = [
            [row for row in side if row["native_id"] == native_id and _may_match(row)]
            for side, native_id in ((room.left, left_id), (room.right, right_id))
        ]
        if len(pairs[0]) != 1 or len(pairs[1]) != 1:
            continue
        left, right = pairs[0][0], pairs[1][0]
        if decision["action"] == "match" and left["currency"] != right["currency"]:
            continue
        named.append((decision, left, right))
    matches = [n for n in named if n[0]["action"] == "match"]
    newest: dict[str, Row] = {}
    for decision, left, right in sorted(matches, key=lambda n: n[0]["decided_at"]):
        newest[left["transaction_id"]] = newest[right["transaction_id"]] = decision
    for decision, left, right in matches:
        if newest[left["transaction_id"]] is newest[right["transaction_id"]] is decision:
            room.pair(left, right, 0)
    return {row["transaction_id"] for _, *rows in named for row in rows}


def _may_match(row: Row) -> bool:
    return not row["has_conflict"] and row["event_type"] != "unknown"


def rooms(transactions: list[Row], tenant: str) -> list[Room]:
    """The two reconciliations of a tenant with the rows in their scope."""
    mine = [row for row in transactions if row["tenant_id"] == tenant]

    def side(room: str, party: str, types: tuple[str, ...], factor: int) -> list[Row]:
        rows = [row for row in mine if row["side"] == party and row["event_type"] in types]
        return [{**row, "room": room, "signed": row["amount_minor"] * factor} for row in rows]

    lines = side("payout_bank", "bank", ("deposit", "withdrawal"), 1)
    return [
        Room(
            "books_processor",
            side("books_processor", "internal", EVENTS, 1),
            side("books_processor", "processor", EVENTS, 1),
            {},
        ),
        Room(
            "payout_bank",
            side("payout_bank", "processor", ("payout", "payout_reversal"), -1),
            [row for row in lines if row["processor"]],
            {},
        ),
    ]


def due(row: Row) -> date:
    """When the counterpart is due: the settlement calendar of the seed, in words."""
    pending = timedelta(days=30)
    if row["status"] == "pending":
        return row["business_date"] + pending  # type: ignore[no-any-return]
    if row["room"] == "books_processor":
        days = 1 if row["side"] == "processor" else 5 if row["event_type"] == "chargeback" else 2
        return row["business_date"] + timedelta(days=days)  # type: ignore[no-any-return]
    if row["side"] == "bank":
        return row["business_date"] + timedelta(days=3)  # type: ignore[no-any-return]
    day: date = row["business_date"] + timedelta(days=5)
    if row["expected_on"]:
        day = row["expected_on"] + timedelta(days=2)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

"""What an honest accountant gets from the story by hand: the answers the marts are held against.

In: the story (never the SQL, never the marts). Out: EXPECTED, written to expected.json.
Who is matched with whom and why something stays open is written down here by hand; sums are plain
arithmetic on the story's whole minor units. A check at the end refuses a story with a loose end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from samples.story.bank import NEVER_ARRIVED, STATEMENTS, WITHOUT_TRACE
from samples.story.books import BOOKS, QUARANTINED, Entry
from samples.story.orders import PHONE, major
from samples.story.processor import ACTIVITY, PAYOUTS, WITHHELD, Movement

EVENT_TYPES = {
    "charge": "charge",
    "refund": "refund",
    "dispute": "chargeback",
    "dispute_reversal": "chargeback_reversal",
    "fee": "fee",
    "terminal_rental": "unknown",
}
# Why a row of the own books is in no match: state, reason.
OPEN_IN_BOOKS = {
    "bk_5021": ("missing", "no_counterpart"),
    "bk_5023b": ("excluded", "duplicate"),
    "bk_5027": ("ambiguous", "other_currency"),
    "bk_5040": ("excluded", "key_conflict"),
    "bk_5046": ("ambiguous", "rivals"),
    "bk_5058": ("expected", "not_due"),
}
OPEN_AT_PROCESSOR = {
    "txn_kw5014": ("missing", "no_counterpart"),
    "txn_kw5027": ("ambiguous", "other_currency"),
    "txn_kw5040": ("ambiguous", "conflict_opposite"),
    "txn_kw5044": ("missing", "no_counterpart"),
    "txn_kw5046a": ("ambiguous", "rivals"),
    "txn_kw5046b": ("ambiguous", "rivals"),
    "txn_kwx1022": ("excluded", "unknown_event_type"),
}
# kind, native id, currency, amount at risk in minor units
BREAKS = (
    ("ambiguous", "bk_5046", "EUR", 3100),
    ("ambiguous", "txn_kw5040", "EUR", 5500),
    ("ambiguous", "txn_kw5046a", "EUR", 3050),
    ("ambiguous", "txn_kw5046b", "EUR", 3150),
    ("amount_differs", "bk_5019", "EUR", 6490 - 4690),
    ("currency_differs", "bk_5027", "USD", 8400),
    ("duplicate", "bk_5023b", "EUR", 6450),
    ("fee_differs", "bk_5009", "EUR", 42 - 41),
    ("in_suspense", "BK1001-1", "EUR", 240000),
    ("in_suspense", "BK1002-1", "EUR", 64000),
    ("in_suspense", "BK1009-1", "EUR", 185000),
    ("in_suspense", "BK1015-1", "EUR", 231000),
    ("in_suspense", "BK1023-1", "EUR", 412000),
    ("in_suspense", "BK1030-1", "EUR", 1450),
    ("in_suspense", "BK1030-2", "USD", 500),
    ("key_conflict", "bk_5040", "EUR", 5750),
    ("missing_at_bank", "txn_po_kw1015eur", "EUR", 16994),
    ("missing_at_processor", "bk_5021", "EUR", 980),
    ("missing_internally", "txn_kw5014", "EUR", 1548),
    ("missing_internally", "txn_kw5044", "EUR", 4190),
    ("payout_does_not_tie", "txn_po_kw1012eur", "EUR", WITHHELD),
    ("status_differs", "bk_5020", "EUR", 2280),
    ("unfunded_redemption", "9011", "EUR", 250),
    ("unknown_event_type", "txn_kwx1022", "EUR", 400),
)
BY_HAND = ("bk_5038", "txn_kw5038")

Row = dict[str, Any]


def booked() -> list[Entry]:
    """The rows of the own books that can be read."""
    return [entry for entry in BOOKS if entry.native_id != QUARANTINED]


def _pass_of(entry: Entry) -> int | None:
    if entry.native_id == BY_HAND[0]:
        return 0
    if entry.native_id in OPEN_IN_BOOKS:
        return None
    return 2 if entry.native_id in {f"bk_{number}" for number in PHONE} else 1


def _counterpart(entry: Entry, movements: dict[str, Movement]) -> Movement:
    """bk_5001 and txn_kw5001 are the same event, bk_r5005 and txn_kwr5005 too."""
    return movements["txn_kw" + entry.native_id.removeprefix("bk_")]


def _sums(rows: Iterable[tuple[tuple[Any, ...], int]]) -> dict[tuple[Any, ...], tuple[int, int]]:
    counts: Counter[tuple[Any, ...]] = Counter()
    amounts: Counter[tuple[Any, ...]] = Counter()
    for key, amount in rows:
        counts[key] += 1
        amounts[key] += amount
    return {key: (counts[key], amounts[key]) for key in sorted(counts)}


def transactions() -> list[Row]:
    """Count and amount by source, event type and currency."""
    rows = [(("internal", e.event_type, e.currency), e.amount) for e in booked()]
    rows += [(("stripe", EVENT_TYPES[m.category], m.currency), m.gross) for m in ACTIVITY]
    rows += [(("stripe", "payout", p.currency), -p.amount) for p in PAYOUTS]
    for statement in STATEMENTS:
        for line in statement.lines:
            if not line.is_pending:
                kind = "deposit" if line.amount > 0 else "withdrawal"
                rows.append((("bank", kind, statement.currency), line.amount))
    return [
        {"source": key[0], "event_type": key[1], "currency": key[2], **_told(n, amount, key[2])}
        for key, (n, amount) in _sums(rows).items()
    ]


def matches() -> list[Row]:
    """Matches and amounts of both sides by reconciliation, pass and currency."""
    movements = {movement.native_id: movement for movement in ACTIVITY}
    found: Counter[tuple[str, int, str, str]] = Counter()
    for entry in booked():
        if (number := _pass_of(entry)) is not None:
            right = _counterpart(entry, movements)
            key = ("books_processor", number, entry.currency)
            found[*key, "matches"] += 1
            found[*key, "left"] += entry.amount
            found[*key, "right"] += right.gross
    for payout in PAYOUTS:
        if payout.status == "paid" and payout.payout_id != NEVER_ARRIVED:
            key = ("payout_bank", 1 if payout.payout_id == WITHOUT_TRACE else 2, payout.currency)
            found[*key, "matches"] += 1
            found[*key, "left"] += payout.amount
            found[*key, "right"] += payout.amount
    keys = sorted({key[:3] for key in found})
    return [
        {
            "reconciliation": key[0],
            "pass": key[1],
            "currency": key[2],
            "matches": found[*key, "matches"],
            "left_amount": major(found[*key, "left"], key[2]),
            "right_amount": major(found[*key, "right"], key[2]),
            "difference": major(found[*key, "right"] - found[*key, "left"], key[2]),
        }
        for key in keys
    ]


def open_items() -> list[Row]:
    """Every transaction in no match, with its state and reason."""
    rows = [
        ("books_processor", entry.native_id, entry.amount, entry.currency, *why)
        for entry in booked()
        if (why := OPEN_IN_BOOKS.get(entry.native_id))
    ]
    rows += [
        ("books_processor", movement.native_id, movement.gross, movement.currency, *why)
        for movement in ACTIVITY
        if (why := OPEN_AT_PROCESSOR.get(movement.native_id))
    ]
    for payout in PAYOUTS:
        if payout.payout_id == NEVER_ARRIVED or payout.status == "in_transit":
            in_time = payout.arrives_on > date(2026, 10, 31)
            why = ("expected", "not_due") if in_time else ("missing", "no_counterpart")
            native_id = payout.payout_id.replace("po_", "txn_po_")
            rows.append(("payout_bank", native_id, -payout.amount, payout.currency, *why))
    return [
        {
            "reconciliation": row[0],
            "native_id": row[1],
            "currency": row[3],
            "amount": major(row[2], row[3]),
            "state": row[4],
            "reason_code": row[5],
        }
        for row in sorted(rows)
    ]


def breaks() -> list[Row]:
    """Every break."""
    return [
        {"kind": kind, "native_id": native_id, "currency": c, "amount_at_risk": major(amount, c)}
        for kind, native_id, c, amount in BREAKS
    ]


def payouts() -> list[Row]:
    """Every payout: what it paid, what its rows explain, how far it came."""
    rows = []
    for payout in PAYOUTS:
        members = [m for m in ACTIVITY if m.payout_id == payout.payout_id]
        explained = sum(member.net for member in members)
        state = "in_transit" if payout.status == "in_transit" else "reached_bank"
        rows.append(
            {
                "payout_id": payout.payout_id,
                "currency": payout.currency,
                "amount": major(payout.amount, payout.currency),
                "explained": major(explained, payout.currency),
                "unexplained": major(payout.amount - explained, payout.currency),
                "member_count": len(members),
                "state": "missing_at_bank" if payout.payout_id == NEVER_ARRIVED else state,
            }
        )
    return rows


def check() -> None:
    """Refuses a story with a loose end: each row is matched or open, never both, never neither."""
    movements = {movement.native_id: movement for movement in ACTIVITY}
    matched = [_counterpart(e, movements).native_id for e in booked() if _pass_of(e) is not None]
    compared = [m.native_id for m in ACTIVITY if EVENT_TYPES[m.category] != "fee"]
    if sorted([*matched, *OPEN_AT_PROCESSOR]) != sorted(compared):
        raise AssertionError("a processor row is neither matched nor open, or both")
    for movement in ACTIVITY:
        if movement.net != movement.gross - movement.fee:
            raise AssertionError(f"{movement.native_id}: net is not gross less fee")


def _told(count: int, amount: int, currency: str) -> Row:
    return {"count": count, "amount": major(amount, currency)}

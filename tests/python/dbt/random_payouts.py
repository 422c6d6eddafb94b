"""Random payouts, hard on purpose: shared ids, failed and told twice, own returns, groups of lines.

In: a seed. Out: rows of the marts that the payouts room reads. Amounts repeat and days are few, so
that ties are common.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]

FIRST = date(2026, 8, 28)
SOURCES = ("stripe", "adyen", "square", "rede", "paypal")
CURRENCIES = ("EUR", "JPY", "KWD")
KINDS = (
    ("charge", "charge"),
    ("refund", "refund"),
    ("chargeback", "dispute"),
    ("fee", "terminal_rental"),
    ("adjustment", None),
    ("reserve_hold", "risk_reserved_funds"),
    ("reserve_release", "unscheduled"),
    ("reserve_applied", None),
    ("payout_reversal", "payout_failure"),
    ("unknown", "payment"),
)


@dataclass
class PayoutWorld:
    """What the room reads."""

    transactions: list[Row] = field(default_factory=list)
    matches: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    unposted: list[Row] = field(default_factory=list)
    periods: list[Row] = field(default_factory=list)
    stated: list[Row] = field(default_factory=list)


def world(seed: int, ids: int = 120) -> PayoutWorld:
    """A world of `ids` payout ids."""
    draw, made = random.Random(seed), PayoutWorld()
    for number in range(ids):
        _payout_id(made, draw, number)
    _at_the_bank(made, draw)
    for row in made.transactions:
        if row["side"] == "processor" and draw.random() < 0.05:
            made.unposted.append({"transaction_id": row["transaction_id"], "tenant_id": "t"})
    made.periods = [
        {"tenant_id": tenant, "period": date(2026, month, 1), "account_code": code, "role": role}
        for tenant in ("t", "u")
        for month in range(7, 13)
        for code, role in (("1000", "bank"), ("1110", "balance"), ("1130", "reserve"))
    ]
    made.stated = _stated(made)
    return made


def _stated(made: PayoutWorld) -> list[Row]:
    """One account's balances of one month; of the same two other reports tell no whole month."""
    left_out = {row["transaction_id"] for row in made.unposted}
    row = next(row for row in made.transactions if row["transaction_id"] not in left_out)
    first = row["business_date"].replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    told = (
        (first, after - timedelta(days=1), 100, 7),
        (after, after + timedelta(days=27), 3, 3),
        (first, after - timedelta(days=2), 4, 4),
    )
    shared = {n: row[n] for n in ("tenant_id", "source", "source_account", "currency")}
    return [
        {
            **shared,
            "told_in": f"d{place}",
            "from_day": begins.isoformat(),
            "to_day": ends.isoformat(),
            "opening_minor": opening,
            "closing_minor": closing,
        }
        for place, (begins, ends, opening, closing) in enumerate(told)
    ]


def _payout_id(made: PayoutWorld, draw: random.Random, number: int) -> None:
    shared = {
        "tenant_id": draw.choice(("t", "t", "u")),
        "source": draw.choice(SOURCES),
        "source_account": draw.choice("ab"),
        "currency": draw.choice(CURRENCIES),
        "payout_id": draw.choice((f"po_{number}", f"po_{number // 2}", None)),
    }
    big = 10**12 if draw.random() < 0.05 else 1
    members = [
        _movement(made, draw, shared, big) for _ in range(draw.choice((0, 0, 1, 2, 3, 5, 8)))
    ]
    total = sum(row["net_minor"] for row in members)
    parts = draw.choice((1, 1, 1, 2, 3))
    for part in range(parts):
        amount = total if part == 0 and parts == 1 else draw.randint(-3, 9) * 100 * big
        fee = draw.choice((0, 0, 0, 25))
        off = draw.choice((0, 0, 0, 1, -1, 100))
        row = _row(made, draw, shared, "payout", None, -(amount - fee + off), fee)
        row["status"] = draw.choice(("settled", "settled", "settled", "failed", "canceled"))
        row["has_conflict"] = draw.random() < 0.1
        if draw.random() < 0.3:
            back = _row(made, draw, shared, "payout_reversal", None, -row["amount_minor"], 0)
            back["processor_reference"] = shared["payout_id"]


def _movement(made: PayoutWorld, draw: random.Random, shared: Row, big: int) -> Row:
    event, native = draw.choice(KINDS)
    out = event in ("refund", "chargeback", "fee", "reserve_hold")
    amount = draw.choice((100, 250, 999, 1000, 3333)) * big * (-1 if out else 1)
    row = _row(made, draw, shared, event, native, amount, draw.choice((0, 3, 30)))
    if event == "payout_reversal":
        row["processor_reference"] = draw.choice((shared["payout_id"], "po_earlier", None))
    if draw.random() < 0.1:
        row["currency"] = draw.choice(CURRENCIES)
    return row


def _row(
    made: PayoutWorld,
    draw: random.Random,
    shared: Row,
    event: str,
    native: str | None,
    amount: int,
    fee: int,
) -> Row:
    day = FIRST + timedelta(days=draw.randint(0, 70))
    row = {
        **shared,
        "transaction_id": f"x{draw.randrange(10**9):09d}_{len(made.transactions)}",
        "side": "processor",
        "processor": shared["source"],
        "native_id": f"n{len(made.transactions)}",
        "event_type": event,
        "native_type": native,
        "status": "settled",
        "amount_minor": amount,
        "fee_minor": fee,
        "net_minor": amount - fee,
        "business_date": day,
        "occurred_at": datetime(day.year, day.month, day.day),
        "has_conflict": False,
    }
    made.transactions.append(row)
    return row


def _at_the_bank(made: PayoutWorld, draw: random.Random) -> None:
    """Some payouts and returns on some lines, in groups of one tenant and currency."""
    waiting: dict[tuple[str, str], list[Row]] = {}
    for row in made.transactions:
        if row["event_type"] in ("payout", "payout_reversal") and draw.random() < 0.7:
            waiting.setdefault((row["tenant_id"], row["currency"]), []).append(row)
    for (tenant, currency), rows in waiting.items():
        while rows:
            lefts = [rows.pop() for _ in range(min(len(rows), draw.choice((1, 1, 1, 2, 3))))]
            paid = -sum(row["amount_minor"] for row in lefts)
            amounts = [draw.randint(-5, 5) * 10 for _ in range(draw.choice((0, 0, 0, 1, 2)))]
            amounts.append(paid - sum(amounts) + draw.choice((0, 0, 0, -7, 7)))
            shared = {
                "tenant_id": tenant,
                "source": "bank",
                "source_account": "IBAN",
                "currency": currency,
                "payout_id": None,
            }
            rights = [_row(made, draw, shared, "deposit", None, amount, 0) for amount in amounts]
            for row in rights:
                row["side"], row["processor"] = "bank", lefts[0]["processor"]
            _match(made, draw, lefts, rights)


def _match(made: PayoutWorld, draw: random.Random, lefts: list[Row], rights: list[Row]) -> None:
    match = {
        "match_id": f"m{len(made.matches)}",
        "tenant_id": lefts[0]["tenant_id"],
        "reconciliation": "payout_bank",
        "status": draw.choice(("matched", "matched", "proposed")),
        "difference_minor": sum(r["amount_minor"] for r in rights)
        + sum(r["amount_minor"] for r in lefts),
    }
    made.matches.append(match)
    for role, rows in (("left", lefts), ("right", rights)):
        for row in rows:
            kept = {k: v for k, v in match.items() if k != "difference_minor"}
            made.members.append({**kept, "transaction_id": row["transaction_id"], "role": role})

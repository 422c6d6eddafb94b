"""Random price lists and transactions, with what makes fees go wrong in them on purpose.

In: a seed. Out: schedules, tiers and transactions as dictionaries: halves of a cent, volumes that
end on a tier's edge, amounts of 0 and of billions, prices that change in the middle of a month,
several schedules that fit one transaction, and transactions that none does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
AMOUNTS = (0, 1, 10, 50, 99, 100, 333, 1000, 2500, 10_000, 99_999, 1_000_000, 7_000_000_000_001)
RATES = (0, 1, 100, 5_000, 14_900, 15_000, 29_000, 32_500, 333_333, 1_000_000)
CHANGE = date(2026, 10, 16)


@dataclass(frozen=True)
class Fees:
    """A price list and what was charged for."""

    schedules: list[Row]
    tiers: list[Row]
    rows: list[Row]


def fees(seed: int, schedules: int = 60, rows: int = 500) -> Fees:
    """A world of fees."""
    luck = Random(seed)
    scopes: dict[tuple[str, ...], None] = {}
    while len(scopes) < schedules // 2:
        scopes[_scope(luck)] = None
    made: list[Row] = []
    for number, scope in enumerate(scopes):
        if luck.random() < 0.5:
            made.append(_schedule(luck, f"s{number}", scope, date(2026, 1, 1), None))
        else:
            day = CHANGE - timedelta(days=1)
            made.append(_schedule(luck, f"s{number}a", scope, date(2026, 1, 1), day))
            made.append(_schedule(luck, f"s{number}b", scope, CHANGE, None))
    tiers = [tier for row in made if row["tier_by"] != "none" for tier in _tiers(luck, row)]
    return Fees(made, tiers, [_row(luck, number) for number in range(rows)])


def _scope(luck: Random) -> tuple[str, ...]:
    return (
        luck.choice(["*", "*", "t1", "t2"]),
        luck.choice(["acme", "other"]),
        luck.choice(["*", "*", "a1", "a2"]),
        luck.choice(["*", "charge", "charge", "refund"]),
        luck.choice(["EUR", "EUR", "JPY"]),
        luck.choice(["*", "*", "visa", "amex"]),
        luck.choice(["*", "*", "*", "p1"]),
        luck.choice(["*", "*", "credit", "debit"]),
    )


def _schedule(
    luck: Random, name: str, scope: tuple[str, ...], first: date, last: date | None
) -> Row:
    words = ["tenant_id", "processor", "source_account", "event_type", "currency"]
    words += ["card_brand", "card_product", "card_funding"]
    tier_by = luck.choice(["none", "none", "marginal", "whole"])
    least = luck.choice([None, None, 5, 40])
    return {
        **dict(zip(words, scope, strict=True)),
        "schedule_id": name,
        "valid_from": first,
        "valid_to": last,
        "pricing": luck.choice(["blended", "blended", "interchange_plus"]),
        "tier_by": tier_by,
        "rate_millionths": luck.choice(RATES) if tier_by == "none" else 0,
        "flat_minor": luck.choice([0, 5, 25]) if tier_by == "none" else 0,
        "minimum_minor": least,
        "maximum_minor": luck.choice([None, None, (least or 0) + 50]),
        "monthly_minimum_minor": None,
        "is_returned": scope[3] == "refund" and luck.random() < 0.5,
        "rounding": luck.choice(["half_up", "half_even", "down", "up"]),
        "rounding_unit_minor": luck.choice([1, 1, 1, 10]),
        "tax_millionths": luck.choice([0, 0, 210_000]),
        "tolerance_minor": luck.choice([0, 0, 1]),
        "collected": luck.choice(["netted", "netted", "netted", "invoiced"]),
    }


def _tiers(luck: Random, schedule: Row) -> list[Row]:
    edges = [0, *sorted(luck.sample([100, 1_000, 2_500, 20_000, 1_000_000, 10**13], k=2))]
    return [
        {
            "schedule_id": schedule["schedule_id"],
            "from_minor": edge,
            "rate_millionths": luck.choice(RATES),
            "flat_minor": luck.choice([0, 0, 7]),
        }
        for edge in edges
    ]


def _row(luck: Random, number: int) -> Row:
    kind = luck.choice(["charge", "charge", "charge", "refund", "chargeback"])
    amount = luck.choice(AMOUNTS) if luck.random() < 0.6 else luck.randrange(1, 50_000)
    day = date(2026, 9, 25) + timedelta(days=luck.randrange(45))
    knows = luck.random() < 0.8
    return {
        "transaction_id": f"txn_{number:04}",
        "tenant_id": luck.choice(["t1", "t2", "t3"]),
        "source": "generic",
        "side": "processor",
        "processor": luck.choice(["acme", "acme", "other", "nobody"]),
        "source_account": luck.choice(["a1", "a2", "a3"]),
        "event_type": kind,
        "status": "settled",
        "currency": luck.choice(["EUR", "EUR", "EUR", "JPY", "USD"]),
        "amount_minor": amount if kind == "charge" else -amount,
        "fee_minor": luck.choice([0, 30, 47, -12]),
        "business_date": day,
        "occurred_at": datetime(day.year, day.month, day.day, luck.randrange(24)),
        "has_conflict": False,
        "_document_id": "d",
        "_source_line": number,
        "card_brand": luck.choice([None, "visa", "amex"]),
        "card_product": luck.choice([None, "p1"]),
        "card_funding": luck.choice([None, "credit", "debit"]),
        "interchange_minor": luck.randrange(40) if knows else None,
        "scheme_fee_minor": luck.choice([None, 3]) if knows else None,
    }

"""Worlds of rewards as the allocation leaves them, and what the books must make of them.

In: a seed. Out: rows of lots, redemptions, expiries and reversals over months with holes in them,
of two programs and two currencies; and a plain month-by-month model of roll-forward and breakage.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

Row = dict[str, Any]
Line = tuple[str, str, date]
REASONS = {"estimated": "Referral", "face": "Refund"}
SHARES = {date(2000, 1, 1): 8000, date(2023, 4, 1): 6500}  # expected use of `estimated`, in bps
MONTHS = [date(2023, month, 1) for month in range(1, 13)]


@dataclass
class RewardWorld:
    """One tenant's rows of reward_transactions, reward_allocations and Sales."""

    tenant: str
    transactions: list[Row] = field(default_factory=list)
    allocations: list[Row] = field(default_factory=list)
    sales: list[Row] = field(default_factory=list)

    def row(self, kind: str, amount: int, day: date, **other: Any) -> str:
        """A row of the workbook; returns its id."""
        number = f"{self.tenant}-{len(self.transactions)}"
        self.transactions.append(
            {
                "reward_transaction_id": number,
                "tenant_id": self.tenant,
                "trans_id": number,
                "customer_id": "c",
                "type": kind,
                "currency": "EUR",
                "amount_minor": amount,
                "business_date": day,
                "is_lot": kind == "earned",
                "unfunded_amount_minor": 0,
                **other,
            }
        )
        return number

    def use(self, kind: str, lot: str, amount: int, day: date, **other: Any) -> None:
        """A row that uses a lot, or puts back into it (an amount below zero)."""
        by = self.row(kind, -amount, day, **other)
        self.allocations.append(
            {
                "tenant_id": self.tenant,
                "earned_reward_transaction_id": lot,
                "earned_trans_id": lot,
                "redeemed_reward_transaction_id": by,
                "redeemed_trans_id": by,
                "customer_id": other.get("customer_id", "c"),
                "currency": other.get("currency", "EUR"),
                "redeemed_by": kind,
                "redeemed_on": day,
                "allocated_minor": amount,
            }
        )


def random_world(seed: int) -> RewardWorld:
    """Lots of two programs, used up, expired and put back on days after them; some months rest."""
    chance = random.Random(seed)
    world = RewardWorld(f"random_{seed}")
    for _ in range(30):
        program = chance.choice(list(REASONS))
        named = {"customer_id": chance.choice("abc"), "currency": chance.choice(("EUR", "JPY"))}
        day = date(2023, chance.choice((1, 2, 4, 7)), chance.randint(1, 28))
        left = chance.randint(1, 3000)
        lot = world.row("earned", left, day, reason=REASONS[program], **named)
        used: list[tuple[str, int]] = []
        for _ in range(chance.randint(0, 4)):
            day += timedelta(chance.randint(0, 20))
            if used and chance.random() < 0.3:
                undone, amount = used.pop(chance.randrange(len(used)))
                back = chance.randint(1, amount)
                world.use("reversed", lot, -back, day, reversed_type=undone, **named)
                left += back
            elif left:
                kind, amount = chance.choice(("spent", "spent", "expired")), chance.randint(1, left)
                world.use(kind, lot, amount, day, **named)
                used.append((kind, amount))
                left -= amount
    return world


def example_52() -> RewardWorld:
    """The standard's example: 100 000 of sales, 10 000 points; 4 500 and then 4 000 are used."""
    world = RewardWorld("example")
    yen = {"currency": "JPY"}
    lot = world.row("earned", 10000, date(2023, 1, 5), reason="Order", order_id="o1", **yen)
    world.use("spent", lot, 4500, date(2023, 1, 20), **yen)
    world.use("spent", lot, 4000, date(2023, 2, 20), **yen)
    world.sales.append({"order_id": "o1", "currency": "JPY", "gross_sales_minor": 100000})
    return world


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def roll_forward(world: RewardWorld) -> dict[tuple[str, date], tuple[int, ...]]:
    """Opening, earned, spent, expired, reversed, closing by currency and month, without holes."""
    moved: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in world.transactions:
        moved[row["currency"], month_of(row["business_date"])][0] += (
            row["amount_minor"] if row["is_lot"] else 0
        )
    place = {"spent": 1, "expired": 2, "reversed": 3}
    for row in world.allocations:
        figures = moved[row["currency"], month_of(row["redeemed_on"])]
        figures[place[row["redeemed_by"]]] += abs(row["allocated_minor"])
    found, balance = {}, defaultdict(int)
    for currency in {currency for currency, _ in moved}:
        mine = [month for name, month in moved if name == currency]
        for month in MONTHS:
            if min(mine) <= month <= max(mine):
                earned, spent, expired, back = moved[currency, month]
                opening = balance[currency]
                balance[currency] += earned - spent - expired + back
                figures_of = (opening, earned, spent, expired, back, balance[currency])
                found[currency, month] = figures_of
    return found


def breakage(world: RewardWorld) -> dict[Line, tuple[int, int, int]]:
    """By program, currency and month: open lots, expired to date, proportional breakage to date."""
    lots = {row["trans_id"]: row for row in world.transactions if row["is_lot"]}
    types = {row["trans_id"]: row.get("reversed_type") for row in world.transactions}
    programs = {reason: program for program, reason in REASONS.items()}
    last = max(
        [month_of(row["business_date"]) for row in world.transactions]
        + [month_of(row["redeemed_on"]) for row in world.allocations]
    )
    found: dict[Line, tuple[int, int, int]] = {}
    for program, currency in {(programs[r["reason"]], r["currency"]) for r in lots.values()}:
        mine = [
            r
            for r in lots.values()
            if (programs[r["reason"]], r["currency"]) == (program, currency)
        ]
        ids = {r["trans_id"] for r in mine}
        first = min(month_of(r["business_date"]) for r in mine)
        for month in [m for m in MONTHS if first <= m <= last]:
            earned = sum(r["amount_minor"] for r in mine if month_of(r["business_date"]) <= month)
            used = {"spent": 0, "expired": 0}
            for row in world.allocations:
                if row["earned_trans_id"] in ids and month_of(row["redeemed_on"]) <= month:
                    kind = types[row["redeemed_trans_id"]] or row["redeemed_by"]
                    used[kind] += row["allocated_minor"]
            bps = max((day, share) for day, share in SHARES.items() if day <= month)[1]
            bps = bps if program == "estimated" else 10000
            found[program, currency, month] = _recognised(
                earned, used["spent"], used["expired"], bps
            )
    return found


def _recognised(earned: int, redeemed: int, expired: int, bps: int) -> tuple[int, int, int]:
    expected = _half_up(Fraction(earned * bps, 10000))
    expected = min(max(expected, redeemed), earned - expired)
    broken = earned
    if expected:
        broken = _half_up(Fraction((earned - expected) * redeemed, expected))
    return earned - redeemed - expired, expired, max(broken, expired)


def _half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))

"""The rewards programme's workbook: five customers, every way a balance can be used up.

In: nothing. Out: REWARDS, SALES, CUSTOMERS (sheet rows) and the workbook as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

REWARDS_FILE = "thrive_cash_2026-10.xlsx"


@dataclass(frozen=True)
class Reward:
    """One row of TC_Data; amount in cents, earned is +, spent and expired are -."""

    trans_id: int
    kind: str
    created_at: datetime
    expires_at: datetime | None
    customer_id: int
    order_id: int | None
    amount: int
    reason: str


def _at(day: int, hour: int, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, 15, 30)  # noqa: DTZ001 (a workbook cell has no zone)


def _earned(trans_id: int, day: int, customer: int, amount: int, reason: str) -> Reward:
    return Reward(
        trans_id, "earned", _at(day, 10), _at(day, 10, 11), customer, None, amount, reason
    )


def _used(
    trans_id: int, day: int, customer: int, amount: int, order_id: int | None = None
) -> Reward:
    kind = "spent" if order_id else "expired"
    return Reward(trans_id, kind, _at(day, 16), None, customer, order_id, -amount, "")


REWARDS: tuple[Reward, ...] = (
    # 40001: one order uses up a lot and a part of the next.
    _earned(9001, 2, 40001, 1000, "Delivered, not received"),
    _earned(9004, 6, 40001, 500, "Refund"),
    _used(9008, 12, 40001, 1200, 5024),
    # 40002: expires unused.
    _earned(9002, 3, 40002, 800, "Welcome"),
    _used(9016, 30, 40002, 800),
    # 40003: two orders share a lot; the second also takes the next lot.
    _earned(9003, 4, 40003, 400, "Refund"),
    _earned(9006, 9, 40003, 600, "Damaged item"),
    _used(9007, 10, 40003, 300, 5019),
    _used(9010, 14, 40003, 700, 5027),
    # 40004: spends 2.50 two days before anything was earned: unfunded, a break.
    _used(9011, 18, 40004, 250, 5033),
    _earned(9012, 20, 40004, 500, "Welcome"),
    _used(9014, 25, 40004, 100, 5045),
    # 40005: two lots of the same second, told apart by TRANS_ID; one is left.
    _earned(9013, 21, 40005, 150, "Refer a friend"),
    _earned(9017, 21, 40005, 150, "Refer a friend"),
    _used(9015, 28, 40005, 150, 5052),
)
SALES = (
    (5019, 40003, "46.90", "1.2"),
    (5024, 40001, "27.00", "0.5"),
    (5027, 40003, "84.00", "3.1"),
    (5033, 40004, "12.60", "0.1"),
    (5045, 40004, "64.50", "1.4"),
    (5052, 40005, "108.00", "2.8"),
)
CUSTOMERS = (
    (40001, "abel@example.com", "Abel", "1012"),
    (40002, "bea@example.com", "Bea", "3011"),
    (40003, "cato@example.com", "Cato", "9712"),
    (40004, "dirk@example.com", "Dirk", "6211"),
    (40005, "evi@example.com", "Evi", "5611"),
)

"""Balance summaries and items of payouts, worked out row by row: no SQL and no code of the models.

In: a PayoutWorld. Out: what the marts must say, by key.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.python.dbt.payout_oracle import Told, category
from tests.python.dbt.random_payouts import PayoutWorld

Line = tuple[int, int, int, int]  # count, gross, fee, net
PAYOUTS = ("payout", "payout_reversal")


def summaries(world: PayoutWorld) -> dict[tuple[Any, ...], Line]:
    """Every line of every account's months, balances at both ends included."""
    left_out = {row["transaction_id"] for row in world.unposted}
    moved: dict[Any, dict[date, dict[tuple[str, str], list[int]]]] = {}
    months: dict[str, set[date]] = defaultdict(set)
    for row in world.transactions:
        if row["side"] != "processor" or row["transaction_id"] in left_out:
            continue
        account = tuple(row[n] for n in ("tenant_id", "source", "source_account", "currency"))
        month = row["business_date"].replace(day=1)
        months[row["tenant_id"]].add(month)
        is_payout = row["event_type"] in PAYOUTS
        name = row["event_type"] if is_payout else category(row)
        lines = moved.setdefault(account, {}).setdefault(month, {})
        line = lines.setdefault(("payouts" if is_payout else "activity", name), [0, 0, 0, 0])
        fee = row["fee_minor"]
        for place, value in enumerate((1, row["amount_minor"], fee, row["amount_minor"] - fee)):
            line[place] += value
    told: dict[tuple[Any, ...], Line] = {}
    for account, by_month in moved.items():
        balance = 0
        for month in sorted(months[account[0]]):
            if month < min(by_month):
                continue
            told[(*account, month, "opening", "balance")] = (0, balance, 0, balance)
            for key, (count, gross, fee, net) in by_month.get(month, {}).items():
                told[(*account, month, *key)] = (count, gross, fee, net)
                balance += net
            told[(*account, month, "closing", "balance")] = (0, balance, 0, balance)
    return told


def items(told: dict[str, Told]) -> dict[tuple[str, str], Line]:
    """What each payout's items add up to by category, the unexplained part among them."""
    found: dict[tuple[str, str], Line] = {}
    for name, payout in told.items():
        for reporting_category, line in payout.lines.items():
            count, gross, fee, net = line
            found[name, reporting_category] = (count, gross, fee, net)
        off = payout.paid - payout.explained
        if off:
            found[name, "unexplained"] = (0, off, 0, off)
    return found

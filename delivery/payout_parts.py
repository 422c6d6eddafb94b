"""Payouts in a report: what they were made of, by category, and what processors keep back.

In: Contents. Out: values for the page, lines for the summary. The rows stand in the marts payouts,
payout_categories and reserve_balances.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.money import exact

Rows = list[dict[str, Any]]

_TAGS = {
    "reached_bank": "good",
    "partly_arrived": "warn",
    "proposed_at_bank": "warn",
    "in_transit": "idle",
    "missing_at_bank": "bad",
    "failed": "bad",
    "returned": "warn",
}
QUERIES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "payouts": (
        ("marts.payouts",),
        "select * from marts.payouts order by paid_on, currency, payout_id, transaction_id",
    ),
    # Payouts of one id have the same members: those that count them once.
    "payout_categories": (
        ("marts.payout_categories",),
        "select tenant_id, source, currency, reporting_category, sum(member_count) as members,"
        " sum(gross) as gross, sum(fee) as fee, sum(net) as net from marts.payout_categories"
        " where is_counted group by tenant_id, source, currency, reporting_category"
        " having sum(member_count) > 0 or sum(net_minor) != 0"
        " order by tenant_id, source, currency, reporting_category",
    ),
    "reserves": (
        ("marts.reserve_balances",),
        "select * from marts.reserve_balances where period = (select max(period) from"
        " marts.reserve_balances) and (opening_minor != 0 or movement_count > 0)"
        " order by tenant_id, processor, source_account, currency",
    ),
}


def shown(payouts: Rows, limit: int) -> dict[str, Any]:
    """Payouts that need a look, then the latest that do not."""
    tagged = [{**row, "tag": _TAGS.get(row["state"], "warn")} for row in payouts]
    plain = [
        row for row in tagged if row["state"] == "reached_bank" and row["is_explained"] is not False
    ]
    kept = plain[-limit:]
    return {
        "payouts": [row for row in tagged if row not in plain or row in kept],
        "hidden_payouts": len(plain) - len(kept),
    }


def reserve_lines(reserves: Rows, exponents: Mapping[str, int]) -> list[str]:
    """The summary's lines on what is kept back: the month's roll-forward."""
    names = ("opening", "withheld", "released", "applied", "closing")
    lines = []
    for row in reserves:
        places = exponents.get(row["currency"], 4)
        sums = ", ".join(f"{name} {exact(row[name], places)}" for name in names)
        lines.append(f"  {row['currency']}  kept back by {row['processor']}: {sums}")
    return lines

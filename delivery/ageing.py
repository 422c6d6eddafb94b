"""The ageing roll-forward of the last month and the fee audit, as the report shows them.

In: rows of the two queries below. Out: one entry a currency with a row a bucket and its sums; one
row a price of the contract.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

MONTHS, FEES = "marts.ageing_roll_forward_months", "marts.fee_audit_months"
FLOWS = ("new", "reopened", "revalued", "aged_in", "aged_out", "cleared", "written_off")
FIGURES = ("opening", *FLOWS, "closing", "accepted")
_SUMS = ", ".join(f"sum({f}_count) as {f}_count, sum({f}) as {f}" for f in FIGURES)
ROLLED = (
    f"select period, max(period_to) as period_to, currency, ageing_bucket, {_SUMS} from {MONTHS}"
    f" where period = (select max(period) from {MONTHS})"
    " group by period, currency, ageing_bucket, bucket_position order by currency, bucket_position"
)
AUDITED = (
    "select month, processor, schedule_id, currency, sum(transactions) as transaction_count,"
    " sum(charged) as charged, sum(expected) as expected, sum(overcharged) as overcharged,"
    " sum(undercharged) as undercharged, sum(unpriced) as unpriced,"
    f" sum(short_of_minimum) as short_of_minimum from {FEES} where month ="
    f" (select max(month) from {FEES})"
    " group by month, processor, schedule_id, currency order by processor, currency, schedule_id"
)

QUERIES = {"rolled": ((MONTHS,), ROLLED), "fees": ((FEES,), AUDITED)}


def roll_forward(rolled: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a currency: its buckets, and all of them together."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rolled:
        groups[row["currency"]].append(_together([row], row["ageing_bucket"]))
    return [
        {"currency": currency, "rows": rows, "total": _together(rows, "Together")}
        for currency, rows in sorted(groups.items())
    ]


def _together(rows: list[dict[str, Any]], label: str) -> dict[str, Any]:
    found: dict[str, Any] = {"label": label}
    for figure in FIGURES:
        found[figure] = sum((row[figure] for row in rows), Decimal(0))
        found[f"{figure}_count"] = sum(int(row[f"{figure}_count"]) for row in rows)
    return found


def shown(rolled: list[dict[str, Any]], fees: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page's section on ageing needs."""
    return {
        "ageing": roll_forward(rolled),
        "rolled_to": max((row["period_to"] for row in rolled), default=None),
        "fees": fees,
    }

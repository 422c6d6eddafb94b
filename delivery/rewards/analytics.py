"""analytics_report.json: the rewards in numbers, for programs and for people who ask one question.

In: an open warehouse and the last day that counts. Out: a document; amounts are decimal text, sums
are per currency. It names no moment of writing: the same marts give the same bytes.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dbt_project.warehouse import Warehouse
from delivery.money import exact
from delivery.rewards.summaries import CHECKS, GROUPS, REPORTS
from delivery.rewards.tables import BALANCES, C, Table, asked

Rows = list[dict[str, Any]]

_TOTALS = (
    "select tenant_id, currency, count(*) as customers, sum(earned) as earned,"
    " sum(spent) as spent, sum(expired) as expired, sum(reversed) as reversed,"
    f" sum(balance) as balance, sum(open_lots) as open_lots from ({BALANCES.query}) as balances"
    f" group by tenant_id, currency order by tenant_id {C}, currency {C}"
)
_BY_REASON = (
    "select tenant_id, currency, coalesce(reason, '(none)') as reason, count(*) as lots,"
    " sum(amount) as earned from marts.reward_transactions"
    " where tenant_id = $1 and is_lot and problem is null and business_date <= cast($2 as date)"
    " group by tenant_id, currency, coalesce(reason, '(none)')"
    f" order by tenant_id {C}, currency {C}, coalesce(reason, '(none)') {C}"
)
_ORDERS = (
    "select tenant_id, currency, count(*) as orders, sum(redemption_count) as redemptions,"
    " sum(gross_sales) as gross_sales, sum(redeemed) as redeemed from marts.reward_orders"
    " where is_in_sales and tenant_id = $1"
    f" group by tenant_id, currency order by tenant_id {C}, currency {C}"
)
_MODES = (
    "select tenant_id, currency, count(*) as lots, sum(open_amount) as open_amount,"
    " sum(open_one_to_one) as open_one_to_one from marts.reward_mode_differences"
    " where tenant_id = $1"
    f" group by tenant_id, currency order by tenant_id {C}, currency {C}"
)
_METHODS = (
    "select method from marts.reward_allocations where tenant_id = $1"
    f" group by method order by method {C}"
)


def analytics(warehouse: Warehouse, tenant: str, period: str, day: date) -> dict[str, Any]:
    """The document: what was earned and used, what is owed and by whom, and whether it holds."""
    exponents = {
        row["currency"]: int(row["exponent"])
        for row in warehouse.rows("select currency, exponent from seeds.currencies")
    }

    def told(query: str, columns: str = "") -> Rows:
        rows = asked(warehouse, query, tenant, day)
        return [_plain(row, exponents, columns.split() or list(row)) for row in rows]

    def table(of: Table) -> Rows:
        return told(of.query, " ".join(("tenant_id", *(c.name for c in of.columns))))

    checks = table(CHECKS)
    reports = table(REPORTS)
    return {
        "tenant": tenant,
        "period": period or "all",
        "methods": [row["method"] for row in warehouse.rows(_METHODS, [tenant])],
        "totals": told(_TOTALS),
        "earned_by_reason": told(_BY_REASON),
        "customer_groups": table(GROUPS),
        "orders": told(_ORDERS),
        "one_to_one": told(_MODES),
        "reports": {
            cycle: [row for row in reports if row["cycle"] == cycle]
            for cycle in sorted({row["cycle"] for row in reports})
        },
        "validation": {
            "holds": not any(c["severity"] == "critical" and c["failing_count"] for c in checks),
            "failing": {
                severity: sum(c["failing_count"] for c in checks if c["severity"] == severity)
                for severity in ("critical", "warning", "info")
            },
            "checks": checks,
        },
    }


def _plain(row: dict[str, Any], exponents: dict[str, int], names: list[str]) -> dict[str, Any]:
    places = exponents.get(row.get("currency") or "", 4)
    return {name: _value(row[name], places) for name in names}


def _value(value: Any, places: int) -> Any:
    """Amounts as text with the currency's places; a whole Decimal of a count as a number."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return int(value) if exponent == 0 else exact(value, places)
    return value.isoformat() if isinstance(value, date | datetime) else value

"""The books in a report: accounts by currency, what clearing accounts still hold, missing rates.

In: rows of the queries below. Out: values for the page, lines for report.json. Debit is plus,
credit is minus; the rows stand in the marts account_balances, open_account_items, missing_fx_rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from delivery.money import exact

Rows = list[dict[str, Any]]

QUERIES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "balances": (
        ("marts.account_balances",),
        "select * from marts.account_balances order by tenant_id, currency, account_code, period",
    ),
    "held": (
        ("marts.open_account_items",),
        "select tenant_id, account_code, account_name, currency, count(*) as item_count,"
        " sum(balance) as balance, min(opened_on) as oldest_on, max(age_days) as age_days"
        " from marts.open_account_items"
        " group by tenant_id, account_code, account_name, currency"
        " order by tenant_id, currency, account_code",
    ),
    "missing_rates": (
        ("marts.missing_fx_rates",),
        "select tenant_id, rate_on, currency, functional_currency, line_count, balance_count,"
        " amount from marts.missing_fx_rates order by tenant_id, rate_on desc, currency",
    ),
}


def shown(balances: Rows, held: Rows, missing_rates: Rows, limit: int) -> dict[str, Any]:
    """What the page's section on the ledger speaks of."""
    return {
        "books": books(balances),
        "held": held,
        "missing_rates": missing_rates[:limit],
        "hidden_rates": len(missing_rates[limit:]),
    }


def books(balances: Rows) -> Rows:
    """One trial balance a currency: its latest month, with totals."""
    latest: dict[str, date] = {}
    for row in balances:
        latest[row["currency"]] = max(row["period"], latest.get(row["currency"], row["period"]))
    found = []
    for currency, period in sorted(latest.items()):
        rows = [r for r in balances if (r["currency"], r["period"]) == (currency, period)]
        totals = {
            name: sum((row[name] for row in rows), Decimal(0))
            for name in ("opening", "debits", "credits", "closing")
        }
        found.append({"currency": currency, "period": period, "rows": rows, **totals})
    return found


def listed(held: Rows, missing_rates: Rows, exponents: Mapping[str, int]) -> dict[str, Any]:
    """The same for other programs: amounts and days as text."""
    return {
        "accounts_with_open_items": [_line(row, "balance", exponents) for row in held],
        "missing_fx_rates": [_line(row, "amount", exponents) for row in missing_rates],
    }


def _line(row: dict[str, Any], measure: str, exponents: Mapping[str, int]) -> dict[str, Any]:
    days = {name: f"{day:%Y-%m-%d}" for name, day in row.items() if isinstance(day, date)}
    return {**row, **days, measure: exact(row[measure], exponents.get(row["currency"], 4))}

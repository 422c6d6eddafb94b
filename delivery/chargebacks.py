"""Disputes in a report: those that wait for an answer, overdue ones first, and how disputes ended.

In: Contents. Out: values for the page, lines for report.json. The rows stand in the marts
chargebacks and chargeback_win_rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.money import exact

Rows = list[dict[str, Any]]

QUERIES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "chargebacks": (
        ("marts.chargebacks",),
        "select * from marts.chargebacks where outcome = 'open'"
        " order by case when is_overdue then 1 else 2 end, respond_by nulls last, chargeback_id",
    ),
    "win_rates": (
        ("marts.chargeback_win_rates",),
        "select * from marts.chargeback_win_rates"
        " order by tenant_id, currency, case dimension when 'all' then 1 when 'reason' then 2"
        " when 'network' then 3 when 'merchant' then 4 else 5 end, lost_minor desc, value",
    ),
}
_NAMES = (
    "chargeback_id tenant_id source native_id transaction_id reference stage reason_category"
    " network merchant amount currency net_effect settlement_currency respond_by is_overdue"
    " evidence_count"
)


def shown(chargebacks: Rows, win_rates: Rows, limit: int) -> dict[str, Any]:
    """Overdue disputes all of them, then the most urgent others; how disputes ended by reason."""
    late = [row for row in chargebacks if row["is_overdue"]]
    others = [row for row in chargebacks if not row["is_overdue"]]
    return {
        "overdue_chargebacks": len(late),
        "open_chargebacks": [*late, *others[:limit]],
        "hidden_chargebacks": len(others[limit:]),
        "win_rates": [row for row in win_rates if row["dimension"] in ("all", "reason", "network")],
    }


def listed(chargebacks: Rows, exponents: Mapping[str, int]) -> list[dict[str, Any]]:
    """The open disputes for other programs: amounts as text."""
    return [_line(row, exponents) for row in chargebacks]


def _line(row: dict[str, Any], exponents: Mapping[str, int]) -> dict[str, Any]:
    day = row["respond_by"]
    return {
        **{name: row[name] for name in _NAMES.split()},
        "amount": exact(row["amount"], exponents.get(row["currency"], 4)),
        "net_effect": exact(row["net_effect"], exponents.get(row["settlement_currency"], 4)),
        "respond_by": None if day is None else f"{day:%Y-%m-%d}",
    }

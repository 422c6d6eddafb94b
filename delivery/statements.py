"""The two statements of a processor as CSV: balance summary, and each deposit with its items.

In: Settings, a folder, perhaps a month. Out: balance_summary.csv and payout_reconciliation.csv, of
the month's balances and of the payouts it paid. Written beside their names first; the same marts
give the same bytes. Raises ConfigurationError when the marts are not there, or files that would be
replaced are another tenant's.
Run alone: tieout statements --folder F
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from dbt_project.months import bounds
from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from delivery.csv_export import cell, write_csv
from delivery.files import written
from delivery.money import placed

BALANCES = (
    "tenant_id",
    *("source", "source_account", "currency", "period", "section", "reporting_category"),
    *("movement_count", "gross", "fee", "net", "stated", "difference"),
)
ITEMS = (
    "tenant_id",
    *("source", "source_account", "payout_id", "paid_on", "payout_state", "bank_date", "currency"),
    *("is_counted", "item_kind", "reporting_category", "native_id", "event_type", "business_date"),
    *("reference", "order_id", "customer_id", "description", "gross", "fee", "net"),
    *("transaction_id", "item_transaction_id", "bank_transaction_id"),
)
_C = 'collate "C"'
_OF = "where tenant_id = $1 and {day} >= $2 and {day} < $3"
_BALANCES = (
    f"select * from marts.balance_summaries {_OF.format(day='period')}"
    f" order by source {_C}, source_account {_C}, currency {_C}, period, place,"
    f" reporting_category {_C}"
)
_ITEMS = (
    f"select * from marts.payout_reconciliations {_OF.format(day='paid_on')}"
    f" order by source {_C}, source_account {_C}, paid_on, payout_id {_C}, transaction_id {_C},"
    f" item_kind {_C} desc, business_date, native_id {_C}, payout_reconciliation_id {_C}"
)
FILES = {
    "balance_summary.csv": ("balance_summaries", BALANCES, _BALANCES),
    "payout_reconciliation.csv": ("payout_reconciliations", ITEMS, _ITEMS),
}
EVER = (date(1, 1, 1), date(9999, 12, 31))


def write_statements(settings: Settings, folder: Path, period: str = "") -> tuple[Path, ...]:
    """Both files of the tenant."""
    days = bounds(period) if period else EVER
    with open_warehouse(settings, read_only=True) as warehouse:
        there = {
            row["table_name"]
            for row in warehouse.rows(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            )
        }
        if missing := sorted({mart for mart, _, _ in FILES.values()} - there):
            raise ConfigurationError(
                f"Not built yet: marts.{', marts.'.join(missing)}. Call `tieout build` first."
            )
        for name in FILES:
            _ask_whose(folder / name, settings.tenant)
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            written(
                folder,
                name,
                partial(
                    write_csv, columns=columns, rows=_rows(warehouse, sql, settings.tenant, days)
                ),
            )
            for name, (_, columns, sql) in FILES.items()
        )


def _ask_whose(file: Path, tenant: str) -> None:
    """Refuses to replace another tenant's file, or one that says no tenant and is none of ours."""
    if not file.exists():
        return
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
        rows = csv.reader(handle)
        header, first = next(rows, []), next(rows, [])
    what = ""
    if header[:1] != ["tenant_id"]:
        what = "says no tenant"
    elif first and first[0] != cell(tenant):
        what = f"is of the tenant {first[0]}"
    if what:
        raise ConfigurationError(f"{file} {what} and is not replaced; --folder names another.")


def _rows(
    warehouse: Warehouse, sql: str, tenant: str, days: tuple[date, date]
) -> Iterator[dict[str, Any]]:
    """The rows with amounts in the places of their currency."""
    places = {
        row["currency"]: int(row["exponent"])
        for row in warehouse.rows("select currency, exponent from seeds.currencies")
    }
    for row in warehouse.stream(sql, [tenant, str(days[0]), str(days[1])]):
        digits = places.get(row["currency"], 4)
        yield {
            name: placed(value, digits) if isinstance(value, Decimal) else value
            for name, value in row.items()
        }

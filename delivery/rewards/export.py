"""Writes the rewards' files into a folder: CSV and Parquet, a workbook, analytics_report.json.

In: Settings, a folder, perhaps a month. Out: the files. With a month they tell the state at its
last day. Each file is written beside its name first, so that a reader never sees half of one.
Run alone: tieout rewards export --folder F
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from dbt_project.months import bounds
from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from delivery.csv_export import write_csv
from delivery.files import written
from delivery.money import placed
from delivery.parquet_export import write_parquet
from delivery.rewards.analytics import analytics
from delivery.rewards.summaries import ALL, REPORTS
from delivery.rewards.tables import ALLOCATIONS, BALANCES, HISTORY, TC_DATA, Table
from delivery.xlsx import Column, Sheet, write_workbook

FOR_EVER = date(9999, 12, 31)
IN_PARQUET = (TC_DATA, ALLOCATIONS, HISTORY, BALANCES)
CYCLES = ("weekly", "biweekly", "monthly", "quarterly")


def export_rewards(
    settings: Settings, folder: Path, period: str = "", with_workbook: bool = True
) -> tuple[Path, ...]:
    """Every file of the rewards. Raises ConfigurationError when the marts are not there."""
    day = bounds(period)[1] - timedelta(days=1) if period else FOR_EVER
    folder.mkdir(parents=True, exist_ok=True)
    with open_warehouse(settings, read_only=True) as warehouse:
        _ask_for_marts(warehouse)
        places = _places(warehouse)
        reader = _Reader(warehouse, settings.tenant, day, places)
        files = [file for table in ALL for file in _table(reader, table, folder)]
        report = analytics(warehouse, settings.tenant, period, day)
        text = json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        files.append(
            written(folder, "analytics_report.json", lambda file: file.write_bytes(text.encode()))
        )
        if with_workbook:
            sheets = [
                _summary(report, period),
                *(Sheet(table.title, table.columns, reader.rows(table)) for table in ALL),
            ]
            files.append(
                written(folder, "rewards.xlsx", lambda file: write_workbook(file, sheets, places))
            )
    return tuple(files)


@dataclass(frozen=True)
class _Reader:
    """Reads one tenant's tables as of a day."""

    warehouse: Warehouse
    tenant: str
    day: date
    places: Mapping[str, int]

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """The rows with amounts in the places of their currency."""
        money = [column.name for column in table.columns if column.kind == "money"]
        for row in table.rows(self.warehouse, self.tenant, self.day):
            digits = self.places.get(row["currency"] or "", 4) if money else 4
            for name in money:
                if row[name] is not None:
                    row[name] = placed(row[name], digits)
            yield row


def _ask_for_marts(warehouse: Warehouse) -> None:
    there = {
        row["table_name"]
        for row in warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        )
    }
    missing = sorted({mart for table in ALL for mart in table.needs} - there)
    if missing:
        raise ConfigurationError(
            f"Not built yet: marts.{', marts.'.join(missing)}. Call `tieout build` first."
        )


def _places(warehouse: Warehouse) -> dict[str, int]:
    rows = warehouse.rows("select currency, exponent from seeds.currencies")
    return {row["currency"]: int(row["exponent"]) for row in rows}


def _table(reader: _Reader, table: Table, folder: Path) -> Iterator[Path]:
    """A table's CSV, and its Parquet where it may be large. Reports: a CSV for each cycle."""
    if table is REPORTS:
        reports = list(reader.rows(table))
        for cycle in CYCLES:
            of_cycle = (row for row in reports if row["cycle"] == cycle)
            fill = partial(_csv, columns=table.columns, rows=of_cycle)
            yield written(folder, f"reward_report_{cycle}.csv", fill)
        return
    fill = partial(_csv, columns=table.columns, rows=reader.rows(table))
    yield written(folder, f"{table.name}.csv", fill)
    if table in IN_PARQUET:
        yield written(
            folder,
            f"{table.name}.parquet",
            lambda file: write_parquet(file, table.columns, reader.rows(table)),
        )


def _csv(file: Path, columns: Sequence[Column], rows: Iterator[dict[str, Any]]) -> int:
    return write_csv(file, [c.name for c in columns], rows, [c.title for c in columns])


def _summary(report: dict[str, Any], period: str) -> Sheet:
    """The first sheet: what a reader must know before the others."""
    holds = "every critical check holds" if report["validation"]["holds"] else "A CHECK FAILS"
    lines: list[tuple[str, str, Any]] = [
        ("Rewards of", "", report["tenant"]),
        ("State", "", f"end of {period}" if period else "all that was built"),
        ("Method", "", ", ".join(report["methods"])),
        ("Checks", "", holds),
    ]
    for severity, count in report["validation"]["failing"].items():
        lines.append((f"Rows that fail a {severity} check", "", count))
    for total in report["totals"]:
        for name in ("customers", "earned", "spent", "expired", "reversed", "balance", "open_lots"):
            value = total[name]
            amount = value if isinstance(value, int) else Decimal(value)
            lines.append((name.replace("_", " ").capitalize(), total["currency"], amount))
    for modes in report["one_to_one"]:
        lines.append(("Lots one-to-one differs on", modes["currency"], modes["lots"]))
        amount = Decimal(modes["open_one_to_one"])
        lines.append(("Open on them, one to one", modes["currency"], amount))
        lines.append(("Open on them, by amount", modes["currency"], Decimal(modes["open_amount"])))
    columns = (
        Column("what", "Rewards", "label", 34),
        Column("currency", "Currency", "text", 10),
        Column("value", "Value", "money", 34),
    )
    rows = [{"what": what, "currency": money, "value": value} for what, money, value in lines]
    return Sheet("Summary", columns, rows)

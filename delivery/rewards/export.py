"""Writes the rewards' files into a folder: CSV and Parquet, a workbook, analytics_report.json.

In: Settings, a folder, perhaps a month. Out: the files. With a month they tell the state at its
last day. Each file is written beside its name first, so that a reader never sees half of one.
Run alone: tieout rewards export --folder F
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from delivery.csv_export import write_csv
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
    day = last_day(period)
    folder.mkdir(parents=True, exist_ok=True)
    with open_warehouse(settings, read_only=True) as warehouse:
        _ask_for_marts(warehouse)
        places = _places(warehouse)
        files = [file for table in ALL for file in _table(warehouse, table, folder, day, places)]
        report = analytics(warehouse, settings.tenant, period, day)
        text = json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        files.append(
            _write(folder, "analytics_report.json", lambda file: file.write_bytes(text.encode()))
        )
        if with_workbook:
            sheets = [
                _summary(report, period),
                *(_sheet(warehouse, table, day, places) for table in ALL),
            ]
            files.append(
                _write(folder, "rewards.xlsx", lambda file: write_workbook(file, sheets, places))
            )
    return tuple(files)


def last_day(period: str) -> date:
    """The last day of a month like 2023-04; without one, a day after all others."""
    if not period:
        return FOR_EVER
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", period):
        raise ConfigurationError(f"{period} is no month; write it like 2023-04")
    year, month = (int(part) for part in period.split("-"))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


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


def _table(
    warehouse: Warehouse, table: Table, folder: Path, day: date, places: dict[str, int]
) -> Iterator[Path]:
    """A table's CSV, and its Parquet where it may be large. Reports: a CSV for each cycle."""

    def rows(cycle: str = "") -> Iterator[dict[str, Any]]:
        found = _rows(warehouse, table, day, places)
        return (row for row in found if cycle in ("", row.get("cycle")))

    if table is REPORTS:
        for cycle in CYCLES:
            fill = partial(_csv, columns=table.columns, rows=rows(cycle))
            yield _write(folder, f"reward_report_{cycle}.csv", fill)
        return
    yield _write(folder, f"{table.name}.csv", partial(_csv, columns=table.columns, rows=rows()))
    if table in IN_PARQUET:
        yield _write(
            folder, f"{table.name}.parquet", lambda f: write_parquet(f, table.columns, rows())
        )


def _csv(file: Path, columns: Sequence[Column], rows: Iterator[dict[str, Any]]) -> int:
    return write_csv(file, [c.name for c in columns], rows, [c.title for c in columns])


def _rows(
    warehouse: Warehouse, table: Table, day: date, places: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """The rows with amounts in the places of their currency."""
    money = [column.name for column in table.columns if column.kind == "money"]
    for row in warehouse.stream(table.query, [str(day)]):
        digits = places.get(row["currency"] or "", 4) if money else 4
        for name in money:
            if row[name] is not None:
                row[name] = placed(row[name], digits)
        yield row


def _sheet(warehouse: Warehouse, table: Table, day: date, places: dict[str, int]) -> Sheet:
    return Sheet(table.title, table.columns, _rows(warehouse, table, day, places))


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


def _write(folder: Path, name: str, fill: Callable[[Path], object]) -> Path:
    """Fills a file beside its final name, then gives it that name."""
    final, fresh = folder / name, folder / f".{name}.{os.getpid()}"
    try:
        fill(fresh)
        fresh.replace(final)
    finally:
        fresh.unlink(missing_ok=True)
    return final

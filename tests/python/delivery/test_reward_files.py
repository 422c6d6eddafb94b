"""tieout rewards export: the files say what the marts say, now and at a month's end.

The sample workbook and a CSV of hostile ids land by the real door; the rewards room is built once
an engine with its tests. Run alone: pytest tests/python/delivery/test_reward_files.py
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from dagster import build_op_context

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from delivery import csv_export
from delivery.rewards.export import export_rewards
from orchestration.schedule.rewards import write_files
from tests.python.conftest import make_settings, new_database
from tests.python.delivery.reward_room import deployed, of_others
from tests.python.sample_month import STORY

FILES = {
    "tc_data_with_redemptions.csv",
    "tc_data_with_redemptions.parquet",
    "reward_allocations.csv",
    "reward_allocations.parquet",
    "customer_balance_history.csv",
    "customer_balance_history.parquet",
    "customer_current_balances.csv",
    "customer_current_balances.parquet",
    "reward_orders.csv",
    "reward_group_liabilities.csv",
    "reward_report_weekly.csv",
    "reward_report_biweekly.csv",
    "reward_report_monthly.csv",
    "reward_report_quarterly.csv",
    "reward_validations.csv",
    "reward_validation_failures.csv",
    "analytics_report.json",
    "rewards.xlsx",
}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("files")
    return deployed(make_settings(folder, **STORY), folder)


@pytest.fixture(scope="module")
def files(room: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    assert {path.name for path in export_rewards(room, folder)} == FILES
    return folder


def read(file: Path) -> Rows:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def by_id(file: Path) -> dict[str, dict[str, str]]:
    return {row["TRANS_ID"].removeprefix("'"): row for row in read(file)}


def test_the_same_build_gives_the_same_bytes(room: Settings, files: Path, tmp_path: Path) -> None:
    again = export_rewards(room, tmp_path)
    assert [f.name for f in again if f.read_bytes() != (files / f.name).read_bytes()] == []
    assert {path.name for path in tmp_path.iterdir()} == FILES, "and no half-written file stays"


def test_the_files_are_the_same_from_postgres(
    postgres_server: Any, files: Path, tmp_path: Path
) -> None:
    database = new_database(postgres_server, "files")
    settings = make_settings(tmp_path, target="postgres", postgres=database, **STORY)
    again = export_rewards(deployed(settings, tmp_path), tmp_path / "export")
    assert [f.name for f in again if f.read_bytes() != (files / f.name).read_bytes()] == []


def test_a_tenant_gets_its_own_rows_alone(room: Settings, files: Path, tmp_path: Path) -> None:
    """One customer's number, one order's, two tenants: their files share nothing."""
    export_rewards(of_others(room), tmp_path)
    report = json.loads((tmp_path / "analytics_report.json").read_text(encoding="utf-8"))
    assert (report["tenant"], report["totals"][0]["earned"]) == ("others", "70.00")
    text = json.dumps(report)
    assert '"tenant_id": "others"' in text
    assert '"kestrel_wren"' not in text
    assert '"others"' not in (files / "analytics_report.json").read_text(encoding="utf-8")
    assert {row["AMOUNT"] for row in read(tmp_path / "tc_data_with_redemptions.csv")} == {
        "70.00",
        "-80.00",
    }
    for name in sorted(file for file in FILES if file.endswith(".csv")):
        mine, theirs = (
            {tuple(row.items()) for row in read(folder / name)} for folder in (files, tmp_path)
        )
        assert theirs, name
        assert name == "reward_validations.csv" or not mine & theirs, name


def test_csv_parquet_and_workbook_say_the_same(files: Path) -> None:
    """Row by row: text as text, amounts as exact decimals."""
    rows = read(files / "tc_data_with_redemptions.csv")
    table = pq.read_table(files / "tc_data_with_redemptions.parquet").to_pylist()
    book = openpyxl.load_workbook(files / "rewards.xlsx")
    header, *lines = book["TC_Data"].iter_rows(values_only=True)
    assert len(rows) == len(table) == len(lines) == 20
    for row, record, line in zip(rows, table, lines, strict=True):
        cells = dict(zip(header, line, strict=True))
        assert list(row) == list(record) == list(cells)
        for name in ("TRANS_ID", "CUSTOMERID", "ORDERID", "REDEEMID", "REASON"):
            assert row[name].removeprefix("'") == (record[name] or "") == (cells[name] or "")
        for name in ("AMOUNT", "ALLOCATED", "OPEN_AMOUNT", "UNFUNDED_AMOUNT"):
            assert Decimal(row[name]) == record[name] == Decimal(str(cells[name]))
    assert {sheet.title for sheet in book} >= {"Summary", "Allocations", "Orders", "Checks"}


def test_ids_stay_text_and_nothing_runs(files: Path) -> None:
    rows = by_id(files / "tc_data_with_redemptions.csv")
    assert rows["=1+1"]["TRANS_ID"] == "'=1+1"
    assert rows["=1+1"]["REASON"] == "'@SUM(A1)"
    assert rows["9007199254740993"]["CUSTOMERID"] == "0017"
    assert rows["8001"]["AMOUNT"] == "-14.00", "a number below zero stays a number"
    book = openpyxl.load_workbook(files / "rewards.xlsx")
    types = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert "f" not in types
    first = {row[0].value: row[0] for row in book["TC_Data"].iter_rows(min_row=2)}
    assert first["=1+1"].quotePrefix
    assert first["9007199254740993"].data_type == "s"


def test_the_control_without_the_guard_a_cell_would_run(
    room: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_export, "defused", lambda text: text)
    export_rewards(room, tmp_path)
    rows = read(tmp_path / "tc_data_with_redemptions.csv")
    assert "=1+1" in {row["TRANS_ID"] for row in rows}


def test_a_month_tells_the_state_at_its_last_day(room: Settings, tmp_path: Path) -> None:
    """Lots, REDEEMIDs and balances month by month: what a later row did is not there yet."""
    found = {}
    for month in ("2026-08", "2026-09", "2026-10"):
        export_rewards(room, tmp_path / month, month)
        rows = by_id(tmp_path / month / "tc_data_with_redemptions.csv")
        found[month] = {
            name: (rows[name]["OPEN_AMOUNT"], rows[name]["REDEEMID"], rows[name]["ALLOCATED"])
            for name in ("=1+1", "9007199254740993", "8001", "8003")
            if name in rows
        }
    assert found["2026-08"] == {
        "=1+1": ("12.34", "", "0.00"),
        "9007199254740993": ("5.00", "", "0.00"),
    }
    assert found["2026-09"] == {
        "=1+1": ("0.34", "", "12.00"),
        "9007199254740993": ("5.00", "", "0.00"),
        "8001": ("0.00", "", "14.00"),
    }
    assert found["2026-10"] == {
        "=1+1": ("0.00", "8003", "12.34"),
        "9007199254740993": ("0.00", "8003", "5.00"),
        "8001": ("0.00", "", "14.00"),
        "8003": ("0.00", "", "5.34"),
    }


def test_a_months_balances_are_the_months_report(room: Settings, tmp_path: Path) -> None:
    """Open lots of all customers at a month's end are the closing of every level of its report."""
    for month, day in (("2026-08", "2026-08-31"), ("2026-09", "2026-09-30")):
        export_rewards(room, tmp_path / month, month)
        balances = read(tmp_path / month / "customer_current_balances.csv")
        rows = read(tmp_path / month / "tc_data_with_redemptions.csv")
        owed = sum(Decimal(row["OPEN_LOTS"]) for row in balances)
        assert owed == sum(Decimal(row["OPEN_AMOUNT"]) for row in rows) != 0
        closings: dict[str, Decimal] = defaultdict(Decimal)
        for row in read(tmp_path / month / "reward_report_monthly.csv"):
            if row["PERIOD_TO"] == day:
                closings[row["LEVEL"]] += Decimal(row["CLOSING"])
        assert set(closings.values()) == {owed}
        assert len(closings) == 5


def test_the_analytics_tie_to_the_files(files: Path) -> None:
    text = (files / "analytics_report.json").read_text(encoding="utf-8")
    report = json.loads(text, parse_float=lambda number: pytest.fail(f"a float: {number}"))
    (total,) = report["totals"]
    balances = read(files / "customer_current_balances.csv")
    for name in ("earned", "spent", "expired", "reversed", "balance", "open_lots"):
        assert Decimal(total[name]) == sum(Decimal(row[name.upper()]) for row in balances)
    groups = report["customer_groups"]
    assert sum(Decimal(row["open_lots"]) for row in groups) == Decimal(total["open_lots"])
    assert sum(row["customers"] for row in groups) == total["customers"] == len(balances)
    assert set(report["reports"]) == {"weekly", "biweekly", "monthly", "quarterly"}
    assert report["validation"]["holds"] is True
    failing = read(files / "reward_validation_failures.csv")
    assert sum(report["validation"]["failing"].values()) == len(failing) > 0


def test_a_failing_critical_check_is_said(room: Settings, tmp_path: Path) -> None:
    """The control: what the report calls holding is read, not assumed."""
    change = "update marts.reward_validations set failing_count = $1 where check_name = $2"
    with open_warehouse(room) as warehouse:
        warehouse.execute(change, [1, "groups_add_up"])
    try:
        export_rewards(room, tmp_path)
    finally:
        with open_warehouse(room) as warehouse:
            warehouse.execute(change, [0, "groups_add_up"])
    report = json.loads((tmp_path / "analytics_report.json").read_text(encoding="utf-8"))
    assert report["validation"]["holds"] is False
    summary = openpyxl.load_workbook(tmp_path / "rewards.xlsx")["Summary"]
    assert "A CHECK FAILS" in {cell.value for line in summary.iter_rows() for cell in line}


def test_nothing_built_and_no_month_are_said(tmp_path: Path, room: Settings) -> None:
    with pytest.raises(ConfigurationError, match=r"Not built yet: marts.*tieout build"):
        export_rewards(make_settings(tmp_path, **STORY), tmp_path / "none")
    with pytest.raises(ConfigurationError, match="2026-13: a period is a month"):
        export_rewards(room, tmp_path / "none", "2026-13")


def test_the_timetable_writes_a_closed_months_files(room: Settings, tmp_path: Path) -> None:
    """And says so in its log, not by failing, where nothing is built: the close stands."""
    settings = room.model_copy(update={"reports": tmp_path / "reports"})
    write_files(build_op_context(), settings, "2026-10")
    assert {path.name for path in (tmp_path / "reports" / "rewards_2026-10").iterdir()} == FILES
    write_files(build_op_context(), make_settings(tmp_path / "empty", **STORY), "2026-10")
    assert not list((tmp_path / "empty").rglob("*.csv"))

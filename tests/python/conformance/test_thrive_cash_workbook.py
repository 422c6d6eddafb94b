"""The public Thrive Cash workbook, through the real door: every lot is allocated to the cent.

Skipped without ../shared/samples, as in test_foreign_files.py. What it must come to was worked
out by hand and by an independent third party.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery.rewards.export import export_rewards
from ingestion.landing.land import ensure_schema, land_file
from orchestration.closing_rewards import close_rewards
from orchestration.rewards.account import accounts
from tests.python.conformance.test_foreign_files import SAMPLES, pytestmark  # noqa: F401

WORKBOOK = SAMPLES / "thrive_cash" / "tc_raw_data.xlsx"
MARTS = ("reward_validations", "customer_balance_history", "customer_current_balances")
TC_DATA, BALANCES = "tc_data_with_redemptions.csv", "customer_current_balances.csv"


@pytest.fixture
def built(engine_settings: Settings) -> Settings:
    """The workbook landed and the rewards room built with its tests, on each engine."""
    with open_warehouse(engine_settings) as warehouse:
        ensure_schema(warehouse)
        landed = land_file(engine_settings, warehouse, "thrive_cash", WORKBOOK)
        assert (landed.state, landed.quarantined_rows) == ("landed", 0)
    selection = [f"+{mart}" for mart in (*MARTS, "reward_current_balances", "reward_roll_forward")]
    words = ["build", "--exclude-resource-type", "unit_test", "--select", *selection]
    run = run_dbt(engine_settings, words)
    assert run.succeeded, run.output
    return engine_settings


def test_the_workbook_ties_out(built: Settings, tmp_path: Path) -> None:
    """Amount-true: 12 of 12 lots, all redemptions funded, balances zero; one to one: 5 of 12."""
    with open_warehouse(built, read_only=True) as warehouse:
        rows = warehouse.rows("select * from marts.reward_transactions")
        allocations = warehouse.rows(
            "select * from marts.reward_allocations order by earned_at, earned_trans_id"
        )
        balances = warehouse.rows("select * from marts.reward_current_balances")
        differences = warehouse.rows("select * from marts.reward_mode_differences")
        on_21_march = warehouse.rows(
            "select customer_id, sum(amount) as balance from marts.reward_transactions"
            " where created_at < timestamp '2023-03-22' group by customer_id"
        )
    lots = [row for row in rows if row["is_lot"]]
    assert len(lots) == 12
    assert all(lot["redeem_id"] and lot["open_amount"] == 0 for lot in lots)
    assert sum(1 for lot in lots if lot["redeem_id_one_to_one"]) == 5
    assert all(row["unfunded_amount"] == 0 for row in rows)
    assert [(b["balance"], b["open_lots"]) for b in balances] == [(Decimal(0), Decimal(0))] * 2
    assert {r["customer_id"]: r["balance"] for r in on_21_march} == {
        "23306353": Decimal("0.00"),
        "16161481": Decimal("16.07"),
    }
    assert sum(row["open_one_to_one"] for row in differences) == Decimal("68.07")
    taken = defaultdict(list)
    for row in allocations:
        taken[row["redeemed_trans_id"]].append(row["allocated"])
    texts = {
        trans_id: " ".join(f"{part:.2f}" for part in parts) for trans_id, parts in taken.items()
    }
    assert texts == {
        "8227471": "1.50",
        "8900466": "2.00 1.00 1.00 1.00",
        "12011454": "14.23 0.94 0.90",
        "11320645": "40.00 40.00 30.00",
        "11562841": "20.00",
    }
    assert_files_say_the_same(built, tmp_path)
    assert_accounts_are_the_books(built)


def assert_files_say_the_same(built: Settings, tmp_path: Path) -> None:
    """Every REDEEMID, every order's share, the state at the end of March; checks that hold."""
    export_rewards(built, tmp_path / "all")
    export_rewards(built, tmp_path / "march", "2023-03")
    lots = [row for row in read(tmp_path / "all" / TC_DATA) if row["TCTYPE"] == "earned"]
    assert len(lots) == 12
    assert all(lot["REDEEMID"] and lot["OPEN_AMOUNT"] == "0.00" for lot in lots)
    march = {row["CUSTOMERID"]: row for row in read(tmp_path / "march" / BALANCES)}
    assert {name: row["OPEN_LOTS"] for name, row in march.items()} == {
        "23306353": "0.00",
        "16161481": "16.07",
    }
    orders = {row["ORDER_ID"]: row for row in read(tmp_path / "all" / "reward_orders.csv")}
    assert {name: (row["REDEEMED"], row["REDEEMED_SHARE"]) for name, row in orders.items()} == {
        "37967954": ("110.00", "0.746167"),
        "38368189": ("20.00", "0.296209"),
        "32114336": ("1.50", "0.008572"),
        "39061923": ("16.07", "0.172277"),
    }
    report = json.loads((tmp_path / "all" / "analytics_report.json").read_text(encoding="utf-8"))
    assert report["one_to_one"][0]["open_one_to_one"] == "68.07"
    assert report["totals"][0]["open_lots"] == "0.00"
    assert report["validation"]["failing"]["critical"] == 0


def assert_accounts_are_the_books(built: Settings) -> None:
    """The running account on demand, beside what the models have."""
    with open_warehouse(built, read_only=True) as warehouse:
        found = [accounts(warehouse, name) for name in ("16161481", "23306353")]
    assert [(a.differing, a.left) for (a,) in found] == [((), 0)] * 2


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_its_months_roll_forward_and_april_2023_is_closed(built: Settings) -> None:
    """What is owed at the end of each month in which it moved; both customers are frozen."""
    with open_warehouse(built, read_only=True) as warehouse:
        months = warehouse.rows("select * from marts.reward_roll_forward order by period")
    closings = [f"{m['period']:%Y-%m} {m['closing']:.2f}" for m in months if m["event_count"]]
    assert " ".join(closings) == (
        "2022-04 1.50 2022-05 5.00 2022-07 0.00 2023-02 34.23 2023-03 16.07 2023-04 0.00"
    )
    totals = [sum(m[name] for m in months) for name in ("earned", "spent", "expired", "unfunded")]
    assert totals == [Decimal("152.57"), Decimal("147.57"), Decimal("5.00"), Decimal(0)]
    made = close_rewards(built, "2023-04", "ada", is_forced=True)
    with open_warehouse(built, read_only=True) as warehouse:
        frozen = warehouse.rows("select * from ops.closed_reward_months")
    assert made["fingerprint"].startswith(f"{len(frozen)}:")
    last = {row["customer_id"]: row["closing_minor"] for row in sorted(frozen, key=_month)}
    assert last == {"23306353": 0, "16161481": 0}


def _month(row: dict[str, Any]) -> Any:
    return row["period"]

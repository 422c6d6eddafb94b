"""tieout statements: the balance summary and the payouts' items say what the marts say.

Run alone: pytest tests/python/delivery/test_statements.py
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from delivery.statements import write_statements
from tests.python.conftest import make_settings
from tests.python.dbt.laws import found_by
from tests.python.sample_month import STORY

Rows = list[dict[str, str]]


def read(file: Path) -> Rows:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def statements(settings: Settings, folder: Path, period: str = "") -> tuple[Rows, Rows]:
    balances, items = (read(file) for file in write_statements(settings, folder, period))
    return balances, items


def test_a_months_balance_summary_adds_up_to_the_ledger(month: Settings, tmp_path: Path) -> None:
    balances, _ = statements(month, tmp_path / "out", "2026-10")
    lines: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in balances:
        lines[row["currency"]][row["section"]] += Decimal(row["net"])
    assert lines["EUR"] == {
        "opening": Decimal("0.00"),
        "activity": Decimal("2158.59"),
        "payouts": Decimal("-1728.45"),
        "closing": Decimal("430.14"),
    }
    with open_warehouse(month, read_only=True) as warehouse:
        held = warehouse.rows(
            "select currency, sum(amount) as amount from marts.ledger_entries"
            " where account_code = '1110' group by currency having sum(amount) != 0"
        )
    closing = {money: sums["closing"] for money, sums in lines.items() if sums["closing"]}
    assert closing == {row["currency"]: row["amount"] for row in held}
    assert {row["net"] for row in balances if row["currency"] == "JPY"} == {"0", "4614"}


def test_a_payouts_items_add_up_to_the_deposit(month: Settings, tmp_path: Path) -> None:
    _, items = statements(month, tmp_path / "out", "2026-10")
    deposits: dict[str, Decimal] = defaultdict(Decimal)
    for row in items:
        deposits[row["transaction_id"]] += Decimal(row["net"])
    with open_warehouse(month, read_only=True) as warehouse:
        paid = warehouse.rows("select transaction_id, amount from marts.payouts")
    assert deposits == {row["transaction_id"]: row["amount"] for row in paid if row["amount"]}
    [off] = [row for row in items if row["item_kind"] == "unexplained"]
    assert (off["payout_id"], off["net"]) == ("po_kw1012eur", "-18.20")


def test_a_month_holds_its_own_and_the_same_bytes(month: Settings, tmp_path: Path) -> None:
    first = write_statements(month, tmp_path / "one")
    again = write_statements(month, tmp_path / "two")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in again]
    balances, items = statements(month, tmp_path / "out", "2026-09")
    assert {row["period"] for row in balances} <= {"2026-09-01"}
    assert items == []
    assert {path.name for path in (tmp_path / "one").iterdir()} == {f.name for f in first}


def test_another_tenant_sees_nothing(month: Settings, tmp_path: Path) -> None:
    other = month.model_copy(update={"tenant": "somebody_else"})
    assert statements(other, tmp_path / "out") == ([], [])


def test_nothing_built_and_no_month_are_said(month: Settings, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Not built yet: marts.*tieout build"):
        write_statements(make_settings(tmp_path / "empty"), tmp_path / "out")
    with pytest.raises(ConfigurationError, match="2026-13: a period is a month"):
        write_statements(month, tmp_path / "out", "2026-13")


def closes_otherwise(change: str, *more: str) -> str:
    """Damage to closing balances in euro; every total of a tenant and currency stays what it is."""
    conditions = " and ".join(["section = 'closing'", "currency = 'EUR'", *more])
    return f"update marts.balance_summaries set {change} where {conditions}"


LAST = "period = (select max(period) from marts.balance_summaries)"
LINES = "account_code = '1110' and currency = 'EUR'"
FAULTS = {
    "a cent more in the last month": closes_otherwise("net_minor = net_minor + 1", LAST),
    "the balance of another account": closes_otherwise("source_account = 'another'"),
    "the balance of another processor": closes_otherwise("source = 'paypal'"),
    "a month that is not told": "delete from marts.balance_summaries where section = 'closing'",
    "a line that took effect in the month before": (
        "update marts.ledger_entries set posted_on = date '2026-09-30' where ledger_line_id ="
        f" (select min(ledger_line_id) from marts.ledger_entries where {LINES})"
    ),
}


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory, built_month: Path) -> tuple[Settings, str]:
    """A copy of the month that the law holds in, and the law's SQL."""
    settings = make_settings(tmp_path_factory.mktemp("law"), **STORY)
    shutil.copy(built_month, settings.warehouse)
    ran = run_dbt(settings, ["test", "--select", "summaries_tie_to_the_ledger"])
    assert ran.succeeded, ran.output
    [result] = ran.results
    return settings, result.compiled_code


@pytest.mark.parametrize("fault", FAULTS)
def test_the_law_of_balances_and_books_finds_its_fault(
    law: tuple[Settings, str], fault: str
) -> None:
    settings, sql = law
    assert found_by(sql, FAULTS[fault], settings)


def test_a_line_that_was_booked_late_is_no_fault(law: tuple[Settings, str]) -> None:
    settings, sql = law
    late = f"update marts.ledger_entries set posting_period = date '2026-11-01' where {LINES}"
    assert found_by(sql, late, settings) == []


def test_another_tenants_statements_are_not_replaced(month: Settings, tmp_path: Path) -> None:
    files = write_statements(month, tmp_path)
    assert write_statements(month, tmp_path, "2026-10") == files
    before = [file.read_bytes() for file in files]
    other = month.model_copy(update={"tenant": "somebody_else"})
    with pytest.raises(ConfigurationError, match=f"is of the tenant {month.tenant} and is not"):
        write_statements(other, tmp_path)
    assert [file.read_bytes() for file in files] == before
    files[1].write_text("payout_id,amount\npo_1,1.00\n")
    with pytest.raises(ConfigurationError, match=r"payout_reconciliation.csv says no tenant"):
        write_statements(month, tmp_path)

"""The reports say what the marts say, to the cent, and can always be written."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import pytest

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from delivery import exports
from delivery.facts import Failure
from delivery.report import write_reports
from tests.python.delivery.conftest import facts


def query(settings: Settings, sql: str) -> list[dict[str, Any]]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(sql)


def change(settings: Settings, *statements: str) -> None:
    with open_warehouse(settings) as warehouse:
        for statement in statements:
            warehouse.execute(statement)


def read_csv(file: Path) -> list[dict[str, str]]:
    """Through the parser an analyst would use, which is not the writer's."""
    table = pandas.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return [
        {str(name): str(cell) for name, cell in row.items()} for row in table.to_dict("records")
    ]


def read_json(file: Path) -> dict[str, Any]:
    def refuse(text: str) -> Any:
        raise AssertionError(f"a float in report.json: {text}")

    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"), parse_float=refuse)
    return document


def test_breaks_csv_is_the_mart(month: Settings) -> None:
    rows = read_csv(write_reports(month, facts()).folder / "breaks.csv")
    mart = query(month, "select discrepancy_id, kind, amount_at_risk from marts.discrepancies")
    assert {(r["discrepancy_id"], r["kind"], Decimal(r["amount_at_risk"])) for r in rows} == {
        (r["discrepancy_id"], r["kind"], r["amount_at_risk"]) for r in mart
    }
    assert len(rows) == len(mart) > 0
    order = ["critical", "high", "medium", "low"]
    assert [order.index(row["severity"]) for row in rows] == sorted(
        order.index(row["severity"]) for row in rows
    )


def test_matched_csv_is_the_mart_and_pairs_stand_together(month: Settings) -> None:
    rows = read_csv(write_reports(month, facts()).folder / "matched.csv")
    mart = query(
        month,
        "select reconciliation, currency, sum(left_amount) as amount from marts.matches"
        " group by reconciliation, currency",
    )
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["role"] == "left":
            sums[row["reconciliation"], row["currency"]] += Decimal(row["left_amount"])
    assert sums == {(r["reconciliation"], r["currency"]): r["amount"] for r in mart}
    [members] = query(month, "select count(*) as n from marts.match_members")
    assert len(rows) == members["n"]
    firsts = [
        i for i, row in enumerate(rows) if i == 0 or row["match_id"] != rows[i - 1]["match_id"]
    ]
    assert len(firsts) == len({row["match_id"] for row in rows})


def test_yen_have_no_decimals_and_dinars_three(month: Settings) -> None:
    rows = read_csv(write_reports(month, facts()).folder / "matched.csv")
    assert {row["amount"] for row in rows if row["currency"] == "JPY"} == {"4800"}
    assert {row["amount"] for row in rows if row["currency"] == "KWD"} == {"12.500"}


def test_pages_of_the_export_lose_nothing(month: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write_reports(month, facts(run_id="whole")).folder
    monkeypatch.setattr(exports, "STEP", 3)
    paged = write_reports(month, facts(run_id="paged")).folder
    for name in ("breaks.csv", "matched.csv", "proposed.csv"):
        assert (whole / name).read_bytes() == (paged / name).read_bytes()


def test_the_json_totals_are_the_summary_of_the_mart(month: Settings) -> None:
    document = read_json(write_reports(month, facts()).folder / "report.json")
    mart = query(
        month,
        "select reconciliation, role, source, currency, sum(total_count) as total_count,"
        " sum(missing_count) as missing_count, sum(total_amount) as total_amount,"
        " sum(amount_at_risk) as amount_at_risk from marts.reconciliation_summary"
        " group by reconciliation, role, source, currency",
    )
    names = list(mart[0])
    ours = {
        tuple(Decimal(row[n]) if "amount" in n else row[n] for n in names)
        for row in document["reconciliation_summary"]
    }
    assert ours == {tuple(row[name] for name in names) for row in mart}


def test_the_json_has_every_break_once_and_amounts_are_text(month: Settings) -> None:
    document = read_json(write_reports(month, facts()).folder / "report.json")
    listed = document["missing_transactions"] + document["discrepancies"]
    mart = query(month, "select discrepancy_id from marts.discrepancies")
    assert sorted(row["discrepancy_id"] for row in listed) == sorted(
        row["discrepancy_id"] for row in mart
    )
    assert {row["kind"] for row in document["missing_transactions"]} == {
        "missing_internally",
        "missing_at_processor",
        "missing_at_bank",
    }
    assert all(isinstance(row["amount_at_risk"], str) for row in listed)
    at_risk = query(
        month,
        "select currency, sum(amount_at_risk) as amount from marts.discrepancies"
        " where not is_accepted group by currency",
    )
    impact = document["financial_impact"]
    assert {c: Decimal(a) for c, a in impact["amount_at_risk"].items()} == {
        row["currency"]: row["amount"] for row in at_risk
    }
    assert (impact["risk_level"], impact["compliance_status"]) == ("HIGH", "NEEDS_REVIEW")
    assert document["report_metadata"]["as_of"] == "2026-11-01T04:00:00+00:00"
    assert document["report_metadata"]["breaks_are_complete"] is True
    assert document["recommendations"]


def test_the_summary_is_by_currency_and_keeps_transit_apart(month: Settings) -> None:
    folder = write_reports(month, facts()).folder
    text = (folder / "executive_summary.txt").read_text(encoding="utf-8")
    assert "1 in transit (EUR 17.20); 1 missing (EUR 9.80)" in text
    assert "po_kw1012eur is not explained by EUR -18.20" in text
    assert "USD          84.00  currency differs (1)" in text


def test_an_accepted_break_is_shown_and_no_longer_counts(month: Settings) -> None:
    change(
        month,
        "update marts.discrepancies set is_accepted = true, accepted_by = 'finance desk',"
        " accepted_reason = 'known since spring' where kind = 'fee_differs'",
    )
    folder = write_reports(month, facts()).folder
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "accepted by finance desk: known since spring" in page
    text = (folder / "executive_summary.txt").read_text(encoding="utf-8")
    assert "fee differs (1)" not in text
    assert len(read_csv(folder / "breaks.csv")) == 24


def test_a_failed_run_says_so_first(month: Settings) -> None:
    failure = Failure("control_trial_balance", "error", 1, "Got 1 result", "models/x.yml")
    folder = write_reports(month, facts(failures=(failure,))).folder
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "This run failed" in page
    assert page.index("control_trial_balance") < page.index('id="breaks"')
    document = read_json(folder / "report.json")
    assert document["report_metadata"]["succeeded"] is False
    assert document["failures"][0]["name"] == "control_trial_balance"


def test_a_control_that_differs_is_louder_than_any_break(month: Settings) -> None:
    change(
        month,
        "update marts.control_results set passed = false, found = found + 0.01"
        " where control = 'trial_balance' and currency = 'JPY'",
    )
    page = (write_reports(month, facts()).folder / "report.html").read_text(encoding="utf-8")
    assert "This does not tie out" in page


def test_a_month_without_breaks_is_good(month: Settings) -> None:
    change(
        month,
        "delete from marts.discrepancies",
        "delete from marts.files where state = 'rejected'",
        "update marts.files set quarantined = 0",
        "delete from marts.quarantine",
    )
    page = (write_reports(month, facts()).folder / "report.html").read_text(encoding="utf-8")
    assert "It ties out</h2>" in page
    assert "No break." in page


@pytest.mark.parametrize(
    "words",
    [
        """logical_key = 'own_books_2026-10_returns.csv', source = 'internal',
            received_at = received_at + interval 1 hour
            where name = 'thrive_cash_2026-10.xlsx'""",
        "code = 'REJECTED_BY_HAND' where state = 'rejected'",
    ],
)
def test_a_refused_file_is_settled_by_a_good_one_or_a_person(month: Settings, words: str) -> None:
    summary = write_reports(month, facts()).folder / "executive_summary.txt"
    assert "own_books_2026-10_returns.csv was rejected" in summary.read_text(encoding="utf-8")
    change(month, f"update marts.files set {words}")
    write_reports(month, facts())
    assert "was rejected" not in summary.read_text(encoding="utf-8")


def test_a_report_is_written_when_nothing_was_built(duckdb_settings: Settings) -> None:
    delivered = write_reports(duckdb_settings, facts(as_of=None, error="Compilation Error"))
    page = (delivered.folder / "report.html").read_text(encoding="utf-8")
    assert "This run failed" in page
    assert "Compilation Error" in page
    assert (
        "marts.discrepancies"
        in read_json(delivered.folder / "report.json")["report_metadata"]["not_built"]
    )
    assert read_csv(delivered.folder / "breaks.csv") == []
    assert delivered.note == "kept here; no bucket is set"


def test_j8_a_report_folder_that_is_a_link_elsewhere_is_refused(
    month: Settings, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    month.reports.mkdir()
    folder = month.reports / "2026-11-01_0400_run_1234"
    folder.symlink_to(outside)
    with pytest.raises(ConfigurationError, match="leads out of"):
        write_reports(month, facts())
    assert list(outside.iterdir()) == []


def test_j8_a_run_id_cannot_climb_out_of_the_reports(month: Settings) -> None:
    delivered = write_reports(month, facts(run_id="../../etc/x"))
    assert delivered.folder.parent == month.reports.resolve()


def test_a_second_report_of_the_run_replaces_the_first(month: Settings) -> None:
    first = write_reports(month, facts())
    second = write_reports(month, facts(error="stopped"))
    assert first.folder == second.folder
    assert {path.name for path in second.folder.iterdir()} == {path.name for path in first.files}
    assert "This run failed" in (second.folder / "report.html").read_text(encoding="utf-8")

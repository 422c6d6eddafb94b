"""What did not come, in words; and that no run's own alert repeats it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration.alerts.message import worded, worded_gaps
from orchestration.alerts.trouble import Finding, rows_said
from orchestration.gaps import Gap, gaps_of
from orchestration.outcome import BuildOutcome, trouble_of
from tests.python.orchestration.alert_cases import WARN, trouble

NOON = datetime(2026, 11, 1, 12)
MISSING = Finding("expected_files_are_there", "warn", 1, "select 1", "models/x.yml")
UNASKED = Finding("file_numbers_have_no_gaps", "error", 0, "", "models/x.yml", "no such table")


def told(*findings: Finding) -> list[str]:
    """The findings that a run's alert names."""
    found = trouble_of(BuildOutcome("r", None, NOON, NOON, findings=findings), "t", "books", "l")
    return [finding.name for finding in found.findings] if found else []


def test_a_run_does_not_tell_gaps_again_but_a_test_that_could_not_be_asked() -> None:
    assert told(MISSING) == []
    assert told(MISSING, WARN) == [WARN.name]
    assert told(UNASKED) == [UNASKED.name]


def test_a_model_that_failed_has_no_rows_to_tell() -> None:
    assert [rows_said(rows) for rows in (0, 1, 7)] == ["failed", "1 row", "7 rows"]
    failed = Finding("matches", "error", 0, "", "models/x.sql", "no such column", is_test=False)
    assert "Failing rows: none, it failed itself" in worded(trouble(failed)).plain
    assert "Failing rows: 0" not in worded(trouble(failed)).plain


@pytest.fixture
def gaps(duckdb_settings: Settings) -> list[Gap]:
    """A file that is held, and two numbers that nobody sent."""
    with open_warehouse(duckdb_settings) as warehouse:
        warehouse.execute("create schema marts")
        warehouse.execute(
            "create table marts.expected_files as select 'exp_1' as expected_file_id,"
            " 'bank' as source, 'daily' as expectation_id, 'b_*.xml' as name_pattern,"
            " 'b_20261031*.xml' as expected_name, cast($1 as date) as business_date,"
            " cast($2 as timestamp) as due_at, 'Europe/Berlin' as time_zone, null as calendar,"
            " 'held' as state, false as is_complete, 'doc_1' as document_id, 'b_20261031.xml' as"
            " name",
            [date(2026, 10, 31), datetime(2026, 11, 1, 7)],
        )
        warehouse.execute(
            "create table marts.file_gaps as select 'gap_1' as file_gap_id, 'cielo' as source,"
            " '10' as sequence_scope, 9 as first_missing, 11 as last_missing, 'f2.txt' as"
            " file_before, 'f5.txt' as file_after, cast($1 as timestamp) as known_since",
            [NOON],
        )
        return gaps_of(warehouse)


def test_a_held_file_says_how_to_let_it_in_and_numbers_whom_to_ask(gaps: list[Gap]) -> None:
    held, numbers = gaps
    assert held.line == (
        "2026-10-31 bank b_20261031*.xml: held,"
        " due 2026-11-01 08:00 Europe/Berlin (2026-11-01 07:00 UTC)"
    )
    assert "`tieout release doc_1`" in held.to_do
    assert "b_20261031.xml came and is held" in held.to_do
    assert (numbers.what, numbers.day) == ("numbers 9 to 11 of 10", "")
    assert "between f2.txt and f5.txt" in numbers.to_do


def test_one_message_names_all_that_is_new(gaps: list[Gap]) -> None:
    message = worded_gaps("books", "run_1", gaps)
    assert message.subject == (
        "[Tieout warn] books: 2 files are missing or held, 2026-10-31 is incomplete"
    )
    assert "1. bank: b_20261031*.xml, for 2026-10-31" in message.plain
    assert "2. cielo: numbers 9 to 11 of 10" in message.plain
    assert "tieout release doc_1" in message.html

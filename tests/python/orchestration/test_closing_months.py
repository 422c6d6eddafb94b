"""A month is closed from marts that are whole, and no month closes unseen that lacks a file.

Run alone: pytest tests/python/orchestration/test_closing_months.py
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import CLOSED_FIGURES, ensure_schema
from orchestration.closing import close_period
from orchestration.outcome import Exit
from orchestration.runs import close_entry, open_entry, started

NOW = datetime(2026, 11, 3, 9, 0)


@pytest.fixture
def books(duckdb_settings: Settings) -> Settings:
    """A row of August that lacks a file, one of September and one of October that lack none."""
    settings = duckdb_settings.model_copy(update={"now": NOW})
    figures = ", ".join(f"1 as {name}" for name in CLOSED_FIGURES)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        warehouse.execute("create schema marts")
        warehouse.execute(
            "create table marts.reconciliation_summary as select 'default' as tenant_id,"
            " 'r' as reconciliation, 's' as source, 'left' as role, day as business_date,"
            f" 'EUR' as currency, day >= date '2026-09-01' as is_complete, {figures} from (values"
            " (date '2026-08-20'), (date '2026-09-20'), (date '2026-10-20')) as days (day)"
        )
    return settings


def ran(settings: Settings, hour: int, *, well: bool = True, is_partial: bool = False) -> None:
    """A build of this hour."""
    run = started("build", NOW + timedelta(hours=hour), f"run_{hour}")
    with open_warehouse(settings) as warehouse:
        open_entry(warehouse, settings, run, is_partial)
        close_entry(warehouse, run, Exit.GOOD if well else Exit.FAILED, {})


def refused(settings: Settings, month: str) -> str:
    """Why it is not closed."""
    with pytest.raises(ConfigurationError) as said:
        close_period(settings, month, "ada")
    return str(said.value)


def test_a_file_that_an_earlier_month_lacks_is_named(books: Settings) -> None:
    ran(books, 0)
    assert "files of 1 days that it closes, the first 2026-08-20" in refused(books, "2026-10")
    close_period(books, "2026-08", "ada", is_forced=True)
    assert close_period(books, "2026-10", "ada")["covers_from"] == "2026-09"


def test_what_a_run_left_half_built_is_not_closed(books: Settings) -> None:
    ran(books, 0)
    close_period(books, "2026-08", "ada", is_forced=True)
    ran(books, 1, well=False)
    assert "run_1 (tieout build, begun" in refused(books, "2026-09")
    ran(books, 2, is_partial=True)
    assert "run_1 (tieout build, begun" in refused(books, "2026-09")
    ran(books, 3)
    assert close_period(books, "2026-09", "ada")["covers_from"] == "2026-09"


def test_a_build_of_some_models_does_not_bring_the_last_days_in(books: Settings) -> None:
    ran(books, 0, is_partial=True)
    assert "no build that succeeded" in refused(books, "2026-08")

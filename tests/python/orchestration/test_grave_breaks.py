"""An open break as severe as the deployment says ends a run with 3; others do not."""

from __future__ import annotations

from datetime import datetime

import pytest

from dbt_project.settings import Limits, Settings
from dbt_project.warehouse import open_warehouse
from orchestration.build import grave_breaks
from orchestration.outcome import BuildOutcome, Exit

NOON = datetime(2026, 11, 1, 12)


def with_breaks(settings: Settings) -> Settings:
    """A warehouse with one accepted and one open critical break, and one open high one."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute("create schema marts")
        warehouse.execute("create table marts.discrepancies (severity text, is_accepted boolean)")
        warehouse.execute(
            "insert into marts.discrepancies values"
            " ('critical', true), ('critical', false), ('high', false), ('low', false)"
        )
    return settings


@pytest.mark.parametrize(("threshold", "found"), [("critical", 1), ("high", 2), ("low", 3)])
def test_open_breaks_count_from_the_threshold_on(
    engine_settings: Settings, threshold: str, found: int
) -> None:
    limits = Limits.model_validate({"attention_from": threshold})
    settings = with_breaks(engine_settings.model_copy(update={"limits": limits}))
    assert grave_breaks(settings) == found


def test_nothing_built_has_no_break(duckdb_settings: Settings) -> None:
    assert grave_breaks(duckdb_settings) == 0


@pytest.mark.parametrize(("grave", "code"), [(0, Exit.GOOD), (1, Exit.ATTENTION)])
def test_a_grave_break_ends_a_good_build_with_3(grave: int, code: Exit) -> None:
    assert BuildOutcome("run_1", None, NOON, NOON, grave_breaks=grave).exit_code == code


def test_a_failed_build_stays_failed_whatever_breaks_there_are() -> None:
    outcome = BuildOutcome("run_1", None, NOON, NOON, error="no disk", grave_breaks=3)
    assert outcome.exit_code == Exit.FAILED

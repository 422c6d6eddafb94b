"""When the jobs run, and what the month-end is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dagster import RunRequest, build_schedule_context
from dagster._utils.schedules import schedule_execution_time_iterator

from orchestration.schedule.config import BuildConfig
from orchestration.schedule.jobs import SCHEDULES, month_before, month_end_schedule


def next_times(name: str, start: datetime, count: int) -> list[str]:
    (found,) = [schedule for schedule in SCHEDULES if schedule.name == name]
    assert isinstance(found.cron_schedule, str)
    times = schedule_execution_time_iterator(
        start.timestamp(), found.cron_schedule, found.execution_timezone, ascending=True
    )
    return [f"{next(times).astimezone(UTC):%Y-%m-%d %H:%M}" for _ in range(count)]


def test_daily_is_at_four_utc_also_when_clocks_change() -> None:
    start = datetime(2026, 10, 24, 5, tzinfo=UTC)  # Europe's clocks change on the 25th
    assert next_times("daily_0400_utc", start, 3) == [
        "2026-10-25 04:00",
        "2026-10-26 04:00",
        "2026-10-27 04:00",
    ]


def test_month_end_is_on_the_first_at_two_utc() -> None:
    start = datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert next_times("month_end_1st_0200_utc", start, 3) == [
        "2026-11-01 02:00",
        "2026-12-01 02:00",
        "2027-01-01 02:00",
    ]


def test_month_end_closes_the_month_before_and_fixes_its_moment() -> None:
    context = build_schedule_context(scheduled_execution_time=datetime(2027, 1, 1, 2, tzinfo=UTC))
    request = month_end_schedule(context)
    assert isinstance(request, RunRequest)
    assert request.tags["tieout/closes"] == "2026-12"
    assert BuildConfig(**request.run_config["ops"]["dbt_build"]["config"]).fix_moment


@pytest.mark.parametrize(
    ("day", "month"),
    [((2026, 11, 1), "2026-10"), ((2027, 1, 1), "2026-12"), ((2028, 3, 1), "2028-02")],
)
def test_the_month_before(day: tuple[int, int, int], month: str) -> None:
    assert month_before(datetime(*day)) == month

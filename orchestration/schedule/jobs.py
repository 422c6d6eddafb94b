"""The three jobs and their times. Each job is the whole run; what differs is what it is told.

In: the assets. Out: jobs `daily`, `month_end`, `inbox`, and two schedules.
"""

from datetime import UTC, datetime

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    define_asset_job,
    in_process_executor,
    schedule,
)

from orchestration.schedule.config import BUILD_OP, WRITER_TAG

_WHAT = {
    "daily": "Fetch from every door, land, build and test, publish, report.",
    "month_end": "The whole run at a moment that the diary keeps, so that it can be repeated.",
    "inbox": "The whole run, landing the files that run config names.",
}

JOBS = {
    name: define_asset_job(
        name,
        selection=AssetSelection.all(),
        description=description,
        tags=WRITER_TAG,
        executor_def=in_process_executor,
    )
    for name, description in _WHAT.items()
}

daily_schedule = ScheduleDefinition(
    name="daily_0400_utc",
    job=JOBS["daily"],
    cron_schedule="0 4 * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
)


@schedule(
    name="month_end_1st_0200_utc",
    job=JOBS["month_end"],
    cron_schedule="0 2 1 * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
)
def month_end_schedule(context: ScheduleEvaluationContext) -> RunRequest:
    """The close of the month before, once a month."""
    month = month_before(context.scheduled_execution_time.astimezone(UTC))
    return RunRequest(
        run_key=month,
        run_config={"ops": {BUILD_OP: {"config": {"fix_moment": True}}}},
        tags={"tieout/closes": month},
    )


def month_before(moment: datetime) -> str:
    """The month that ended before a moment, as 2026-10."""
    year, month = (moment.year, moment.month - 1) if moment.month > 1 else (moment.year - 1, 12)
    return f"{year:04d}-{month:02d}"


SCHEDULES = [daily_schedule, month_end_schedule]

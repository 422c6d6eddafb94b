"""The close of a month of rewards by itself: it waits for the workbook, then freezes the month.

In: the warehouse as the last run left it. Out: the job `rewards_close`, a sensor that asks for it
once the workbook that came after the month's end is landed and built, and a schedule on the 1st at
02:00 UTC. Either asks once a month; the month that is closed already is left alone. The month's
files for finance are then in the folder of reports, under rewards_<month>. By hand:
`tieout close rewards --period 2026-10`, or the job with another period in its run config.
"""

from datetime import UTC, datetime

from dagster import (
    Config,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    Failure,
    OpExecutionContext,
    RunRequest,
    ScheduleEvaluationContext,
    SensorEvaluationContext,
    SkipReason,
    job,
    op,
    schedule,
    sensor,
)
from pydantic import Field

from dbt_project.months import bounds
from dbt_project.settings import ConfigurationError, Settings, load_settings
from dbt_project.warehouse import WarehouseBusyError, open_warehouse
from delivery.rewards.export import export_rewards
from orchestration.closing_rewards import (
    close_rewards,
    last_closed,
    newest_workbook,
    reopened_by,
    unfinished,
)
from orchestration.schedule.config import POOL, WRITER_TAG, in_turn
from orchestration.schedule.jobs import month_before

CLOSE_OP = "close_month_of_rewards"
HOUR = 2  # of the 1st: nothing is closed before
SECONDS_A_TICK = 60


class CloseConfig(Config):
    """Which month to close."""

    period: str = Field(description="The month, 2026-10.")
    by: str = Field(default="timetable", description="Who decides.")
    force: bool = Field(default=False, description="Also when it is not over or lacks a workbook.")


@op(name=CLOSE_OP, pool=POOL)
def close_month(context: OpExecutionContext, config: CloseConfig) -> None:
    """Freezes the month, if it is not."""
    settings = load_settings()
    first, _ = bounds(config.period)
    with in_turn():
        with open_warehouse(settings, read_only=True) as warehouse:
            last = last_closed(warehouse, settings.tenant)
        if last and last >= first:
            context.log.info("rewards are closed up to %s", last)
            return
        try:
            made = close_rewards(settings, config.period, config.by, is_forced=config.force)
        except ConfigurationError as error:
            raise Failure(str(error), allow_retries=False) from error
    context.log.info("closed %s, fingerprint %s", config.period, made["fingerprint"])
    write_files(context, settings, config.period)


def write_files(context: OpExecutionContext, settings: Settings, period: str) -> None:
    """The month's files for finance. The close stands without them: `tieout rewards export`."""
    folder = settings.reports / f"rewards_{period}"
    try:
        files = export_rewards(settings, folder, period)
    except ConfigurationError as error:
        context.log.warning("no files of %s: %s", period, error)
        return
    context.log.info("%s files of %s in %s", len(files), period, folder)


@job(
    name="rewards_close",
    description="Freezes a month of rewards as the last build has it.",
    tags=WRITER_TAG,
)
def rewards_close() -> None:
    """One op: the build was another run's work."""
    close_month()


def request_for(month: str) -> RunRequest:
    """The close of a month; the same month is asked for once."""
    return RunRequest(
        run_key=f"rewards-{month}",
        run_config={"ops": {CLOSE_OP: {"config": {"period": month}}}},
        tags={**WRITER_TAG, "tieout/closes": f"rewards {month}"},
    )


def waits_for(settings: Settings, month: str, now: datetime) -> str:
    """Why the month before is not closed now, or nothing: then it should be."""
    first, after = bounds(month)
    if now.date() == after and now.hour < HOUR:
        return f"{month} is closed from {HOUR:02d}:00 UTC on"
    with open_warehouse(settings, read_only=True) as warehouse:
        if newest_workbook(warehouse, settings.tenant) is None:
            return "no workbook of rewards has ever come"
        last = last_closed(warehouse, settings.tenant)
        if last and last >= first:
            return f"{last:%Y-%m} is closed"
        if who := reopened_by(warehouse, settings.tenant, first):
            return f"{month} was opened again by {who}, and a person closes it"
        return unfinished(warehouse, settings, first, after)


@sensor(
    name="rewards_workbook",
    job=rewards_close,
    minimum_interval_seconds=SECONDS_A_TICK,
    default_status=DefaultSensorStatus.RUNNING,
)
def workbook_sensor(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Waits for the month's workbook, whichever door it comes through, and for its build."""
    settings = load_settings()
    now = settings.clock()
    month = month_before(now)
    try:
        why = waits_for(settings, month, now)
    except WarehouseBusyError:
        return SkipReason("somebody is writing just now")
    return SkipReason(f"rewards: {why}") if why else request_for(month)


@schedule(
    name="rewards_1st_0200_utc",
    job=rewards_close,
    cron_schedule=f"0 {HOUR} 1 * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
)
def rewards_schedule(context: ScheduleEvaluationContext) -> RunRequest | SkipReason:
    """The month before, where its workbook is in by then; else the sensor goes on waiting."""
    settings = load_settings()
    now = context.scheduled_execution_time.astimezone(UTC).replace(tzinfo=None)
    month = month_before(now)
    try:
        why = waits_for(settings, month, now)
    except WarehouseBusyError:
        why = "somebody is writing just now"
    return SkipReason(f"rewards: {why}; the sensor waits for it") if why else request_for(month)

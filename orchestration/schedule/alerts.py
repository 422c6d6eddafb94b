"""The alert sensor: every finished run that needs a person is told about once.

In: runs that ended since the last tick, and a while before (nothing may slip between two ticks).
Out: alerts in the outbox, and deliveries of what waits there. The outbox's unique key makes the
overlap harmless; delivery that fails is tried again at the next tick.
"""

from datetime import UTC, datetime, timedelta

from dagster import (
    DagsterRun,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from dbt_project.settings import Settings, load_settings
from dbt_project.warehouse import WarehouseBusyError
from orchestration.alerts.deliver import file_alert, flush
from orchestration.alerts.success import tell_success
from orchestration.schedule.finished import is_over, trouble_of

SECONDS_A_TICK = 30
OVERLAP = timedelta(hours=1)  # longer than finished.PATIENCE
ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE]


@sensor(
    name="alerts",
    minimum_interval_seconds=SECONDS_A_TICK,
    default_status=DefaultSensorStatus.RUNNING,
)
def alert_sensor(context: SensorEvaluationContext) -> SensorResult:
    """Files and delivers alerts about finished runs."""
    settings = load_settings()
    now = datetime.now(UTC)
    since = datetime.fromisoformat(context.cursor) if context.cursor else now
    filed = _file(context, settings, since - OVERLAP, now)
    flushed = flush(settings)
    for waiting in flushed.waiting:
        context.log.warning("an alert waits: %s", waiting)
    words = f"{filed} filed, {flushed.delivered} delivered, {len(flushed.waiting)} wait"
    return SensorResult(skip_reason=SkipReason(words), cursor=now.isoformat())


def _file(
    context: SensorEvaluationContext, settings: Settings, since: datetime, now: datetime
) -> int:
    instance = context.instance
    records = instance.get_run_records(RunsFilter(statuses=ENDED, updated_after=since))
    filed = 0
    for record in sorted(records, key=lambda r: (r.update_timestamp, r.dagster_run.run_id)):
        ended = record.update_timestamp.replace(tzinfo=UTC)
        if is_over(record.dagster_run, ended, now, instance.run_retries_enabled):
            trouble = trouble_of(
                instance, record.dagster_run, settings.tenant, settings.alerts.base_url
            )
            if trouble:
                filed += file_alert(settings, trouble)
            else:
                filed += _tell_success(context, settings, record.dagster_run)
    return filed


def _tell_success(context: SensorEvaluationContext, settings: Settings, run: DagsterRun) -> bool:
    """The next tick tries again while somebody holds the warehouse."""
    try:
        return tell_success(settings, run.run_id, f"Dagster job {run.job_name}")
    except WarehouseBusyError as busy:
        context.log.info("%s", busy)
        return False

"""What Dagster's own diary says of finished runs: which are over for good, and what failed in them.

In: a Dagster instance. Out: Trouble for each retry group that needs a person. Reads only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dagster import DagsterEventType, DagsterInstance, DagsterRun, DagsterRunStatus, EventLogEntry
from dagster._core.storage.tags import RETRY_NUMBER_TAG, WILL_RETRY_TAG

from orchestration.alerts.trouble import Finding, Severity, Trouble, each_once, without_gaps

_TELLING = {
    DagsterEventType.ASSET_CHECK_EVALUATION,
    DagsterEventType.ASSET_OBSERVATION,
    DagsterEventType.STEP_FAILURE,
    DagsterEventType.RUN_FAILURE,
}
_BAD = {"error": "error", "fail": "error", "warn": "warn"}
PATIENCE = timedelta(minutes=30)  # for a retry that was promised
TAGGING = timedelta(minutes=1)  # for Dagster to say whether there will be one


def attempts_of(instance: DagsterInstance, run: DagsterRun) -> list[DagsterRun]:
    """A run and the runs it retries, the first attempt first.

    Only what Dagster retried by itself: a run that a person started again is a run of its own.
    """
    chain = [run]
    while RETRY_NUMBER_TAG in chain[0].tags and chain[0].parent_run_id:
        parent = instance.get_run_by_id(chain[0].parent_run_id)
        if parent is None:
            break
        chain.insert(0, parent)
    return chain


def is_over(run: DagsterRun, ended: datetime, now: datetime, has_retries: bool) -> bool:
    """Whether a finished run is the last word: no retry of it is coming."""
    if run.status != DagsterRunStatus.FAILURE or not has_retries:
        return True
    will_retry = run.tags.get(WILL_RETRY_TAG)
    if will_retry is None:  # written a moment after the failure itself
        return now - ended > TAGGING
    return will_retry != "true" or now - ended > PATIENCE


def trouble_of(
    instance: DagsterInstance, run: DagsterRun, tenant: str, base_url: str | None
) -> Trouble | None:
    """What a finished run needs a person for, over all its attempts; None when all is well."""
    attempts = attempts_of(instance, run)
    link = f"{base_url.rstrip('/')}/runs/{run.run_id}" if base_url else ""
    events = [e for attempt in attempts for e in instance.all_logs(attempt.run_id, _TELLING)]
    findings = without_gaps(each_once(_findings(events, link)))
    error = _error(events, run)
    if not findings and not error:
        return None
    return Trouble(
        run_id=attempts[0].run_id,
        title=f"Dagster job {run.job_name}",
        tenant=tenant,
        link=link or f"Dagster run {run.run_id}",
        findings=findings,
        error=error,
    )


def _findings(events: Sequence[EventLogEntry], link: str) -> Iterator[Finding]:
    for entry in events:
        event = entry.dagster_event
        if event is None:
            continue
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed:
                name = check.check_name
                if "unique_id" not in check.metadata:  # ours, not dbt's: the name alone says little
                    name = f"{check.asset_key.to_user_string()}: {name}"
                severity: Severity = "error" if check.severity.value == "ERROR" else "warn"
                found = _finding(name, severity, check.metadata, link)
                yield replace(found, message=check.description or "")
        elif event.event_type == DagsterEventType.ASSET_OBSERVATION:
            yield from _observed(event.asset_observation_data.asset_observation.metadata, link)


def _observed(metadata: Mapping[str, Any], link: str) -> Iterator[Finding]:
    """A dbt test that is no asset check (it has several parents) comes as an observation."""
    unique_id, status = _value(metadata.get("unique_id")), _value(metadata.get("status"))
    if str(unique_id).startswith("test.") and status in _BAD:
        severity: Severity = "warn" if status == "warn" else "error"
        yield _finding(str(unique_id).split(".")[2], severity, metadata, link)


def _finding(name: str, severity: Severity, metadata: Mapping[str, Any], link: str) -> Finding:
    return Finding(
        name=name,
        severity=severity,
        rows=int(_value(metadata.get("rows")) or 0),
        sql=str(_value(metadata.get("sql")) or ""),
        link=link or str(_value(metadata.get("link")) or "the asset's checks in Dagster"),
    )


def _error(events: Sequence[EventLogEntry], run: DagsterRun) -> str:
    """Why the last attempt failed: its failed steps, or Dagster's word on the run."""
    if run.status != DagsterRunStatus.FAILURE:
        return ""
    own = [e.dagster_event for e in events if e.run_id == run.run_id and e.dagster_event]
    steps = [event for event in own if event.is_step_failure]
    if steps:
        return "\n".join(f"step {step.step_key}: {_reason(step)}" for step in steps)
    words = [event.message for event in own if event.is_run_failure]
    return "\n".join(word for word in words if word) or "the run failed"


def _reason(step: Any) -> str:
    """The message of a failed step: what the step itself said, else the exception's first line."""
    failure = step.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return str(failure.user_failure_data.description)
    error = failure.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error else "failed without a message"


def _value(entry: Any) -> Any:
    return getattr(entry, "value", entry)

"""A whole run, step by step: fetch and land, build, publish, report, alert.

In: Settings and what the caller wants. Out: values (LandingResult, RunOutcome).
The command line and Dagster call these same functions; neither has steps of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dbt_project.project import read_results
from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from delivery.facts import Delivered, Failure, RunFacts
from delivery.publish import publish
from delivery.report import write_reports
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import (
    LandingResult,
    ensure_schema,
    fetch_doors,
    land_all,
    release,
)
from orchestration import runs
from orchestration.alerts.deliver import Flushed
from orchestration.alerts.gaps import tell_gaps
from orchestration.alerts.trouble import scrubbed
from orchestration.alerts.vitals import tell_vitals
from orchestration.announce import alerting, announce
from orchestration.build import BuildRequest, build_models, close, moment_of, outcome_of
from orchestration.lock import Lock, single_writer
from orchestration.outcome import BuildOutcome, Exit
from orchestration.register import has_table


def _silent(_: Any) -> None:
    return None


@dataclass(frozen=True)
class Watch:
    """Who hears of progress: each stage, each landed file, each line of dbt's log."""

    stage: Callable[[str], None] = _silent
    landed: Callable[[LandingResult], None] = _silent
    line: Callable[[str], None] = _silent


NOBODY = Watch()


@dataclass(frozen=True)
class Arrivals:
    """What came in, and the doors that did not answer (their files wait for the next run)."""

    landed: tuple[LandingResult, ...]
    unreachable: str = ""


@dataclass(frozen=True)
class RunOutcome:
    """A whole run: what came in, which doors did not answer, what was built, what left."""

    arrivals: Arrivals
    build: BuildOutcome
    is_published: bool
    delivered: Delivered
    alerts: Flushed

    @property
    def exit_code(self) -> Exit:
        """1 when the build failed or a door did not answer, 3 when a person is needed, else 0."""
        return exit_code_of(self.arrivals, self.build)


def exit_code_of(arrivals: Arrivals, build: BuildOutcome) -> Exit:
    """The worse of landing and build: what failed is 1, anything for a person is 3."""
    if arrivals.unreachable:
        return Exit.FAILED
    return landing_exit(arrivals.landed) if build.exit_code == Exit.GOOD else build.exit_code


def landing_exit(landed: Sequence[LandingResult]) -> Exit:
    """3 when a file was held or rejected or has quarantined rows, else 0: the rest went on."""
    wants_person = any(
        result.quarantined_rows or result.state in {"held", "rejected"} for result in landed
    )
    return Exit.ATTENTION if wants_person else Exit.GOOD


def land(settings: Settings, source: str, files: Sequence[Path]) -> Iterator[LandingResult]:
    """Lands files of one source, one result each; the files stay where they are."""
    with single_writer(settings) as lock, open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for file in files:
            lock.check()
            yield from land_all(settings, warehouse, source, file, door="hand")


def fetch(
    settings: Settings,
    sources: Sequence[str] | None = None,
    places: Sequence[str] | None = None,
    on_landed: Callable[[LandingResult], None] = _silent,
) -> Arrivals:
    """Lands what the configured doors hold: of all or some sources, all files or those named."""
    with single_writer(settings) as lock:
        return _fetch(settings, sources, places, on_landed, lock)


def _fetch(
    settings: Settings,
    sources: Sequence[str] | None,
    places: Sequence[str] | None,
    on_landed: Callable[[LandingResult], None],
    lock: Lock,
) -> Arrivals:
    landed: list[LandingResult] = []
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        try:
            for result in fetch_doors(settings, warehouse, sources=sources, places=places):
                on_landed(result)
                landed.append(result)
                lock.check()  # before the next one
        except DoorError as error:  # raised when every other door was emptied
            return Arrivals(tuple(landed), str(error))
    return Arrivals(tuple(landed))


def run(
    settings: Settings,
    request: BuildRequest,
    sources: Sequence[str] | None = None,
    watch: Watch = NOBODY,
) -> RunOutcome:
    """Everything once, under one lock. What fails is alerted; an error goes on to the caller."""
    start = runs.started("run", moment_of(settings, request.as_of))
    with alerting(settings, start), single_writer(settings) as lock:
        watch.stage("Landing files")
        arrivals = _fetch(settings, sources, None, watch.landed, lock)
        lock.check()
        watch.stage("Building and testing")
        outcome = build_models(settings, request, start, lock.watching(watch.line))
        lock.check()
        tell_gaps(settings, start, outcome)
        if outcome.succeeded:
            watch.stage("Publishing")
            publish(settings)
        watch.stage("Writing reports")
        delivered = deliver(settings, outcome)
        detail = outcome.detail() | {"landed": landing_counts(arrivals.landed)}
        detail |= {"unreachable": arrivals.unreachable, "report": str(delivered.folder)}
        close(settings, start, exit_code_of(arrivals, outcome), detail)
        tell_vitals(settings, start, outcome)
    alerts = announce(settings, start, outcome, str(delivered.folder), arrivals.unreachable)
    return RunOutcome(arrivals, outcome, outcome.succeeded, delivered, alerts)


def deliver(settings: Settings, outcome: BuildOutcome) -> Delivered:
    """Writes the reports of a build, failed or not: a failed one's report says so."""
    return write_reports(settings, facts_of(outcome))


def facts_of(outcome: BuildOutcome) -> RunFacts:
    """What the reports need to know of a build."""
    return RunFacts(
        run_id=outcome.run_id,
        as_of=outcome.as_of,
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        nodes=outcome.counts(),
        failures=tuple(
            Failure(f.name, f.severity, f.rows, scrubbed(f.message), f.link)
            for f in outcome.findings
        ),
        error=scrubbed(outcome.error),
    )


def report_again(settings: Settings) -> Delivered:
    """Writes the reports of the last build again. Raises ConfigurationError when there is none."""
    with open_warehouse(settings, read_only=True) as warehouse:
        found = (
            runs.last_build(warehouse, settings) if has_table(warehouse, "ops", "runs") else None
        )
    if found is None:
        raise ConfigurationError("There is no build to report on yet; call `tieout run` first.")
    last, results = found
    start = runs.RunStart(last["run_id"], last["command"], last["as_of"], last["started_at"])
    outcome = outcome_of(settings, start, read_results(results))
    return deliver(settings, replace(outcome, finished_at=last["finished_at"] or start.started_at))


def release_held(
    settings: Settings, document_id: str, by: str = "unknown", reason: str = ""
) -> LandingResult:
    """Lets a held document in, after a person looked at it. Raises ConfigurationError."""
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        try:
            return release(settings, warehouse, document_id, by, reason)
        except (KeyError, ValueError) as error:
            raise ConfigurationError(str(error.args[0])) from error


def landing_counts(landed: Sequence[LandingResult]) -> dict[str, int]:
    """Files by state, and rows landed and quarantined."""
    states = dict.fromkeys(("landed", "duplicate", "held", "rejected"), 0)
    for result in landed:
        states[result.state] = states.get(result.state, 0) + 1
    return {
        **states,
        "rows": sum(result.landed_rows for result in landed),
        "quarantined_rows": sum(result.quarantined_rows for result in landed),
    }

"""The dbt build, with what belongs before and after it.

In: Settings and a BuildRequest. Out: BuildOutcome. Raises WarehouseBusyError when somebody else
is writing, ConfigurationError when dbt could not start. Run alone: tieout build
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dbt_project.project import DbtRun, NodeResult, manifest, run_dbt
from dbt_project.settings import BREAK_SEVERITIES, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, refresh_archive_listing
from orchestration import runs
from orchestration.alerts.gaps import tell_gaps
from orchestration.alerts.vitals import tell_vitals
from orchestration.announce import alerting, announce
from orchestration.lock import single_writer
from orchestration.outcome import BuildOutcome, Exit, findings_of
from orchestration.register import has_table


@dataclass(frozen=True)
class BuildRequest:
    """What to build, and as of when (None: now, or the deployment's pinned clock)."""

    as_of: datetime | None = None
    full_refresh: bool = False
    select: tuple[str, ...] = ()


def build_and_announce(
    settings: Settings, request: BuildRequest, on_line: Callable[[str], None] | None = None
) -> BuildOutcome:
    """One dbt build under the writer's lock, written into ops.runs and alerted."""
    run = runs.started("build", moment_of(settings, request.as_of))
    with alerting(settings, run), single_writer(settings) as lock:
        outcome = build_models(settings, request, run, lock.watching(on_line))
        lock.check()
        tell_gaps(settings, run, outcome)
        close(settings, run, outcome.exit_code, outcome.detail())
        tell_vitals(settings, run, outcome)
    announce(settings, run, outcome, str(settings.target_path / "run_results.json"))
    return outcome


def build_models(
    settings: Settings,
    request: BuildRequest,
    run: runs.RunStart,
    on_line: Callable[[str], None] | None = None,
) -> BuildOutcome:
    """The build itself: the caller holds the writer's lock and closes the diary."""
    prepare(settings, run, bool(request.select))
    ran: DbtRun = run_dbt(settings, dbt_words(request), dbt_variables(run.as_of), on_line)
    runs.keep_results(settings, run)
    outcome = outcome_of(settings, run, ran.results, "" if ran.succeeded else _unexplained(ran))
    return replace(outcome, grave_breaks=grave_breaks(settings)) if outcome.succeeded else outcome


def grave_breaks(settings: Settings) -> int:
    """How many open breaks are as severe as limits.attention_from, or worse."""
    grave = BREAK_SEVERITIES[BREAK_SEVERITIES.index(settings.limits.attention_from) :]
    with open_warehouse(settings, read_only=True) as warehouse:
        if not has_table(warehouse, "marts", "discrepancies"):
            return 0
        names = ", ".join(f"${number}" for number in range(1, len(grave) + 1))
        return int(
            warehouse.rows(
                "select count(*) as n from marts.discrepancies"
                f" where not is_accepted and severity in ({names})",
                grave,
            )[0]["n"]
        )


def prepare(settings: Settings, run: runs.RunStart, is_partial: bool) -> None:
    """Before dbt: the tables it reads, what the archive holds, the diary's first line."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        refresh_archive_listing(settings, warehouse)
        runs.open_entry(warehouse, settings, run, is_partial)


def close(settings: Settings, run: runs.RunStart, code: Exit, detail: dict[str, Any]) -> None:
    """After the last step: how the run ended, into the diary."""
    with open_warehouse(settings) as warehouse:
        runs.close_entry(warehouse, run, code, detail)


def outcome_of(
    settings: Settings, run: runs.RunStart, results: Sequence[NodeResult], error: str = ""
) -> BuildOutcome:
    """The outcome of node results, with the failing tests named."""
    return BuildOutcome(
        run_id=run.run_id,
        as_of=run.as_of,
        started_at=run.started_at,
        finished_at=runs.wall_clock(),
        results=tuple(results),
        findings=findings_of(results, manifest(settings)),
        error=error,
    )


def moment_of(settings: Settings, as_of: datetime | None) -> datetime | None:
    """The moment a build speaks of, in whole seconds; None lets dbt take its own start.

    Naming the start here would give dbt another variable each time, and it would parse anew.
    """
    moment = as_of or (settings.clock() if settings.now else None)
    if moment is None:
        return None
    # A document received within the second must count, so the second is completed.
    fraction = timedelta(seconds=1) if moment.microsecond else timedelta()
    return moment.replace(microsecond=0) + fraction


def dbt_words(request: BuildRequest) -> list[str]:
    """dbt's words for a build: seeds, snapshots, models and data tests.

    Unit tests prove the SQL, not the data: they run with the test suite, not with each build.
    """
    words = ["build", "--exclude-resource-type", "unit_test"]
    if request.full_refresh:
        words.append("--full-refresh")
    if request.select:
        words += ["--select", *request.select]
    return words


def dbt_variables(moment: datetime | None) -> dict[str, str]:
    """dbt's variables for a build: as_of when there is one."""
    return {"as_of": f"{moment:%Y-%m-%d %H:%M:%S}"} if moment else {}


def _unexplained(ran: DbtRun) -> str:
    """dbt's last lines, when it failed without any node to blame."""
    if any(result.status in {"error", "fail"} for result in ran.results):
        return ""
    return "\n".join(ran.output.strip().splitlines()[-20:])

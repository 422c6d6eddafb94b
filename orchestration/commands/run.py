"""tieout run, build, report: the work itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dbt_project.settings import Settings
from ingestion.known_sources import known_sources
from orchestration import pipeline
from orchestration.build import BuildRequest, build_and_announce
from orchestration.commands.load import line_of
from orchestration.console import (
    Target,
    complaints,
    console,
    plain,
    settings_for,
    styled,
    table,
)
from orchestration.outcome import BuildOutcome

_NODE = re.compile(r"\b(\d+) of (\d+) (?:OK|PASS|FAIL|WARN|ERROR|SKIP)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]|$)")
AsOf = Annotated[
    str | None, typer.Option(help="What was known then: 2026-10-31 or 2026-10-31T23:59:59Z (UTC).")
]
Full = Annotated[bool, typer.Option("--full-refresh", help="Build incremental models anew.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Examples: [b]tieout run[/b] · [b]tieout run --source stripe --source bank[/b] · "
        "[b]tieout run --as-of 2026-10-31T23:59:59Z[/b] (last month's close again). "
        "Nothing is published when a test at severity error fails."
    )(run)
    app.command(
        epilog="Examples: [b]tieout build[/b] · [b]tieout build --select matching+[/b] (dbt's own "
        "selection words) · [b]tieout build --as-of 2026-10-31[/b]."
    )(build)
    app.command(epilog="Example: [b]tieout report[/b], then open report.html in its folder.")(
        report
    )


def run(
    target: Target = None,
    date: Annotated[
        str | None, typer.Option(help="What was known at the end of this day (UTC), 2026-10-31.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Fetch this source only; may be given again.")
    ] = None,
    as_of: AsOf = None,
    full_refresh: Full = False,
) -> None:
    """Everything: fetch from the doors, land, build and test, publish, write reports, alert."""
    if date and as_of:
        raise typer.BadParameter("--date is the end of a day, --as-of a moment: give one of them")
    settings, out = settings_for(target), console()
    known = known_sources(settings) if source else {}
    if unknown := sorted(set(source or ()) - set(known)):
        raise typer.BadParameter(f"no such source: {', '.join(unknown)}; one of {', '.join(known)}")
    moment = moment_of(date or as_of, is_day=bool(date))
    request = BuildRequest(as_of=moment, full_refresh=full_refresh)
    with progress_of() as (progress, task):
        watch = pipeline.Watch(
            stage=lambda name: progress.update(task, description=name, completed=0, total=None),
            landed=lambda result: out.print(line_of(result)),
            line=lambda line: advance(progress, task, line),
        )
        outcome = pipeline.run(settings, request, source or None, watch)
    show_build(outcome.build)
    if outcome.arrivals.unreachable:
        complaints().print(f"[red]Not fetched:[/red] {plain(outcome.arrivals.unreachable)}")
    show_delivery(settings, outcome)
    raise typer.Exit(outcome.exit_code)


def build(
    target: Target = None,
    as_of: AsOf = None,
    full_refresh: Full = False,
    select: Annotated[
        list[str] | None, typer.Option(help="dbt's selection words; may be given again.")
    ] = None,
) -> None:
    """Build and test the models on what is landed; publishes and reports nothing."""
    request = BuildRequest(moment_of(as_of, is_day=False), full_refresh, tuple(select or ()))
    settings = settings_for(target)
    with progress_of() as (progress, task):
        progress.update(task, description="Building and testing")
        outcome = build_and_announce(settings, request, lambda line: advance(progress, task, line))
    show_build(outcome)
    raise typer.Exit(outcome.exit_code)


def report(target: Target = None) -> None:
    """Write the reports of the last build again, from the marts as they are."""
    delivered = pipeline.report_again(settings_for(target))
    console().print(f"Reports are in [b]{plain(delivered.folder)}[/b]")
    if delivered.note:
        console().print(plain(delivered.note))


def moment_of(text: str | None, is_day: bool) -> datetime | None:
    """A moment given by hand, in UTC without zone; a bare day is its last second."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text if _MOMENT.match(text) else "")
    except ValueError as error:
        raise typer.BadParameter(f"{text}: not a time; write 2026-10-31T23:59:59Z") from error
    if is_day and len(text) > len("2026-10-31"):
        raise typer.BadParameter(f"{text}: --date is a day; for a moment use --as-of")
    if len(text) == len("2026-10-31"):
        moment += timedelta(days=1, seconds=-1)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


@contextmanager
def progress_of() -> Iterator[tuple[Progress, TaskID]]:
    """A bar on standard error, when somebody looks at it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    screen = complaints()
    with Progress(
        *columns, console=screen, transient=True, disable=not screen.is_terminal
    ) as progress:
        yield progress, progress.add_task("Starting", total=None)


def advance(progress: Progress, task: TaskID, line: str) -> None:
    """Moves the bar when dbt's log says that a node is done."""
    if found := _NODE.search(line):
        progress.update(task, completed=int(found[1]), total=int(found[2]))


def show_build(outcome: BuildOutcome) -> None:
    """What was built, and each failing test once."""
    out = console()
    counts = ", ".join(f"{count} {status}" for status, count in outcome.counts().items())
    seconds = (outcome.finished_at - outcome.started_at).total_seconds()
    out.print(f"dbt: {counts or 'nothing ran'} in {seconds:.0f} s")
    if outcome.findings:
        failing = table("Failing", ["severity", "what", "rows", "where"], ("rows",))
        for finding in outcome.findings:
            failing.add_row(
                styled(finding.severity),
                plain(finding.name),
                str(finding.rows or "failed"),
                plain(finding.link),
            )
        out.print(failing)
    if outcome.grave_breaks:
        many = "break needs" if outcome.grave_breaks == 1 else "breaks need"
        out.print(f"[yellow]{outcome.grave_breaks} {many} a person now[/yellow]; see the report")
    if outcome.error:
        complaints().print(plain(outcome.error))


def show_delivery(settings: Settings, outcome: pipeline.RunOutcome) -> None:
    """Where the results are."""
    out = console()
    if outcome.is_published:
        where = settings.published if settings.target == "duckdb" else "schema published"
        out.print(f"Published to [b]{plain(where)}[/b]")
    else:
        out.print("[red]Not published[/red]: the build failed; readers keep the last good run")
    out.print(f"Reports are in [b]{plain(outcome.delivered.folder)}[/b]")
    if outcome.delivered.note:
        out.print(plain(outcome.delivered.note))
    for waiting in outcome.alerts.waiting:
        out.print(f"[yellow]An alert waits[/yellow] ({plain(waiting)}); see tieout alerts show")

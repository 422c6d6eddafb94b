"""tieout status, files: how the last run went, and every file that ever came."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dbt_project.warehouse import Warehouse, open_warehouse
from delivery.proposals import NEEDS, QUERY, proposals, side_of
from ingestion.known_sources import known_sources
from orchestration.alerts.deliver import outbox_of
from orchestration.alerts.trouble import rows_said
from orchestration.console import Target, console, plain, reason, settings_for, styled, table
from orchestration.explain_doors import money
from orchestration.gaps import gaps_of
from orchestration.register import has_table, register_of, way_out
from orchestration.runs import last_run

_PROPOSALS = 10  # as many are listed
_STATES = {"landed", "duplicate", "superseded", "held", "rejected"}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Example: [b]tieout status[/b]. Exit code is always 0 when it could look.")(
        status
    )
    app.command(
        epilog="Examples: [b]tieout files[/b] · [b]tieout files --state held[/b] · "
        "[b]tieout files --source bank[/b]."
    )(files)


def status(target: Target = None) -> None:
    """The last run: when, how it ended, what failed, and what waits for a person."""
    settings = settings_for(target)
    out = console()
    with open_warehouse(settings, read_only=True) as warehouse:
        run = last_run(warehouse) if has_table(warehouse, "ops", "runs") else None
        held = _held(warehouse)
        gaps = gaps_of(warehouse)
        proposed = _proposed(warehouse)
    if run is None:
        out.print("No run yet. Start with [b]tieout run[/b], or see [b]make demo[/b].")
        return
    _show_run(run)
    if held:
        out.print(f"[yellow]Files held: {held}[/yellow]; see tieout files --state held")
    if gaps:
        out.print("[yellow]Incomplete days[/yellow] (see docs/landing.md):")
        for gap in gaps:
            out.print(f"  {plain(gap.line)}", soft_wrap=True)
        out.print(
            "  Ask the senders. A day that has no file for a reason goes into"
            " seeds/holidays.csv; a held one: tieout files --state held"
        )
    _show_proposed(proposed)
    waiting = sum(entry.state == "pending" for entry in outbox_of(settings).entries())
    if waiting:
        out.print(f"[yellow]Alerts that wait: {waiting}[/yellow]; see tieout alerts show")


def _proposed(warehouse: Warehouse) -> list[str]:
    """Each match that waits for a person: score, both sides with their amounts."""
    if not all(has_table(warehouse, *name.split(".")) for name in NEEDS):
        return []
    return [
        f"{entry['match_id']}  score {entry['confidence']}  "
        + " ↔ ".join(
            f"{side_of(entry, role)} {money(entry[f'{role}_amount'], entry['currency'])}"
            for role in ("left", "right")
        )
        for entry in proposals(warehouse.rows(QUERY))
    ]


def _show_proposed(lines: list[str]) -> None:
    if not lines:
        return
    out = console()
    out.print("[yellow]Proposed matches[/yellow], the largest first:")
    for line in lines[:_PROPOSALS]:
        out.print(f"  {plain(line)}", soft_wrap=True)
    if rest := lines[_PROPOSALS:]:
        out.print(f"  and {len(rest)} more: see the report")
    out.print("  tieout match ID confirms one, tieout unmatch ID --reason … rejects it")


def files(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    state: Annotated[
        str | None, typer.Option(help="Only this state: " + ", ".join(sorted(_STATES)))
    ] = None,
    target: Target = None,
) -> None:
    """The register: every file that came, duplicates included, and what became of it."""
    if state and state not in _STATES:
        raise typer.BadParameter(f"{state}: one of {', '.join(sorted(_STATES))}")
    settings = settings_for(target)
    known = known_sources(settings)
    if source and source not in known:
        raise typer.BadParameter(f"{source}: no such source; one of {', '.join(known)}")
    with open_warehouse(settings, read_only=True) as warehouse:
        entries = [
            entry
            for entry in register_of(warehouse)
            if source in (None, entry["source"]) and state in (None, entry["state"])
        ]
    shown = table(
        f"{len(entries)} file{'s' * (len(entries) != 1)}",
        [
            *("source", "name", "state", "code", "rows", "quarantined", "totals"),
            *("received", "document"),
        ],
        ("rows", "quarantined"),
    )
    for entry in entries:
        shown.add_row(*_cells(entry))
    for column in shown.columns:  # these are copied from here; totals may fold
        column.no_wrap = column.header != "totals"
    console().print(shown)
    for entry in entries:
        for line in _explained(entry):
            console().print(line, soft_wrap=True)


def _cells(entry: dict[str, Any]) -> list[str]:
    """A file as the columns of `files` show it."""
    return [
        entry["source"],
        plain(entry["name"]),
        styled(entry["state"]),
        plain(entry["code"]),
        plain(entry["landed_rows"]),
        plain(entry["quarantined_rows"]),
        plain(entry["totals"]),
        f"{entry['received_at']:%Y-%m-%d %H:%M}",
        plain(entry["document_id"]),
    ]


def _explained(entry: dict[str, Any]) -> list[str]:
    """Why a file is not as its sender meant it, and what to type: below the table, unfolded."""
    why = reason(entry["code"], entry["message"])
    if entry["state"] == "duplicate" or not why:
        return []
    lines = [f"{plain(entry['document_id'])} {styled(entry['state'])}: {why}"]
    return [*lines, f"    {plain(way)}"] if (way := way_out(entry)) else lines


def _show_run(run: dict[str, Any]) -> None:
    shown = table("Last run", ["", ""])
    nodes = run["detail"].get("nodes", {})
    landed = {k: v for k, v in run["detail"].get("landed", {}).items() if v}
    words = {
        "run": run["run_id"],
        "command": run["command"],
        "target": run["target"],
        "as of": run["as_of"] or "its own start",
        "started": f"{run['started_at']:%Y-%m-%d %H:%M:%S} UTC",
        "took": _duration(run),
        "landing": ", ".join(f"{count} {what}" for what, count in landed.items()),
        "dbt": ", ".join(f"{count} {state}" for state, count in nodes.items()),
        "report": run["detail"].get("report"),
        "exit code": run["exit_code"],
    }
    shown.add_row("status", styled(run["status"]))
    for name, value in words.items():
        if value not in (None, ""):
            shown.add_row(name, plain(value))
    for failing in run["detail"].get("failing", []):
        said = rows_said(failing["rows"])
        shown.add_row(styled(failing["severity"]), plain(f"{failing['name']}: {said}"))
    console().print(shown)


def _duration(run: dict[str, Any]) -> str:
    if run["finished_at"] is None:
        return "not finished: still at work, or it was killed"
    return f"{(run['finished_at'] - run['started_at']).total_seconds():.0f} s"


def _held(warehouse: Warehouse) -> int:
    if not has_table(warehouse, "ops", "documents"):
        return 0
    counted = warehouse.rows("select count(*) as files from ops.documents where state = 'held'")
    return int(counted[0]["files"])

"""tieout release, reject, reland, reprocess: what a person does about files that came before."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from ingestion.known_sources import known_sources
from ingestion.landing.difference import Difference
from orchestration import pipeline, repair
from orchestration.commands.load import exit_of, line_of, summary_of
from orchestration.console import Target, console, plain, settings_for, styled, table
from orchestration.outcome import Exit

NEXT = "Next: tieout build brings it into the marts; tieout run does that and reports."
Held = Annotated[str, typer.Argument(help="The held document, doc_….")]
By = Annotated[str | None, typer.Option(help="Who decides; default: the user of this machine.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Example: [b]tieout release doc_0123456789abcdef01234567 --by Ada[/b]; "
        "[b]tieout files --state held[/b] lists what is held and why."
    )(release)
    app.command(
        epilog="Example: [b]tieout reject doc_0123456789abcdef01234567 --reason 'not ours'[/b]."
    )(reject)
    app.command(
        epilog="Example: after a restore, [b]tieout reland[/b], then [b]tieout build[/b]. Exit 3: "
        "a file is held or rejected again."
    )(reland)
    app.command(
        epilog="Examples: [b]tieout reprocess --dry-run[/b] · "
        "[b]tieout reprocess --source bank[/b] · [b]tieout reprocess doc_0123…[/b]. "
        "Exit 3: a new parse was not taken, the old rows stay."
    )(reprocess)


def release(
    document_id: Held,
    by: By = None,
    reason: Annotated[str, typer.Option(help="Why it may come in.")] = "",
    target: Target = None,
) -> None:
    """Let a held file in, after a person looked at it: its good rows are landed."""
    settings = settings_for(target)
    result = pipeline.release_held(settings, document_id, repair.person(by), reason)
    console().print(line_of(result))
    if result.landed_rows:
        console().print(f"[dim]{NEXT}[/dim]")
    raise typer.Exit(exit_of([result]))


def reject(
    document_id: Held,
    reason: Annotated[str, typer.Option(help="Why it is not taken.")],
    by: By = None,
    target: Target = None,
) -> None:
    """Refuse a held file for good; its bytes stay in the archive, its rows stay out."""
    if not reason.strip():
        raise typer.BadParameter("--reason: say why, for whoever asks later")
    row = repair.reject(settings_for(target), document_id, repair.person(by), reason.strip())
    console().print(f"{styled(row['state'])} {plain(row['name'])}: {plain(row['message'])}")
    console().print(
        "[dim]Its rows stay out, also when the same bytes come again. If that was a mistake:"
        f" tieout reprocess {plain(document_id)}[/dim]"
    )


def reland(by: By = None, target: Target = None) -> None:
    """Land again, from the archive, every file that the database has lost."""
    results = []
    for result in repair.reland(settings_for(target), repair.person(by)):
        results.append(result)
        console().print(line_of(result))
    console().print(summary_of(results) if results else "Nothing is lost: the archive is landed.")
    raise typer.Exit(pipeline.landing_exit(results))


def reprocess(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Only these, doc_….", metavar="[DOC…]")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only files of this source.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare, and write nothing.")] = False,
    by: By = None,
    target: Target = None,
) -> None:
    """Read archived files with today's parser, replace their rows, and show the difference."""
    settings = settings_for(target)
    if source and source not in known_sources(settings):
        raise typer.BadParameter(f"{source}: no such source")
    words = (settings, source, list(documents or ()), repair.person(by))
    found = list(repair.reprocess(*words, is_trial=dry_run))
    if not found:
        which = f" of {plain(source)}" if source else ""
        console().print(
            f"Nothing to do: every archived file{which} was read by today's parser and manifest."
            " To read one all the same, name it: tieout reprocess doc_…"
        )
        return
    _show(found, dry_run=dry_run)
    is_refused = any(difference.state != "landed" for difference in found)
    _say_what_next(found, dry_run=dry_run)
    raise typer.Exit(Exit.ATTENTION if is_refused else Exit.GOOD)


def _show(found: list[Difference], *, dry_run: bool) -> None:
    shown = table(
        "What would change" if dry_run else "What changed",
        ["source", "name", "parser", "state", "rows", "gained", "lost", "changed", "totals"],
        ("gained", "lost", "changed"),
    )
    for one in found:
        shown.add_row(
            plain(one.source),
            plain(one.name),
            plain(f"{one.before_version} → {one.after_version}"),
            styled(one.state),
            f"{one.rows_before} → {one.rows_after}",
            str(one.gained),
            str(one.lost),
            str(one.changed),
            plain(_money(one)) if one.state == "landed" else plain(one.message),
        )
    console().print(shown)


def _say_what_next(found: list[Difference], *, dry_run: bool) -> None:
    """The last lines: what to type now."""
    out = console()
    if dry_run:
        out.print("[dim]Nothing was written; without --dry-run it is.[/dim]")
        return
    if any(one.state == "landed" and not one.is_none for one in found):
        out.print(f"[dim]{NEXT}[/dim]")
    for one in found:
        if one.state != "landed":
            kept = "the rows it has stay" if one.rows_before else "it has no rows"
            out.print(f"[yellow]Not taken:[/yellow] {plain(one.name)} is {one.state}, {kept}.")


def _money(one: Difference) -> str:
    """Each currency's total, before and after where they differ."""
    parts = []
    for currency in sorted({*one.totals_before, *one.totals_after}):
        before = one.totals_before.get(currency, Decimal(0)).normalize()
        after = one.totals_after.get(currency, Decimal(0)).normalize()
        parts.append(
            f"{currency} {before:f}" if before == after else f"{currency} {before:f} → {after:f}"
        )
    return ", ".join(parts)

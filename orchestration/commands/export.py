"""tieout export ledger: the books as files that an accounting program takes in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from delivery.ledger.export import Exported, export_ledger
from delivery.ledger.selection import Selection
from orchestration.console import Target, console, plain, settings_for, table

Format = Literal[
    "netsuite",
    "sap",
    "quickbooks-online",
    "quickbooks-desktop",
    "xero",
    "beancount",
    "hledger",
]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="What leaves for other programs.",
)


@app.callback()
def export() -> None:
    """What leaves for other programs."""


@app.command(
    epilog="Examples: [b]tieout export ledger --format netsuite --period 2026-10[/b] · "
    "[b]tieout export ledger --format sap --entry ent_0123…[/b] · [b]tieout export ledger --format "
    "xero --period 2026-10 --currency EUR --folder month-end[/b]. Exit 1: the program would not "
    "take it; the message names entry or account, and nothing is written. See docs/exports.md."
)
def ledger(
    format_: Annotated[Format, typer.Option("--format", help="The program it is for.")],
    period: Annotated[
        str, typer.Option(help="The month that entries are booked in, 2026-10.")
    ] = "",
    entry: Annotated[str, typer.Option(help="One entry by its id, ent_….")] = "",
    currency: Annotated[
        list[str] | None, typer.Option(help="Only this currency; may be said again.")
    ] = None,
    recorded_after: Annotated[
        str,
        typer.Option(help="Only entries recorded later (UTC): a manifest's recorded_until."),
    ] = "",
    books: Annotated[
        Literal["transaction", "functional"],
        typer.Option(help="Each amount in its own currency, or all in the tenant's (docs/fx.md)."),
    ] = "transaction",
    folder: Annotated[
        Path | None, typer.Option(help="Where its folder goes; default: exports beside reports.")
    ] = None,
    target: Target = None,
) -> None:
    """Write a month of the books, or one entry, with a manifest; the same books, the same bytes."""
    if not period and not entry:
        raise typer.BadParameter("--period: which month, 2026-10; or --entry: which entry")
    settings = settings_for(target)
    wanted = Selection(
        target=format_,
        tenant=settings.tenant,
        period=period,
        entry=entry,
        currencies=tuple(sorted({name.upper() for name in currency or ()})),
        recorded_after=_moment(recorded_after),
        books=books,
    )
    _show(export_ledger(settings, wanted, folder or settings.reports / "exports"))


def _moment(text: str) -> datetime | None:
    """A moment in UTC without zone, to the microsecond; a day alone would leave its hours open."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text if len(text) > len("2026-11-02") else "")
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"--recorded-after {text}: a day with its time, 2026-11-02T04:00:00.123456, as the"
            " manifest's recorded_until"
        ) from None


def _show(made: Exported) -> None:
    out, words = console(), made.manifest
    counted = f"{words['entries']:,} entries, {words['lines']:,} lines"
    shown = table(
        f"{words['format']} {words['period']}: {counted}",
        ["currency", "debits", "credits"],
        ("debits", "credits"),
    )
    for total in words["totals"]:
        shown.add_row(*(plain(total[name]) for name in ("currency", "debits", "credits")))
    out.print(shown)
    for note in _notes(words):
        out.print(f"[yellow]{plain(note)}[/yellow]", soft_wrap=True)
    files = len(words["files"])
    out.print(f"{files} file{'s' * (files != 1)} and manifest.json in [b]{plain(made.folder)}[/b]")


def _notes(words: Any) -> list[str]:
    """What there is to know before it is imported."""
    notes = []
    if not words["is_closed"]:
        notes.append(f"{words['period']} is open: more entries may come (tieout close ends it).")
    if words["late_entries"]:
        notes.append(f"{words['late_entries']:,} entries are of an earlier, closed month.")
    notes += [
        f"{left['currency']}: {left['lines']:,} lines left out by --currency."
        for left in words["left_out"]
    ]
    if len(apart := _apart(words)) > 1:
        notes.append(
            f"Files in {', '.join(apart)}: import each only into books kept in that currency."
            " The setting currency (seeds/export_settings.csv) says what yours are kept in."
        )
    notes += [f"{name}: {n:,} texts cut to fit." for name, n in words["shortened"].items()]
    return notes


def _apart(words: Any) -> list[str]:
    """The currencies that have files of their own, because the files themselves cannot say."""
    return sorted({file["currency"] for file in words["files"] if file["currency"]})

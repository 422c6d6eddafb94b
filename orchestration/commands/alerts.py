"""tieout alerts: what was sent, what waits, and trying again."""

from __future__ import annotations

import typer

from orchestration.alerts.channels import all_names
from orchestration.alerts.deliver import flush as flush_outbox
from orchestration.alerts.deliver import outbox_of
from orchestration.console import console, plain, settings_for, styled, table
from orchestration.outcome import Exit

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The outbox of alerts: each is sent once a channel, and stays until it is.",
)


@app.command(epilog="Example: [b]tieout alerts show[/b].")
def show() -> None:
    """Every alert on every channel: delivered, pending (and why), or without a channel."""
    entries = outbox_of(settings_for()).entries()
    shown = table(
        f"{len(entries)} alerts",
        ["filed", "severity", "subject", "channel", "state", "tries", "last error"],
        ("tries",),
    )
    for entry in entries:
        shown.add_row(
            entry.created_at[:19].replace("T", " "),
            styled(entry.severity),
            plain(entry.subject),
            plain(entry.channel),
            plain(entry.state),
            str(entry.attempts),
            plain(entry.last_error),
        )
    console().print(shown)


@app.command(
    epilog="Example: set up alerts in tieout.yml, then [b]tieout alerts flush[/b]. Exit 3: some "
    "still wait."
)
def flush() -> None:
    """Deliver what waits now, alerts from before any channel was configured included."""
    settings = settings_for()
    out = console()
    if not all_names(settings.alerts):
        out.print("No channel is configured: see alerts in tieout.yml.example.")
        raise typer.Exit(Exit.ATTENTION)
    flushed = flush_outbox(settings, include_orphans=True)
    out.print(f"{flushed.delivered} delivered, {len(flushed.waiting)} wait")
    for waiting in flushed.waiting:
        out.print(f"[yellow]{plain(waiting)}[/yellow]")
    raise typer.Exit(Exit.ATTENTION if flushed.waiting else Exit.GOOD)

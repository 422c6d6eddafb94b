"""tieout webhooks: the receiver of events that providers send by themselves, and what it holds."""

from __future__ import annotations

from typing import Annotated

import typer

from dbt_project.settings import load_settings
from ingestion.webhooks.serve import server_of
from ingestion.webhooks.spool import spool_of
from orchestration.console import complaints, configure_logs, console, plain, table
from orchestration.outcome import Exit

COLUMNS = ["provider", "state", "kind", "events", "since"]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Examples: [b]tieout webhooks --port 8713[/b] behind a proxy that speaks TLS · "
        "[b]tieout webhooks --list[/b] shows what came and what is of a kind no table is for. "
        "[b]tieout run[/b] lands what came. See docs/webhooks.md."
    )(webhooks)


def webhooks(
    host: Annotated[str | None, typer.Option(help="Where to listen, else as configured.")] = None,
    port: Annotated[int | None, typer.Option(help="The port, else as configured.")] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Show what the spool holds, and end.")
    ] = False,
) -> None:
    """Receive webhooks: prove each call, store it, then thank for it."""
    settings = load_settings()
    if listing:
        shown = table("Webhook events", COLUMNS, numbers=("events",))
        for line in spool_of(settings).lines():
            cells = (line.provider, line.state, line.event_type, line.count, line.since)
            shown.add_row(*(plain(cell) for cell in cells))
        console().print(shown)
        return
    configure_logs(is_json=True)
    server = server_of(settings, host, port)
    names = ", ".join(f"/webhooks/{p.name}" for p in settings.webhooks.providers)
    where = f"{server.config.host}:{server.config.port}"
    complaints().print(f"tieout: listening on {where} for {names}; stop it with Ctrl-C")
    server.run()
    if not server.started:
        raise typer.Exit(Exit.FAILED)

"""The command line. Each command is in orchestration/commands; this is the table of contents.

In: words. Out: exit code 0 all good, 1 failed, 2 wrong usage, 3 finished and something needs a
person. Errors that a person can act on are one message on standard error, without a traceback.
Run alone: tieout --help (or python -m orchestration.cli --help)
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Annotated

import duckdb
import psycopg
import typer
from botocore.exceptions import BotoCoreError, ClientError

from dbt_project.settings import ConfigurationError
from dbt_project.warehouse import WarehouseBusyError
from delivery.facts import PublishError
from delivery.ledger.book import ExportRefusedError
from ingestion.faults import SourceChangedError
from ingestion.landing.write import RowsLostError
from orchestration.alerts.trouble import scrubbed
from orchestration.commands import (
    alerts,
    chargeback,
    close,
    decide,
    doctor,
    explain,
    export,
    init,
    load,
    look,
    repair,
    rewards,
    rules,
    run,
    statements,
    webhooks,
)
from orchestration.console import complaints, configure_logs, plain
from orchestration.lock import LockLostError
from orchestration.outcome import Exit

EXPECTED = (
    ConfigurationError,
    WarehouseBusyError,
    LockLostError,
    SourceChangedError,
    RowsLostError,
    PublishError,
    ExportRefusedError,
    psycopg.Error,
    duckdb.Error,
    sqlite3.Error,
    BotoCoreError,
    ClientError,
    OSError,
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Payment reconciliation that ties out, from the raw file to the ledger line.\n\n"
    "Start with [b]tieout doctor[/b]. A day's work is [b]tieout run[/b]; then "
    "[b]tieout explain[/b] any number you wonder about.",
    epilog="Exit codes: 0 all good · 1 failed · 2 wrong usage · 3 finished, and a file or a test "
    "needs a person. Settings: tieout.yml, then TIEOUT_* variables. See docs/running.md.",
)


@app.callback()
def options(
    log_json: Annotated[
        bool, typer.Option("--log-json", help="JSON log lines on standard error.")
    ] = False,
) -> None:
    """Options before the command."""
    configure_logs(log_json)


for part in (init, load, run, look, repair, decide, close, statements, explain, doctor, webhooks):
    part.register(app)
app.add_typer(alerts.app, name="alerts")
app.add_typer(chargeback.app, name="chargeback")
app.add_typer(export.app, name="export")
app.add_typer(rules.app, name="rules")
app.add_typer(rewards.app, name="rewards")


def main() -> None:
    """The entry point of `tieout`."""
    try:
        app()
    except EXPECTED as error:
        complaints().print(f"[red]tieout:[/red] {plain(scrubbed(str(error).strip()))}")
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        complaints().print("tieout: stopped by hand; what was landed stays landed")
        sys.exit(Exit.FAILED)


if __name__ == "__main__":
    main()

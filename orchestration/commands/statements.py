"""tieout statements: what each processor held, paid and took, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from delivery.statements import write_statements
from orchestration.console import Target, console, plain, settings_for


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Examples: [b]tieout statements --folder month-end[/b] · "
        "[b]tieout statements --folder month-end --period 2026-10[/b]."
    )(statements)


def statements(
    folder: Annotated[Path, typer.Option(help="Where the files go; made if missing.")],
    period: Annotated[str, typer.Option(help="A month, 2026-10; else all.")] = "",
    target: Target = None,
) -> None:
    """Write each processor's balance summary, and each payout with its items, as CSV."""
    for file in write_statements(settings_for(target), folder, period):
        size = f"{file.stat().st_size:>12,} {file}"
        console().print(plain(size), soft_wrap=True)

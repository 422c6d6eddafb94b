"""tieout rewards: the rewards as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from delivery.rewards.export import export_rewards
from orchestration.console import Target, console, plain, settings_for

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The rewards as files for finance and for programs.",
)


@app.callback()
def rewards() -> None:
    """The rewards as files for finance and for programs."""


@app.command(
    epilog="Examples: [b]tieout rewards export --folder month-end[/b] · [b]tieout rewards export "
    "--folder month-end --period 2023-04[/b]."
)
def export(
    folder: Annotated[Path, typer.Option(help="Where the files go; made if missing.")],
    period: Annotated[
        str, typer.Option(help="A month, 2023-04: the state at its last day; else all.")
    ] = "",
    workbook: Annotated[
        bool, typer.Option(help="With the workbook; for millions of rows rather without.")
    ] = True,
    target: Target = None,
) -> None:
    """CSV, Parquet, a workbook and analytics_report.json of the last build."""
    files = export_rewards(settings_for(target), folder, period, workbook)
    out = console()
    for file in files:
        out.print(plain(f"{file.stat().st_size:>12,} {file.name}"), soft_wrap=True)
    out.print(f"{len(files)} files in [b]{plain(folder)}[/b]")

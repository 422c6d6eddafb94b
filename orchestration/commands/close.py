"""tieout close, reopen: a month whose figures are final, and which are."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dbt_project.warehouse import open_warehouse
from orchestration import closing
from orchestration.console import Target, console, plain, settings_for, table
from orchestration.repair import person

By = Annotated[str | None, typer.Option(help="Who decides; default: the user of this machine.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Examples: [b]tieout close 2026-10 --by Ada[/b] · [b]tieout close[/b] lists what is "
        "closed, and how many figures differ since."
    )(close)
    app.command(epilog="Example: [b]tieout reopen 2026-10 --reason 'the bank corrected it'[/b].")(
        reopen
    )


def close(
    period: Annotated[
        str | None, typer.Argument(help="A month, 2026-10; without one, the list.")
    ] = None,
    reason: Annotated[str, typer.Option(help="What there is to say about it.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Also when the month is not over or lacks files.")
    ] = False,
    by: By = None,
    target: Target = None,
) -> None:
    """Freeze a month's figures: what changes later shows in marts.period_differences."""
    settings = settings_for(target)
    if period is None:
        with open_warehouse(settings, read_only=True) as warehouse:
            _show(closing.closed_periods(warehouse, settings.tenant))
        return
    made = closing.close_period(settings, period, person(by), reason.strip(), is_forced=force)
    console().print(f"closed {plain(period)} by {plain(made['closed_by'])}")
    console().print(
        "[dim]Late files still land; what they change in it, marts.period_differences tells after"
        " the next tieout build.[/dim]"
    )


def reopen(
    period: Annotated[str, typer.Argument(help="The closed month, 2026-10.")],
    reason: Annotated[str, typer.Option(help="Why it is opened again.")] = "",
    by: By = None,
    target: Target = None,
) -> None:
    """Open a closed month again: its frozen figures are kept, and compared no more."""
    if not reason.strip():
        raise typer.BadParameter("--reason: say why, for whoever asks later")
    closing.reopen_period(settings_for(target), period, person(by), reason.strip())
    console().print(f"reopened {plain(period)}")


def _show(rows: list[dict[str, Any]]) -> None:
    if not rows:
        console().print("No period is closed. tieout close 2026-10 closes one.")
        return
    shown = table(
        "Closed periods",
        ["period", "closed by", "at", "forced", "figures that differ now", "reopened"],
        ("figures that differ now",),
    )
    for row in rows:
        opened = f"{row['reopened_by']}: {row['reopen_reason']}" if row["reopened_at"] else ""
        shown.add_row(
            plain(row["period"]),
            plain(row["closed_by"]),
            f"{row['closed_at']:%Y-%m-%d %H:%M}",
            "yes" if row["is_forced"] else "",
            "" if opened else plain(row["differing"]),
            plain(opened),
        )
    console().print(shown)

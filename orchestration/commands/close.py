"""tieout close, reopen: a month whose figures are final, of payments or rewards, and which are."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration import closing, closing_rewards
from orchestration.console import Target, console, plain, settings_for, table
from orchestration.repair import person

REWARDS = "rewards"
Period = Annotated[str | None, typer.Option(help="The month of rewards, 2026-10.")]
By = Annotated[str | None, typer.Option(help="Who decides; default: the user of this machine.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Examples: [b]tieout close 2026-10 --by Ada[/b] · [b]tieout close[/b] lists what is "
        "closed, and how many figures differ since · [b]tieout close rewards --period 2026-10[/b]."
    )(close)
    app.command(
        epilog="Examples: [b]tieout reopen 2026-10 --reason 'the bank corrected it'[/b] · "
        "[b]tieout reopen rewards --period 2026-10 --reason 'a workbook was wrong'[/b]."
    )(reopen)


def close(
    what: Annotated[
        str | None,
        typer.Argument(help="A month, 2026-10, or rewards with --period; without one, the list."),
    ] = None,
    period: Period = None,
    reason: Annotated[str, typer.Option(help="What there is to say about it.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Also when the month is not over or lacks files.")
    ] = False,
    by: By = None,
    target: Target = None,
) -> None:
    """Freeze a month's figures: what changes later shows in marts.period_differences.

    Of rewards: each customer's figures, and in marts.reward_period_adjustments.
    """
    settings = settings_for(target)
    month, is_rewards = _month(what, period)
    if month is None:
        _list(settings, is_rewards)
        return
    close_month = closing_rewards.close_rewards if is_rewards else closing.close_period
    made = close_month(settings, month, person(by), reason.strip(), is_forced=force)
    if is_rewards:
        told, extra = "reward_period_adjustments", f", fingerprint {made['fingerprint']}"
    else:
        told, extra = "period_differences", ""
    console().print(f"closed {plain(month)} by {plain(made['closed_by'])}{extra}")
    console().print(
        f"[dim]Late files still land; what they change in it, marts.{told} tells after"
        " the next tieout build.[/dim]"
    )


def reopen(
    what: Annotated[
        str, typer.Argument(help="The closed month, 2026-10, or rewards with --period.")
    ],
    period: Period = None,
    reason: Annotated[str, typer.Option(help="Why it is opened again.")] = "",
    by: By = None,
    target: Target = None,
) -> None:
    """Open a closed month again: its frozen figures are kept, and compared no more."""
    if not reason.strip():
        raise typer.BadParameter("--reason: say why, for whoever asks later")
    month, is_rewards = _month(what, period)
    if month is None:
        raise typer.BadParameter("--period: which month, 2026-10")
    opened = closing_rewards.reopen_rewards if is_rewards else closing.reopen_period
    opened(settings_for(target), month, person(by), reason.strip())
    console().print(f"reopened {plain(month)}")


def _month(what: str | None, period: str | None) -> tuple[str | None, bool]:
    """The month that is meant, and whether it is one of rewards."""
    if what != REWARDS and period is not None:
        raise typer.BadParameter(f"--period goes with {REWARDS}: tieout close {REWARDS} --period …")
    return (period, True) if what == REWARDS else (what, False)


def _list(settings: Settings, is_rewards: bool) -> None:
    """What is closed: of payments and, where there are any, of rewards; or of rewards alone."""
    with open_warehouse(settings, read_only=True) as warehouse:
        payments = closing.closed_periods(warehouse, settings.tenant)
        rewards = closing_rewards.closed_reward_periods(warehouse, settings.tenant)
    if not is_rewards:
        _show("Closed periods", "2026-10", payments)
    if is_rewards or rewards:
        _show("Closed months of rewards", "rewards --period 2026-10", rewards)


def _show(title: str, words: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        console().print(f"No period is closed. tieout close {words} closes one.")
        return
    shown = table(
        title,
        ["period", "closed by", "at", "forced", "figures that differ now", "reopened"],
        ("figures that differ now",),
    )
    for row in rows:
        opened = f"{row['reopened_by']}: {row['reopen_reason']}" if row["reopened_at"] else ""
        shown.add_row(
            plain(f"{row['period']}"[:7]),
            plain(row["closed_by"]),
            f"{row['closed_at']:%Y-%m-%d %H:%M}",
            "yes" if row["is_forced"] else "",
            "" if opened else plain(row["differing"]),
            plain(opened),
        )
    console().print(shown)

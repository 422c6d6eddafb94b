"""tieout match, unmatch: a person's word on what belongs together."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.console import Target, console, plain, settings_for
from orchestration.decide import Decision, decide
from orchestration.explain_doors import money
from orchestration.repair import person

NEXT = "Next: tieout build follows it; tieout run does that and reports."
Ids = Annotated[
    list[str],
    typer.Argument(help="A match (mat_…), or one row of each side.", metavar="MATCH | ROW ROW"),
]
By = Annotated[str | None, typer.Option(help="Who decides; default: the user of this machine.")]
Between = Annotated[
    str | None, typer.Option(help="Between whom, where two rows stand in several reconciliations.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Examples: [b]tieout match mat_0123…[/b] confirms a proposal; "
        "[b]tieout match bk_5038 txn_kw5038 --reason 'digits swapped'[/b] matches two rows."
    )(match)
    app.command(
        epilog="Example: [b]tieout unmatch mat_0123… --reason 'another buyer'[/b]. No rule "
        "matches its rows again; tieout match does."
    )(unmatch)


def match(
    ids: Ids,
    reason: Annotated[
        str, typer.Option(help="Why they belong together; a proposal may be just confirmed.")
    ] = "",
    by: By = None,
    reconciliation: Between = None,
    target: Target = None,
) -> None:
    """Confirm a proposed match, or match two rows that no rule brings together."""
    _two_at_most(ids)
    if len(ids) == 2 and not reason.strip():
        raise typer.BadParameter("--reason: say why, for whoever asks later")
    why = reason.strip() or f"the proposal {ids[0]} was looked at and is right"
    decided = decide(settings_for(target), "match", ids, person(by), why, reconciliation)
    _say(decided, "matched")


def unmatch(
    ids: Ids,
    reason: Annotated[str, typer.Option(help="Why they do not belong together.")] = "",
    by: By = None,
    reconciliation: Between = None,
    target: Target = None,
) -> None:
    """Reject a proposed match, or take a match apart; no rule matches its rows any more."""
    _two_at_most(ids)
    if not reason.strip():
        raise typer.BadParameter("--reason: say why, for whoever asks later")
    why = reason.strip()
    decided = decide(settings_for(target), "unmatch", ids, person(by), why, reconciliation)
    _say(decided, "taken apart")


def _two_at_most(ids: list[str]) -> None:
    if len(ids) > 2:
        raise typer.BadParameter("one match, or one row of each side")


def _say(decided: Decision, word: str) -> None:
    out = console()
    out.print(f"{word} in {plain(decided.reconciliation)}:")
    for role, rows in (("left", decided.left), ("right", decided.right)):
        for row in rows:
            amount = money(row["amount"], row["currency"])
            said = f"{role:<5}  {row['source']} {row['native_id']}  {amount}"
            out.print(f"  {plain(said)}  {row['business_date']}")
    out.print(f"[dim]{NEXT}[/dim]")

"""tieout explain: where a number comes from, door by door."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.tree import Tree

from dbt_project.warehouse import open_warehouse
from orchestration.console import Target, complaints, console, plain, settings_for
from orchestration.explain import MOST, Story
from orchestration.explain import explain as stories_of
from orchestration.outcome import Exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Examples: [b]tieout explain ch_3Nabc[/b] · [b]tieout explain brk_0123…[/b] (a "
        "break) · [b]tieout explain mat_0123… --json[/b]. Any id works: transaction, match, "
        "break, a processor's, a transaction number, an order, a reward row."
    )(explain)


def explain(
    identity: Annotated[str, typer.Argument(help="Any id.", metavar="ID")],
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    target: Target = None,
) -> None:
    """Show every door a record passed: file and line, amount, rule or reason, break, ledger."""
    with open_warehouse(settings_for(target), read_only=True) as warehouse:
        stories = stories_of(warehouse, identity)
    if not stories:
        complaints().print(
            f"[red]tieout:[/red] {plain(identity)} is in no mart. It may be quarantined or held "
            "(tieout files), landed after the last build (tieout build), or mistyped."
        )
        raise typer.Exit(Exit.FAILED)
    if as_json:
        typer.echo(json.dumps([asdict(story) for story in stories], indent=2, ensure_ascii=False))
        return
    out = console()
    for story in stories:
        out.print(_tree(story))
    if len(stories) == MOST:
        out.print(f"… the first {MOST}; ask for a transaction id to see one")


def _tree(story: Story) -> Tree:
    tree = Tree(f"[b]{plain(story.title)}[/b]  {plain(story.identity)}")
    for door in story.doors:
        branch = tree.add(f"[cyan]{plain(door.name)}[/cyan]")
        width = max((len(name) for name, _ in door.facts), default=0)
        for name, value in door.facts:
            branch.add(f"{plain(name.ljust(width))}  {plain(value)}")
    return tree

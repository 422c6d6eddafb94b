"""tieout explain: where a number comes from, door by door."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.tree import Tree

from dbt_project.settings import ConfigurationError
from dbt_project.warehouse import open_warehouse
from orchestration.console import Target, complaints, console, plain, settings_for
from orchestration.explain import MOST, Story
from orchestration.explain import explain as stories_of
from orchestration.outcome import Exit
from orchestration.register import has_table
from orchestration.rewards import statement
from orchestration.rewards.account import Account, accounts


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Examples: [b]tieout explain ch_3Nabc[/b] · [b]tieout explain brk_0123…[/b] (a "
        "break) · [b]tieout explain mat_0123… --json[/b]. Any id works: transaction, match, "
        "break, a processor's, a transaction number, an order, a reward row, an entry of the books "
        "(ent_…, or the letters an export knows it by). [b]tieout explain customer 16161481[/b] is "
        "a customer's rewards account."
    )(explain)


def explain(
    words: Annotated[list[str], typer.Argument(help="Any id.", metavar="[customer] ID")],
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    method: Annotated[
        str, typer.Option(help="Of a customer: by another method than the books, say lifo.")
    ] = "",
    target: Target = None,
) -> None:
    """Show every door a record passed: file and line, amount, rule or reason, break, ledger."""
    if words[0] == "customer" and len(words) == 2:
        _customer(words[1], method, as_json, target)
        return
    if len(words) > 1 or method:
        raise typer.BadParameter("one id, or: customer ID [--method fifo]")
    identity = words[0]
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


def _customer(customer: str, method: str, as_json: bool, target: Target) -> None:
    """A customer's rewards: each row, each lot, what is left; worked out from these rows alone."""
    with open_warehouse(settings_for(target), read_only=True) as warehouse:
        if not has_table(warehouse, "marts", "reward_transactions"):
            raise ConfigurationError("No rewards are built yet; call `tieout build` first.")
        found = accounts(warehouse, customer, method)
    if not found:
        complaints().print(
            f"[red]tieout:[/red] customer {plain(customer)} has no row in the rewards. It may be "
            "quarantined or held (tieout files), landed after the last build, or mistyped."
        )
        raise typer.Exit(Exit.FAILED)
    if as_json:
        told = [statement.statement(account) for account in found]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _show(found)
    if any(account.differing for account in found):
        raise typer.Exit(Exit.ATTENTION)


def _show(found: list[Account]) -> None:
    out = console()
    for account in found:
        out.print(statement.history(account))
        out.print(statement.lots(account))
        for row in account.apart:
            out.print(f"{plain(row['trans_id'])} takes no part: {plain(row['problem'])}")
        out.print(plain(statement.verdict(account)))


def _tree(story: Story) -> Tree:
    tree = Tree(f"[b]{plain(story.title)}[/b]  {plain(story.identity)}")
    for door in story.doors:
        branch = tree.add(f"[cyan]{plain(door.name)}[/cyan]")
        width = max((len(name) for name, _ in door.facts), default=0)
        for name, value in door.facts:
            branch.add(f"{plain(name.ljust(width))}  {plain(value)}")
    return tree

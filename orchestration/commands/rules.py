"""tieout rules: the match rules in words, and what other rules would change."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from dbt_project.warehouse import open_warehouse
from orchestration.console import Target, complaints, console, plain, settings_for, styled, table
from orchestration.outcome import Exit
from orchestration.register import has_table
from orchestration.rules.compare import Match
from orchestration.rules.diff import KINDS, Change, Difference, difference
from orchestration.rules.rows import PROJECT_FILE, Rules, RulesError, differing, from_file
from orchestration.rules.rows import from_warehouse as rules_of
from orchestration.rules.words import criteria

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The match rules (seeds/match_rules.csv), and what other rules would change.",
)
AsJson = Annotated[bool, typer.Option("--json", help="The same as JSON.")]
Rulefile = typer.Option(exists=True, dir_okay=False, help="A file like seeds/match_rules.csv.")
Day = ["%Y-%m-%d"]


@app.command(
    name="list",
    epilog="Examples: [b]tieout rules list[/b] · [b]tieout rules list --json[/b]. Exit 3: a version"
    " that was used says something else now.",
)
def list_rules(
    file: Annotated[Path, Rulefile] = PROJECT_FILE,
    as_json: AsJson = False,
    target: Target = None,
) -> None:
    """Every rule and version in words, and how the file differs from the last build."""
    settings = settings_for(target)
    with open_warehouse(settings, read_only=True) as warehouse:
        built = rules_of(warehouse) if has_table(warehouse, "seeds", "match_rules") else None
    rules = _or_fail(file)
    notes = _notes(rules, built, f"{settings.clock():%Y-%m-%d %H:%M:%S}")
    if as_json:
        typer.echo(_json([{**row, "criteria": criteria(row), "state": n} for row, n in notes]))
    else:
        _show_rules(notes)
    edited = differing(built, rules) if built else {}
    for (rule_id, version), words in edited.items():
        said = ", ".join(f"{name} {was or 'empty'} → {now or 'empty'}" for name, was, now in words)
        complaints().print(
            f"[yellow]{plain(rule_id)} version {version} was used and says something else now:"
            f"[/yellow] {plain(said)}. Write it as version {version + 1}."
        )
    raise typer.Exit(Exit.ATTENTION if edited else Exit.GOOD)


@app.command(
    epilog="Examples: [b]tieout rules diff --from 2026-10-01 --to 2026-10-31[/b] · "
    "[b]tieout rules diff --new try.csv --json[/b]. The warehouse is only read."
)
def diff(
    old: Annotated[Path | None, Rulefile] = None,
    new: Annotated[Path, Rulefile] = PROJECT_FILE,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=Day, help="First business date.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=Day, help="Last business date.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Matches listed of each kind.")] = 50,
    as_json: AsJson = False,
    target: Target = None,
) -> None:
    """Match with the old rules (the last build's) and the new; list what is gained, lost, moved."""
    period = (since.date() if since else date.min, until.date() if until else date.max)
    if period[0] > period[1]:
        raise typer.BadParameter("--from is after --to")
    settings = settings_for(target)
    new_rules = _or_fail(new)
    try:
        if old:
            old_rules = from_file(old)
        else:
            with open_warehouse(settings, read_only=True) as warehouse:
                old_rules = rules_of(warehouse)
        moment = f"{settings.clock():%Y-%m-%d %H:%M:%S}"
        found = difference(settings, old_rules, new_rules, period, moment, limit)
    except RulesError as error:
        raise _failed(error) from error
    typer.echo(_json(_document(found, period))) if as_json else _show(found)


def _or_fail(file: Path) -> Rules:
    try:
        return from_file(file)
    except RulesError as error:
        raise _failed(error) from error


def _failed(error: RulesError) -> typer.Exit:
    complaints().print(f"[red]tieout:[/red] {plain(error)}")
    return typer.Exit(Exit.FAILED)


def _notes(rules: Rules, built: Rules | None, moment: str) -> list[tuple[dict[str, str], str]]:
    """Each row with its state: in force, waiting, or replaced; and whether the build knew it."""
    in_force, known = rules.in_force(moment), built.versions() if built else {}
    found = []
    for version, row in rules.versions().items():
        if row["effective_from"] > moment:
            state = f"from {row['effective_from']}"
        else:
            state = "in force" if in_force[version[0]] is row else "replaced"
        found.append((row, state if not built or version in known else f"{state}, not yet built"))
    return found


def _show_rules(notes: list[tuple[dict[str, str], str]]) -> None:
    names = ["rule", "version", "reconciliation", "pass", "for", "criteria", "state"]
    shown = table(f"{len(notes)} rules", names, ("version",))
    for row, state in notes:
        place = f"{row['pass']}.{row['step']} {row['name']}"
        party = f"{row['tenant_id']} {row['processor']}"
        shown.add_row(
            *(plain(row[name]) for name in ("rule_id", "rule_version", "reconciliation")),
            *(plain(place), plain("all" if party == "* *" else party), plain(criteria(row))),
            plain(state),
        )
    console().print(shown)


def _show(found: Difference) -> None:
    out = console()
    out.print(f"Old: {plain(found.old)}. New: {plain(found.new)}.", soft_wrap=True)
    for (rule_id, version), words in found.edited.items():
        out.print(
            f"[yellow]{plain(rule_id)} version {version} differs between the two:[/yellow] "
            + plain(", ".join(f"{name} {was} → {now}" for name, was, now in words)),
            soft_wrap=True,
        )
    names = ("old", "lost", "moved_from", "moved_to", "gained", "new", "changed")
    heads = [name.replace("_", " ") for name in names]
    shown = table(
        "Matches and the left's amounts", ["reconciliation", "currency", *heads], (*heads,)
    )
    for row in found.totals:
        cells = [f"{row[name]} · {_amount(row[f'{name}_amount'])}" for name in names]
        shown.add_row(plain(row["reconciliation"]), row["currency"], *cells)
    out.print(shown)
    for kind in KINDS:
        listed = [change for change in found.changes if change.kind == kind]
        if listed:
            out.print(f"[b]{kind}[/b]: {found.count(kind)} matches")
        for change in listed:
            out.print("  " + plain(_line(change)), soft_wrap=True)
    if not any(found.count(kind) for kind in KINDS):
        out.print(f"[{'green'}]No match differs.[/{'green'}] {styled('ok')}")


def _line(change: Change) -> str:
    return " → ".join(_words(match) for match in (change.before, change.after) if match)


def _words(match: Match) -> str:
    sides = " = ".join(", ".join(match[name][:5]) for name in ("left_ids", "right_ids"))
    amount = f"{match['left_amount']} {match['currency']}"
    rule = f"{match['rule_id']} v{match['rule_version']}"
    return f"{sides}: {amount}, {match['days_apart']} days, {rule}, {match['status']}"


def _amount(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _document(found: Difference, period: tuple[date, date]) -> dict[str, Any]:
    edited = [
        {"rule_id": rule_id, "rule_version": version, "columns": [list(word) for word in words]}
        for (rule_id, version), words in found.edited.items()
    ]
    return {
        "old": found.old,
        "new": found.new,
        "from": period[0],
        "to": period[1],
        "edited_versions": edited,
        "totals": found.totals,
        "counts": {kind: found.count(kind) for kind in KINDS},
        **{
            kind: [
                {"before": change.before, "after": change.after}
                for change in found.changes
                if change.kind == kind
            ]
            for kind in KINDS
        },
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)

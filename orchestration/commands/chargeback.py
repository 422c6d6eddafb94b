"""tieout chargeback list, evidence: the disputes that wait, and the documents that answer them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dbt_project.warehouse import open_warehouse
from orchestration.chargebacks import add_evidence, chargeback, documents_of, open_chargebacks
from orchestration.console import Target, console, plain, settings_for, table
from orchestration.explain_doors import money
from orchestration.repair import person

app = typer.Typer(
    no_args_is_help=True,
    help="Disputes: which wait for an answer, and what was registered to answer them.",
)


@app.command(
    "list",
    epilog="Examples: [b]tieout chargeback list[/b] · [b]tieout chargeback list --overdue[/b].",
)
def list_open(
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those whose last day is past.")
    ] = False,
    target: Target = None,
) -> None:
    """List the disputes that are not decided, the most urgent first."""
    settings = settings_for(target)
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = open_chargebacks(warehouse, settings.tenant, is_overdue=overdue)
    if not rows:
        console().print("No dispute is " + ("overdue." if overdue else "open."))
        return
    shown = table(
        "Disputes",
        ["dispute", "source", "called there", "stage", "answer by", "disputed", "cost so far"],
        ("disputed", "cost so far"),
    )
    for row in rows:
        shown.add_row(*(plain(cell) for cell in _cells(row)))
    console().print(shown)


@app.command(
    epilog="Examples: [b]tieout chargeback evidence cbk_0123… delivery_note.pdf --note 'signed'[/b]"
    " · [b]tieout chargeback evidence dp_1MMa05[/b] lists what is registered.",
)
def evidence(
    identity: Annotated[
        str,
        typer.Argument(
            help="The dispute: cbk_…, what the source calls it, or its transaction.", metavar="ID"
        ),
    ],
    file: Annotated[
        Path | None,
        typer.Argument(help="The document; without one, the list.", exists=True, dir_okay=False),
    ] = None,
    note: Annotated[str, typer.Option(help="What it shows.")] = "",
    by: Annotated[
        str | None, typer.Option(help="Who registers it; default: the user of this machine.")
    ] = None,
    target: Target = None,
) -> None:
    """Register a document for a dispute by its hash: the bytes go into the archive and stay there.

    The same bytes for the same dispute are registered once.
    """
    settings = settings_for(target)
    if file is None:
        with open_warehouse(settings, read_only=True) as warehouse:
            row = chargeback(warehouse, settings.tenant, identity)
            _show(row, documents_of(warehouse, row["chargeback_id"]))
        return
    made = add_evidence(settings, identity, file, person(by), note.strip())
    word = "registered" if made.is_new else "is registered already:"
    console().print(
        f"{word} {plain(made.evidence_id)}  {plain(made.name)}  {made.byte_count} bytes"
        f"  sha256 {made.sha256}"
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    late = f" ({-row['days_left']} days late)" if row["is_overdue"] else ""
    return (
        *(row["chargeback_id"], row["source"], row["native_id"], row["stage"]),
        f"{row['respond_by']}{late}" if row["respond_by"] else "",
        money(row["amount"], row["currency"]),
        money(row["net_effect"], row["settlement_currency"]),
    )


def _show(row: dict[str, Any], documents: list[dict[str, Any]]) -> None:
    if not documents:
        console().print(f"Nothing is registered for {plain(row['chargeback_id'])}.")
        return
    shown = table(f"Documents for {row['chargeback_id']}", ["at", "name", "bytes", "sha256", "by"])
    for document in documents:
        shown.add_row(
            f"{document['added_at']:%Y-%m-%d %H:%M}",
            plain(document["name"]),
            str(document["byte_count"]),
            document["sha256"],
            plain(
                f"{document['added_by']}: {document['note']}"
                if document["note"]
                else document["added_by"]
            ),
        )
    console().print(shown)

"""What must be true of a warehouse whose loaders were killed; every sentence it returns is a wrong.

In: Settings, the files that were sent, the documents that were acknowledged. Nothing acknowledged
is lost, nothing is there twice, nothing half; after a last whole run nothing is left lying about.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.land import ensure_schema, list_archive

HALF = """
select d.document_id, d.state, d.landed_rows, r.n
from ops.documents as d
full outer join (
    select _document_id, count(*) as n from raw.internal_transactions group by _document_id
) as r on d.document_id = r._document_id
where d.document_id is null or coalesce(r.n, 0) != d.landed_rows
"""
PARTS = """
select d.document_id from ops.documents as d
left join (select document_id, sum(landed_rows) as n from ops.document_rows group by document_id)
    as p on d.document_id = p.document_id
left join (select document_id, count(*) as n from ops.quarantine group by document_id)
    as q on d.document_id = q.document_id
left join (select document_id, count(*) as n from ops.deliveries where state = 'landed'
    group by document_id) as v on d.document_id = v.document_id
where coalesce(p.n, 0) != d.landed_rows or coalesce(q.n, 0) != d.quarantined_rows
    or coalesce(v.n, 0) != 1
"""


@dataclass(frozen=True)
class Sent:
    """A file that was put into the inbox: what it must become."""

    document_id: str
    rows: int
    amount: Decimal


def wrongs(settings: Settings, sent: list[Sent], acks: Path, *, is_over: bool) -> list[str]:
    """Every broken promise; `is_over`: after a whole run, when all of it must be there."""
    said = set(acks.read_text(encoding="utf-8").split()) if acks.exists() else set()
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)  # a loader may have died before
        found = _inside(warehouse)
        there = _documents(warehouse)
    for file in sent:
        is_due = is_over or file.document_id in said
        if is_due and there.get(file.document_id) != (file.rows, file.amount):
            was = "acknowledged" if file.document_id in said else "sent"
            found.append(f"{was} and lost: {file} is {there.get(file.document_id)}")
    if is_over:
        found += _left_over(settings, {file.document_id for file in sent}, set(there))
    return found


def _inside(warehouse: Warehouse) -> list[str]:
    half = [f"half: {row}" for row in warehouse.rows(HALF)]
    parts = [f"register and details differ: {row}" for row in warehouse.rows(PARTS)]
    twice = warehouse.rows(
        "select _document_id, _source_line from raw.internal_transactions"
        " group by _document_id, _source_line having count(*) > 1"
    )
    return [*half, *parts, *(f"twice: {row}" for row in twice)]


def _documents(warehouse: Warehouse) -> dict[str, tuple[int, Decimal]]:
    rows = warehouse.rows(
        "select _document_id, count(*) as n, sum(cast(amount as decimal(18, 2))) as amount"
        " from raw.internal_transactions group by _document_id"
    )
    return {row["_document_id"]: (int(row["n"]), row["amount"]) for row in rows}


def _left_over(settings: Settings, sent: set[str], there: set[str]) -> list[str]:
    found = [f"nobody sent {identity}" for identity in sorted(there - sent)]
    archived = list_archive(settings)
    if len(archived) != len(sent):
        found.append(f"{len(archived)} files in the archive, {len(sent)} were sent")
    folders = [settings.archive / ".incoming", settings.state / "reading", settings.inbox]
    for folder in folders:
        left = [path for path in folder.rglob("*") if path.is_file() and ".done" not in path.parts]
        found += [f"left over: {path}" for path in left]
    return found

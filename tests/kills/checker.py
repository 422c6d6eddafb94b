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
select d.document_id, d.name, d.state, d.code, d.landed_rows,
    p.n as parts, q.n as refused, v.n as landed
from ops.documents as d
left join (select document_id, sum(landed_rows) as n from ops.document_rows group by document_id)
    as p on d.document_id = p.document_id
left join (select document_id, count(*) as n from ops.quarantine group by document_id)
    as q on d.document_id = q.document_id
left join (select document_id, count(*) as n from ops.deliveries where state = 'landed'
    group by document_id) as v on d.document_id = v.document_id
where d.state != 'rejected' and (coalesce(p.n, 0) != d.landed_rows
    or coalesce(q.n, 0) != d.quarantined_rows or coalesce(v.n, 0) != 1)
"""


@dataclass(frozen=True)
class Sent:
    """A file that was put into the inbox: what it must become."""

    document_id: str
    rows: int
    amount: Decimal
    refused: int = 0


def wrongs(settings: Settings, sent: list[Sent], acks: Path, *, is_over: bool) -> list[str]:
    """Every broken promise; `is_over`: after a whole run, when all of it must be there."""
    acknowledged = said(acks)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)  # a loader may have died before
        found = inside(warehouse)
        there = documents(warehouse)
    for file in sent:
        is_due = is_over or file.document_id in acknowledged
        if is_due and there.get(file.document_id) != (file.rows, file.amount):
            was = "acknowledged" if file.document_id in acknowledged else "sent"
            found.append(f"{was} and lost: {file} is {there.get(file.document_id)}")
    if is_over:
        unsent = sorted(set(there) - {file.document_id for file in sent})
        found += [f"nobody sent {identity}" for identity in unsent]
        found += left_over(settings, len(sent))
    return found


def inside(warehouse: Warehouse) -> list[str]:
    """Files that are half there, twice, or not as the register says."""
    half = [f"half: {row}" for row in warehouse.rows(HALF)]
    parts = [f"register and details differ: {row}" for row in warehouse.rows(PARTS)]
    twice = warehouse.rows(
        "select _document_id, _source_line from raw.internal_transactions"
        " group by _document_id, _source_line having count(*) > 1"
    )
    return [*half, *parts, *(f"twice: {row}" for row in twice)]


def documents(warehouse: Warehouse) -> dict[str, tuple[int, Decimal]]:
    """Rows and money of each document that is in raw."""
    rows = warehouse.rows(
        "select _document_id, count(*) as n, sum(cast(amount as decimal(18, 2))) as amount"
        " from raw.internal_transactions group by _document_id"
    )
    return {row["_document_id"]: (int(row["n"]), row["amount"]) for row in rows}


def said(acks: Path) -> set[str]:
    """What was acknowledged; a line that a kill cut was not."""
    return set(acks.read_text(encoding="utf-8").split()) if acks.exists() else set()


def left_over(settings: Settings, sent: int) -> list[str]:
    """What killed processes left lying about; the archive holds what was sent and no more."""
    archived = len(list_archive(settings))
    found = [f"{archived} files in the archive, {sent} were sent"] if archived != sent else []
    folders = [settings.archive / ".incoming", settings.state / "reading", settings.inbox]
    parted = {".done", ".refused"}
    for folder in folders:
        left = [p for p in folder.rglob("*") if p.is_file() and not parted & set(p.parts)]
        found += [f"left over: {path}" for path in left]
    return found

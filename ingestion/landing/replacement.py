"""Whether a file that would replace another one by its name really has that file's rows.

A corrected file comes under the name of the first one and replaces it whole. So does, by mistake,
another day's report that is called the same, or a correction that holds the corrected lines alone:
what it lacks would leave the books without a word. Such a file is held until a person says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dbt_project.settings import Limits
from dbt_project.warehouse import Warehouse
from ingestion.catalogue import SourceSpec
from ingestion.faults import Suspicion
from ingestion.formats.parsed import Scratch
from ingestion.landing.documents import Document
from ingestion.landing.stage import Staged

SAMPLE = 1_000
# Where a native key counts places, any two files share it: such rows are told by what they say.
TOLD_BY = {
    "bank_entries": ("account", "booking_date", "credit_debit", "amount"),
    "nacha_entries": ("trace_number", "amount"),
}


def held_if_rows_vanish(
    warehouse: Warehouse,
    scratch: Scratch,
    document: Document,
    staged: Staged,
    spec: SourceSpec,
    limits: Limits,
) -> Document:
    """The document, held when too many rows of the one it replaces are not in it.

    Judged by up to 1 000 of the replaced rows of each record that carries money.
    """
    earlier = _replaced_by(warehouse, document)
    if document.state != "landed" or earlier is None:
        return document
    asked = found = 0
    for table in staged.tables:
        record = spec.records[table.record]
        if record.control_amount:
            told_by = TOLD_BY.get(table.record, record.native_key)
            keys = _sample(warehouse, earlier["document_id"], table.record, told_by)
            asked += len(keys)
            found += _present(scratch, table.table, told_by, keys)
    if (asked - found) * 100 <= limits.max_vanished_percent * asked:
        return document
    reason = Suspicion(
        "ROWS_VANISH",
        f"it would replace {earlier['name']} ({earlier['document_id']}), but {asked - found} of"
        f" {asked} rows looked for are not in it, more than limits.max_vanished_percent ="
        f" {limits.max_vanished_percent}; send it under a name of its own, or release it if those"
        " rows are to go",
    )
    return replace(
        document,
        state="held",
        code=reason.code,
        message=reason.describe(document.name),
        landed_rows=0,
        landed_at=None,
    )


def _replaced_by(warehouse: Warehouse, document: Document) -> dict[str, Any] | None:
    """The landed document of that logical key that counts now, if this one would count instead."""
    rows = warehouse.rows(
        "select document_id, name, revision from ops.documents where tenant_id = $1"
        " and source = $2 and logical_key = $3 and state = 'landed'"
        " order by revision desc, received_at desc, document_id desc limit 1",
        [document.tenant_id, document.source, document.logical_key],
    )
    return rows[0] if rows and rows[0]["revision"] <= document.revision else None


def _sample(
    warehouse: Warehouse, identity: str, record: str, told_by: tuple[str, ...]
) -> list[str]:
    """Keys of a document's rows, chosen by their hash: neither the first nor the last lines."""
    key = f"concat_ws('|', {', '.join(told_by)})"
    rows = warehouse.rows(
        f"select {key} as native_key from raw.{record} where _document_id = $1"
        f" group by {key} order by md5({key}) limit {SAMPLE}",
        [identity],
    )
    return [row["native_key"] for row in rows]


def _present(scratch: Scratch, table: str, told_by: tuple[str, ...], keys: list[str]) -> int:
    """How many of the keys are among the rows that would land."""
    key = f"concat_ws('|', {', '.join(told_by)})"
    asked = "(select unnest(?::varchar[]) as native_key)"
    query = f"select count(*) from {asked} where native_key in (select {key} from {table})"
    return int(scratch.all(query, [keys])[0][0])

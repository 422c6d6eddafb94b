"""The file register as people read it: every arrival, and what became of it.

In: an open warehouse. Out: dictionaries, newest first. Works before the first build too; after it,
files that a corrected one replaced show as superseded.
"""

from __future__ import annotations

from typing import Any

from dbt_project.warehouse import Warehouse

_ARRIVALS = """
select
    deliveries.source, deliveries.name, deliveries.received_at, deliveries.state,
    deliveries.document_id, documents.landed_rows, documents.quarantined_rows,
    documents.code, documents.message, documents.state as document_state
from ops.deliveries as deliveries
left join ops.documents as documents on deliveries.document_id = documents.document_id
order by deliveries.received_at desc, deliveries.source, deliveries.name, deliveries.delivery_id
"""


def register_of(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Every delivery with its document's rows and reason."""
    if not has_table(warehouse, "ops", "deliveries"):
        return []
    superseded = _superseded(warehouse)
    totals = _totals(warehouse)
    entries = [entry for entry in warehouse.rows(_ARRIVALS) if not _is_decided(entry)]
    for entry in entries:
        if entry["state"] == "held":
            entry["state"] = entry["document_state"]
        entry["totals"] = totals.get(entry["document_id"], "")
        if entry["state"] == "landed" and entry["document_id"] in superseded:
            entry["state"] = "superseded"
        if entry["state"] == "duplicate":
            entry["landed_rows"] = entry["quarantined_rows"] = 0
    return entries


def _is_decided(entry: dict[str, Any]) -> bool:
    """An arrival that was held or rejected and landed later: it stands there as landed too."""
    return entry["state"] in {"held", "rejected"} and entry["document_state"] == "landed"


def way_out(entry: dict[str, Any]) -> str:
    """What a person does about a held file."""
    if entry["state"] != "held":
        return ""
    identity = entry["document_id"]
    return f"tieout release {identity}, or tieout reject {identity} --reason …"


def _totals(warehouse: Warehouse) -> dict[str, str]:
    """What each document declares of itself, and what was found where it is something else."""
    words: dict[str, list[str]] = {}
    rows = warehouse.rows(
        "select distinct document_id, coalesce(currency, measure) as what, measure, declared, found"
        " from ops.control_totals order by document_id, measure desc, what, declared, found"
    )
    for row in rows:
        declared, found = (f"{row[n].normalize():f}" for n in ("declared", "found"))
        said = declared if declared == found else f"{declared}, found {found}"
        words.setdefault(row["document_id"], []).append(f"{row['what']} {said}")
    return {document: "; ".join(parts[:4]) for document, parts in words.items()}


def has_table(warehouse: Warehouse, schema: str, name: str) -> bool:
    """Whether a table or view is there."""
    return bool(
        warehouse.rows(
            "select 1 as found from information_schema.tables"
            " where table_schema = $1 and table_name = $2",
            [schema, name],
        )
    )


def _superseded(warehouse: Warehouse) -> set[str]:
    if not has_table(warehouse, "staging", "stg_documents__register"):
        return set()
    replaced = warehouse.rows(
        "select document_id from staging.stg_documents__register where superseded_by is not null"
    )
    return {row["document_id"] for row in replaced}

"""The schemas raw and ops: made when missing, widened when the catalogue grew, never narrowed.

In: an open Warehouse. Out: every table of the catalogue and of operations exists.
Run alone: python -m ingestion.landing.schema
"""

from __future__ import annotations

from dbt_project.settings import load_settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.catalogue import ORIGIN_COLUMNS, catalogue
from ingestion.landing.kept_tables import KEPT_TABLES
from ingestion.landing.schema_rewards import REWARD_TABLES

ORIGIN_TYPES = {"_source_line": "bigint", "_loaded_at": "timestamp"}

# Figures of marts.reconciliation_summary that a closed month keeps.
_STATES = (
    *("total", "matched", "proposed", "expected", "missing", "ambiguous", "excluded"),
    "discrepant",
)
CLOSED_FIGURES = (
    *(f"{state}_{unit}" for state in _STATES for unit in ("count", "amount_minor")),
    "amount_at_risk_minor",
)

OPS_TABLES: dict[str, dict[str, str]] = {
    "documents": {
        "document_id": "text primary key",
        "tenant_id": "text not null",
        "source": "text not null",
        "format": "text",
        "name": "text not null",
        "logical_key": "text",
        "revision": "bigint",
        "sha256": "text not null",
        "byte_count": "bigint",
        "received_at": "timestamp not null",
        "door": "text",
        "archived_as": "text",
        "parser_version": "text",
        "time_zone": "text",
        "currency": "text",
        "source_account": "text",
        "state": "text not null",
        "code": "text",
        "message": "text",
        "line_count": "bigint",
        "landed_rows": "bigint",
        "quarantined_rows": "bigint",
        "landed_at": "timestamp",
        "sequence_scope": "text",
        "sequence_number": "bigint",
    },
    "document_parses": {
        "document_id": "text not null",
        "tenant_id": "text not null",
        "parser_version": "text",
        "state": "text not null",
        "line_count": "bigint",
        "landed_rows": "bigint",
        "quarantined_rows": "bigint",
        "replaced_by_version": "text",
        "replaced_by": "text",
        "replaced_at": "timestamp not null",
    },
    "document_decisions": {
        "decision_id": "text primary key",
        "document_id": "text not null",
        "tenant_id": "text not null",
        "decision": "text not null",
        "decided_by": "text not null",
        "decided_at": "timestamp not null",
        "reason": "text",
    },
    "document_rows": {
        "document_id": "text not null",
        "record": "text not null",
        "landed_rows": "bigint not null",
    },
    "deliveries": {
        "delivery_id": "text primary key",
        "document_id": "text not null",
        "tenant_id": "text not null",
        "source": "text not null",
        "name": "text not null",
        "received_at": "timestamp not null",
        "door": "text",
        "state": "text not null",
    },
    "quarantine": {
        "document_id": "text not null",
        "record": "text",
        "source_line": "bigint",
        "column_number": "integer",
        "column_name": "text",
        "code": "text not null",
        "message": "text",
        "masked_value": "text",
        "line_hash": "text",
        "quarantined_at": "timestamp",
    },
    "control_totals": {
        "document_id": "text not null",
        "scope": "text",
        "currency": "text",
        "measure": "text not null",
        "declared": "decimal(28,9)",
        "found": "decimal(28,9)",
        "is_enforced": "boolean",
    },
    "archive_listing": {
        "sha256": "text",
        "archived_as": "text",
        "byte_count": "bigint",
        "listed_at": "timestamp",
    },
    "cursors": {
        "tenant_id": "text not null",
        "door": "text not null",
        "cursor": "text not null",
        "updated_at": "timestamp not null",
    },
    "match_decisions": {
        "decision_id": "text primary key",
        "tenant_id": "text not null",
        "action": "text not null",
        "reconciliation": "text not null",
        "left_source": "text",
        "left_native_id": "text",
        "right_source": "text",
        "right_native_id": "text",
        "decided_by": "text",
        "decided_at": "timestamp",
        "reason": "text",
        "decision_group": "text",
    },
    "chargeback_evidence": {
        "evidence_id": "text primary key",
        "tenant_id": "text not null",
        "chargeback_id": "text not null",
        "sha256": "text not null",
        "name": "text not null",
        "byte_count": "bigint not null",
        "note": "text",
        "added_by": "text not null",
        "added_at": "timestamp not null",
        "archived_as": "text not null",
        "dispute_ref": "text",
        "transaction_id": "text",
        "reference": "text",
    },
    "closed_periods": {
        "close_id": "text primary key",
        "tenant_id": "text not null",
        "period": "text not null",
        "covers_from": "text",
        "closed_by": "text not null",
        "closed_at": "timestamp not null",
        "reason": "text",
        "is_forced": "boolean not null",
        "built_as_of": "timestamp",
        "reopened_by": "text",
        "reopened_at": "timestamp",
        "reopen_reason": "text",
    },
    "closed_summaries": {
        "close_id": "text not null",
        "period": "text not null",
        "tenant_id": "text not null",
        "reconciliation": "text not null",
        "source": "text not null",
        "role": "text not null",
        "business_date": "date not null",
        "currency": "text not null",
        **dict.fromkeys(CLOSED_FIGURES, "bigint not null"),
    },
    **REWARD_TABLES,
    **KEPT_TABLES,
    "runs": {
        "run_id": "text primary key",
        "command": "text",
        "target": "text",
        "as_of": "timestamp",
        "started_at": "timestamp",
        "finished_at": "timestamp",
        "status": "text",
        "exit_code": "integer",
        "detail": "text",
        "is_partial": "boolean",
    },
}
UNIQUE = {
    "documents": "unique (tenant_id, source, sha256)",
    "cursors": "unique (tenant_id, door)",
}


def raw_tables() -> dict[str, dict[str, str]]:
    """Every raw table of the catalogue with its columns and types."""
    return {
        table: {
            **dict.fromkeys(record.column_names, "text"),
            **{name: ORIGIN_TYPES.get(name, "text") for name in ORIGIN_COLUMNS},
        }
        for spec in catalogue().values()
        for table, record in spec.records.items()
    }


def ensure_schema(warehouse: Warehouse) -> None:
    """Makes what is missing of raw and ops; safe to call on every run."""
    present = _present_columns(warehouse)
    for schema, tables in (("raw", raw_tables()), ("ops", OPS_TABLES)):
        warehouse.execute(f"create schema if not exists {schema}")
        for table, columns in tables.items():
            _ensure_table(warehouse, f"{schema}.{table}", columns, present)


def _present_columns(warehouse: Warehouse) -> set[tuple[str, str]]:
    rows = warehouse.rows(
        "select table_schema || '.' || table_name as relation, column_name"
        " from information_schema.columns where table_schema in ('raw', 'ops')"
    )
    return {(row["relation"], row["column_name"]) for row in rows}


def _ensure_table(
    warehouse: Warehouse, relation: str, columns: dict[str, str], present: set[tuple[str, str]]
) -> None:
    if not any(name == relation for name, _ in present):
        parts = [f"{name} {kind}" for name, kind in columns.items()]
        if unique := UNIQUE.get(relation.removeprefix("ops.")):
            parts.append(unique)
        warehouse.execute(f"create table if not exists {relation} ({', '.join(parts)})")
        return
    for name, kind in columns.items():
        if (relation, name) not in present:
            plain = kind.replace(" not null", "").replace(" primary key", "")
            warehouse.execute(f"alter table {relation} add column if not exists {name} {plain}")


if __name__ == "__main__":
    with open_warehouse(load_settings()) as opened:
        ensure_schema(opened)

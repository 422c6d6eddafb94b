"""Everything a file leaves in the warehouse, in one transaction: all of it or nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb

from dbt_project.warehouse import DuckDBWarehouse, Warehouse
from ingestion.catalogue import ORIGIN_COLUMNS, SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.parsed import Parsed, Scratch
from ingestion.landing.documents import (
    Document,
    deliver,
    forget_details,
    keep_parse,
    known,
    register,
    write_quarantine,
    write_totals,
)
from ingestion.landing.failpoints import reached
from ingestion.landing.result import Also, Arrival, LandingResult, result_of
from ingestion.landing.stage import Staged
from ingestion.landing.write import insert


def commit_document(
    warehouse: Warehouse,
    scratch: Scratch,
    document: Document,
    parsed: Parsed,
    staged: Staged,
    moment: datetime,
    arrival: Arrival,
) -> LandingResult:
    """Rows, register, quarantine, totals and delivery of a landed or held document.

    `arrival.also` is what its door must remember if and only if the document is there;
    `arrival.replaced_by` says who has the rows of an earlier parse replaced by these.
    """
    with warehouse.transaction():
        reached("in_transaction")
        earlier = _locked(warehouse, document)
        was_landed = earlier is not None and earlier["state"] == "landed"
        if earlier and was_landed:
            if arrival.replaced_by is None:
                deliver(warehouse, document, "duplicate")
                _note(warehouse, arrival.also)
                return result_of(document, "duplicate", earlier)
            keep_parse(warehouse, earlier, document, arrival.replaced_by, moment)
            _remove_rows(warehouse, document, arrival.spec)
        forget_details(warehouse, document.document_id)
        if document.state == "landed":
            _write_rows(warehouse, scratch, document, staged)
        reached("after_rows")
        write_quarantine(warehouse, scratch, document, staged.faults, document.landed_at or moment)
        write_totals(warehouse, scratch, document, parsed.totals)
        register(warehouse, document)
        reached("after_register")
        if not was_landed:
            deliver(warehouse, document, document.state)
        _note(warehouse, arrival.also)
        reached("before_commit")
    reached("after_commit")
    _checkpoint(warehouse)
    return replace(result_of(document, document.state), faults=staged.faults)


def commit_duplicate(
    warehouse: Warehouse,
    document: Document,
    earlier: dict[str, object],
    also: Also | None = None,
) -> LandingResult:
    """The arrival of bytes that landed before."""
    with warehouse.transaction():
        deliver(warehouse, document, "duplicate")
        _note(warehouse, also)
    _checkpoint(warehouse)
    return result_of(document, "duplicate", earlier)


def commit_rejected(warehouse: Warehouse, document: Document, fault: FileFault) -> LandingResult:
    """The arrival of a file that cannot be landed at all."""
    document = _refused(document, fault)
    with warehouse.transaction():
        earlier = _locked(warehouse, document)
        if earlier and earlier["state"] == "landed":
            deliver(warehouse, document, "duplicate")
            return result_of(document, "duplicate", earlier)
        forget_details(warehouse, document.document_id)
        register(warehouse, document)
        deliver(warehouse, document, "rejected")
    _checkpoint(warehouse)
    return result_of(document, "rejected")


def commit_refused_again(
    warehouse: Warehouse, document: Document, earlier: dict[str, Any]
) -> LandingResult:
    """The arrival of bytes that a person refused for good."""
    with warehouse.transaction():
        deliver(warehouse, document, "rejected")
    _checkpoint(warehouse)
    words = {name: earlier[name] for name in ("state", "code", "message")}
    refused = replace(document, landed_rows=0, landed_at=None, **words)
    return result_of(refused, "rejected")


def unchanged(document: Document, fault: FileFault) -> LandingResult:
    """What a new parser makes of a document whose rows stay, because it cannot read it."""
    return result_of(_refused(document, fault), "rejected")


def _refused(document: Document, fault: FileFault) -> Document:
    return replace(
        document,
        state="rejected",
        code=fault.code,
        message=fault.describe(document.name),
        landed_rows=0,
        landed_at=None,
    )


def _note(warehouse: Warehouse, also: Also | None) -> None:
    if also is not None:
        also(warehouse)


def _write_rows(warehouse: Warehouse, scratch: Scratch, document: Document, staged: Staged) -> None:
    scratch.connection.execute(
        "create table stamp as select ?::varchar as document_id, ?::varchar as source_file,"
        " ?::timestamp as loaded_at",
        [document.document_id, document.name, document.landed_at],
    )
    for table in staged.tables:
        names = [row[0] for row in scratch.all(f"describe {table.table}")]
        columns = [name for name in names if name not in ORIGIN_COLUMNS]
        values = ", ".join(f"t.{column}" for column in columns)
        landed = insert(
            warehouse,
            scratch,
            f"raw.{table.record}",
            [*columns, *ORIGIN_COLUMNS],
            f"select {values}, t._extra, s.document_id, s.source_file, t._source_line, s.loaded_at"
            f" from {table.table} as t cross join stamp as s",
        )
        warehouse.execute(
            "insert into ops.document_rows (document_id, record, landed_rows) values ($1, $2, $3)",
            [document.document_id, table.record, landed],
        )


def _remove_rows(warehouse: Warehouse, document: Document, spec: SourceSpec) -> None:
    for table in spec.tables:
        warehouse.execute(
            f"delete from raw.{table} where _document_id = $1", [document.document_id]
        )
    reached("after_removal")


def _locked(warehouse: Warehouse, document: Document) -> dict[str, object] | None:
    """The register's row, after waiting for anyone who is landing the same bytes."""
    if warehouse.engine == "postgres":
        warehouse.rows(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))", [document.document_id]
        )
    return known(warehouse, document.document_id)


def _checkpoint(warehouse: Warehouse) -> None:
    """A lost WAL file loses what is only in it, without a word; so nothing stays only there.

    While another thread writes DuckDB refuses; that thread's own checkpoint then takes ours along.
    """
    if isinstance(warehouse, DuckDBWarehouse):
        with suppress(duckdb.TransactionException):
            warehouse.connection.execute("checkpoint")

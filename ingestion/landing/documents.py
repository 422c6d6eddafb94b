"""A document's identity and its page in the register: ids, revision, rows of ops.*.

In: what landing found out about a file. Out: rows of ops.documents, deliveries, quarantine and
totals, written inside the caller's transaction.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from dbt_project.warehouse import Warehouse
from ingestion.faults import RowFault
from ingestion.formats.parsed import Scratch, Total
from ingestion.landing.schema import OPS_TABLES
from ingestion.landing.write import insert

BY_HAND = "REJECTED_BY_HAND"
REVISION = re.compile(r"^(?P<stem>.+)\.[vr](?P<revision>[0-9]{1,9})(?P<ending>\.[^.]+)?$", re.I)


@dataclass(frozen=True)
class Document:
    """One row of ops.documents, column by column."""

    document_id: str
    tenant_id: str
    source: str
    format: str | None
    name: str
    logical_key: str
    revision: int
    sha256: str
    byte_count: int
    received_at: datetime
    door: str
    archived_as: str | None
    parser_version: str
    time_zone: str
    currency: str | None
    source_account: str
    state: str
    code: str | None
    message: str | None
    line_count: int | None
    landed_rows: int
    quarantined_rows: int
    landed_at: datetime | None
    sequence_scope: str | None = None
    sequence_number: int | None = None


def document_id(tenant: str, source: str, sha256: str) -> str:
    """The same bytes from the same source are the same document, whatever their name."""
    return "doc_" + hashlib.sha256(f"{tenant}|{source}|{sha256}".encode()).hexdigest()[:24]


def name_and_revision(name: str) -> tuple[str, int]:
    """`report.v2.csv` and `report.r2.csv` are revision 2 of `report.csv`; others are revision 1."""
    last = re.split(r"[/\\]", name)[-1] or name
    found = REVISION.match(last)
    if not found:
        return last, 1
    return found["stem"] + (found["ending"] or ""), int(found["revision"])


def folder_in(logical_key: str | None, name: str) -> str:
    """The folder a logical key names before the file, or nothing: `in/day` of `in/day/a.csv`."""
    own = "/" + name_and_revision(name)[0]
    return (logical_key or "").removesuffix(own) if (logical_key or "").endswith(own) else ""


def known(warehouse: Warehouse, identity: str) -> dict[str, Any] | None:
    """The register's row of a document, if there is one."""
    rows = warehouse.rows("select * from ops.documents where document_id = $1", [identity])
    return rows[0] if rows else None


def register(warehouse: Warehouse, document: Document) -> None:
    """Writes or replaces the register's row."""
    values = asdict(document)
    names = list(values)
    fixed = {"document_id", "tenant_id", "source", "sha256"}
    numbers = ", ".join(f"${i}" for i in range(1, len(names) + 1))
    changes = ", ".join(f"{n} = excluded.{n}" for n in names if n not in fixed)
    warehouse.execute(
        f"insert into ops.documents ({', '.join(names)}) values ({numbers})"
        f" on conflict (document_id) do update set {changes}",
        list(values.values()),
    )


def deliver(warehouse: Warehouse, document: Document, state: str) -> None:
    """Notes one arrival; its id comes from the number of earlier ones, so it is repeatable."""
    earlier = warehouse.rows(
        "select count(*) as n from ops.deliveries where document_id = $1", [document.document_id]
    )[0]["n"]
    digest = hashlib.sha256(f"{document.document_id}|{earlier}".encode()).hexdigest()[:24]
    warehouse.execute(
        "insert into ops.deliveries (document_id, tenant_id, source, name, received_at, door,"
        " state, delivery_id) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            document.document_id,
            document.tenant_id,
            document.source,
            document.name,
            document.received_at,
            document.door,
            state,
            f"dlv_{digest}",
        ],
    )


def write_quarantine(
    warehouse: Warehouse,
    scratch: Scratch,
    document: Document,
    faults: tuple[RowFault, ...],
    moment: datetime,
) -> None:
    """One row a refused line; values are masked before they leave memory."""
    rows = [
        {
            "document_id": document.document_id,
            "record": fault.record,
            "source_line": fault.line,
            "column_number": fault.column_number,
            "column_name": fault.column_name,
            "code": fault.code,
            "message": fault.describe(document.name),
            "masked_value": fault.masked(),
            "line_hash": fault.line_hash or None,
            "quarantined_at": moment,
        }
        for fault in faults
    ]
    _bulk(warehouse, scratch, "quarantine", rows)


def write_totals(
    warehouse: Warehouse, scratch: Scratch, document: Document, totals: list[Total]
) -> None:
    """Declared totals beside the found ones."""
    rows = [{"document_id": document.document_id, **asdict(total)} for total in totals]
    _bulk(warehouse, scratch, "control_totals", rows)


def forget_details(warehouse: Warehouse, identity: str) -> None:
    """Clears what an earlier, not landed attempt noted about a document."""
    for table in ("document_rows", "quarantine", "control_totals"):
        warehouse.execute(f"delete from ops.{table} where document_id = $1", [identity])


def keep_parse(
    warehouse: Warehouse, earlier: dict[str, Any], document: Document, by: str, moment: datetime
) -> None:
    """Notes what an earlier parser made of a document, before a new parse takes its place."""
    warehouse.execute(
        "insert into ops.document_parses (document_id, tenant_id, parser_version, state,"
        " line_count, landed_rows, quarantined_rows, replaced_by_version, replaced_by, replaced_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            document.document_id,
            document.tenant_id,
            *(earlier[name] for name in ("parser_version", "state", "line_count")),
            *(earlier[name] for name in ("landed_rows", "quarantined_rows")),
            document.parser_version,
            by,
            moment,
        ],
    )


def decide(
    warehouse: Warehouse, row: dict[str, Any], decision: str, by: str, at: datetime, reason: str
) -> None:
    """Notes what a person decided about a held document; numbered, so it is repeatable.

    A decision that stands there already was committed, and its answer lost.
    """
    identity = row["document_id"]
    earlier = warehouse.rows(
        "select decision, decided_at from ops.document_decisions where document_id = $1", [identity]
    )
    if any((each["decision"], each["decided_at"]) == (decision, at) for each in earlier):
        return
    digest = hashlib.sha256(f"{identity}|decision|{len(earlier)}".encode()).hexdigest()[:24]
    warehouse.execute(
        "insert into ops.document_decisions (decision_id, document_id, tenant_id, decision,"
        " decided_by, decided_at, reason) values ($1, $2, $3, $4, $5, $6, $7)",
        [f"dcd_{digest}", identity, row["tenant_id"], decision, by, at, reason or None],
    )


def _bulk(warehouse: Warehouse, scratch: Scratch, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = list(OPS_TABLES[table])
    texts = [[None if r[c] is None else _text(r[c]) for r in rows] for c in columns]
    scratch.connection.register(
        "noted", pa.table([pa.array(t, pa.string()) for t in texts], columns)
    )
    typed = ", ".join(
        f"cast({c} as {kind.replace(' not null', '')}) as {c}"
        for c, kind in OPS_TABLES[table].items()
    )
    insert(warehouse, scratch, f"ops.{table}", columns, f"select {typed} from noted")
    scratch.connection.unregister("noted")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}"

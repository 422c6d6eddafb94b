"""Lands files: archive first, then parse and judge, then rows and register in one transaction.

In: Settings, an open warehouse, a source's name and a file. Out: LandingResult; the same bytes land
once however often they come. Errors of the file become results; errors of the machine are raised.
Run alone: python -m ingestion.landing.land SOURCE PATH…
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dbt_project.settings import Settings, load_settings
from dbt_project.warehouse import DuckDBWarehouse, Warehouse, open_warehouse
from ingestion.catalogue import ORIGIN_COLUMNS, SourceSpec, source_spec
from ingestion.faults import FileFault, RowFault
from ingestion.formats.declared import from_manifest
from ingestion.formats.parse import parse
from ingestion.formats.parsed import (
    Limits,
    Parsed,
    Scratch,
    Total,
    Work,
    scratch_database,
)
from ingestion.landing.archive import (
    MANIFEST,
    Snapshot,
    keep,
    list_archive,
    refresh_archive_listing,
    snapshot,
)
from ingestion.landing.documents import (
    Document,
    deliver,
    document_id,
    forget_details,
    known,
    name_and_revision,
    register,
    write_quarantine,
    write_totals,
)
from ingestion.landing.judge import found_totals, reason_to_hold
from ingestion.landing.schema import ensure_schema
from ingestion.landing.stage import Staged, stage
from ingestion.landing.write import insert

__all__ = [
    "LandingResult",
    "ensure_schema",
    "land_file",
    "list_archive",
    "refresh_archive_listing",
    "release",
]


@dataclass(frozen=True)
class LandingResult:
    """What became of one file. `code` and `message` say why it is not landed, or what to know."""

    document_id: str
    source: str
    name: str
    sha256: str
    state: str
    landed_rows: int
    quarantined_rows: int
    code: str | None = None
    message: str | None = None
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """One file on its way in: whose it is, its bytes, its own words about itself."""

    settings: Settings
    spec: SourceSpec
    name: str
    door: str
    taken: Snapshot
    manifest: bytes | None
    is_released: bool = False


def land_file(
    settings: Settings,
    warehouse: Warehouse,
    source: str,
    path: Path,
    name: str | None = None,
    door: str = "folder",
) -> LandingResult:
    """Lands one file; `name` is its true name where `path` is not. Needs `ensure_schema` once.

    A `<file>.manifest.json` beside it declares totals and revision. Raises SourceChangedError when
    the file is still being written.
    """
    spec = source_spec(source)
    beside = path.with_name(path.name + MANIFEST)
    manifest = beside.read_bytes() if beside.is_file() else None
    with snapshot(settings, path) as taken:
        return _land(warehouse, Arrival(settings, spec, name or path.name, door, taken, manifest))


def release(settings: Settings, warehouse: Warehouse, identity: str) -> LandingResult:
    """Lands a held document for good, because a person decided so. Raises KeyError, ValueError."""
    row = known(warehouse, identity)
    if row is None:
        raise KeyError(f"{identity} is not in the register; `tieout status` lists the held files")
    if row["state"] != "held":
        raise ValueError(f"{identity} is {row['state']}; only a held file can be released")
    path = settings.archive / row["archived_as"]
    beside = path.with_name(path.name + MANIFEST)
    manifest = beside.read_bytes() if beside.is_file() else None
    with snapshot(settings, path) as taken:
        spec = source_spec(row["source"])
        arrival = Arrival(settings, spec, row["name"], "released", taken, manifest, True)
        return _land(warehouse, arrival)


def _land(warehouse: Warehouse, arrival: Arrival) -> LandingResult:
    settings, spec, taken = arrival.settings, arrival.spec, arrival.taken
    moment = settings.clock()
    document = _document(arrival, moment)
    earlier = known(warehouse, document.document_id)
    if earlier and earlier["state"] == "landed":
        return _duplicate(warehouse, document, earlier)
    if earlier and arrival.is_released:
        document = replace(document, received_at=earlier["received_at"])
    limits = Limits(settings.limits.max_bytes, settings.limits.max_line_bytes)
    with scratch_database(taken.folder) as scratch:
        try:
            document = _archived(arrival, document)
            work = Work(taken.path, taken.folder, limits)
            parsed, staged, document = _read(arrival, document, work, scratch)
        except FileFault as fault:
            return _reject(warehouse, scratch, document, fault)
        return _commit(warehouse, scratch, arrival, document, parsed, staged)


def _document(arrival: Arrival, moment: datetime) -> Document:
    settings, spec, taken = arrival.settings, arrival.spec, arrival.taken
    deployed = settings.source(spec.source)
    key, revision = name_and_revision(arrival.name)
    return Document(
        document_id=document_id(settings.tenant, spec.source, taken.sha256),
        tenant_id=settings.tenant,
        source=spec.source,
        format=None,
        name=arrival.name,
        logical_key=key,
        revision=revision,
        sha256=taken.sha256,
        byte_count=taken.byte_count,
        received_at=moment,
        door=arrival.door,
        archived_as=None,
        parser_version=spec.parser_version,
        time_zone=deployed.time_zone or spec.time_zone,
        currency=deployed.currency or spec.currency,
        source_account=deployed.account,
        state="landed",
        code=None,
        message=None,
        line_count=None,
        landed_rows=0,
        quarantined_rows=0,
        landed_at=moment,
    )


def _archived(arrival: Arrival, document: Document) -> Document:
    place = keep(arrival.settings, document.source, arrival.taken, arrival.name, arrival.manifest)
    return replace(document, archived_as=place)


def _read(
    arrival: Arrival, document: Document, work: Work, scratch: Scratch
) -> tuple[Parsed, Staged, Document]:
    """Parses and judges; the document learns its format, key, counts and reason to be held."""
    totals: list[Total] = []
    revision: int | None = None
    if arrival.manifest is not None:
        totals, revision = from_manifest(arrival.manifest)
    parsed = parse(work, arrival.name, arrival.spec, scratch)
    staged = stage(scratch, parsed, arrival.spec, document.tenant_id, document.currency)
    parsed.totals = found_totals(scratch, parsed, totals, arrival.spec, document.currency)
    landed = sum(table.rows for table in staged.tables)
    document = replace(
        document,
        format=parsed.format,
        logical_key=parsed.logical_key or document.logical_key,
        revision=parsed.revision or revision or document.revision,
        line_count=landed + len(staged.faults),
        landed_rows=landed,
        quarantined_rows=len(staged.faults),
    )
    reason = reason_to_hold(parsed, staged, arrival.spec, arrival.settings.limits)
    said = reason or next(iter(parsed.notes), None)
    if said:
        document = replace(document, code=said.code, message=said.describe(arrival.name))
    if reason:
        if not arrival.is_released:
            document = replace(document, state="held", landed_rows=0, landed_at=None)
    return parsed, staged, document


def _commit(
    warehouse: Warehouse,
    scratch: Scratch,
    arrival: Arrival,
    document: Document,
    parsed: Parsed,
    staged: Staged,
) -> LandingResult:
    moment = arrival.settings.clock()
    with warehouse.transaction():
        earlier = _locked(warehouse, document)
        if earlier and earlier["state"] == "landed":
            deliver(warehouse, document, "duplicate")
            return _result(document, "duplicate", earlier)
        forget_details(warehouse, document.document_id)
        if document.state == "landed":
            _write_rows(warehouse, scratch, document, staged)
        write_quarantine(warehouse, scratch, document, staged.faults, moment)
        write_totals(warehouse, scratch, document, parsed.totals)
        register(warehouse, document)
        deliver(warehouse, document, document.state)
    _checkpoint(warehouse)
    return replace(_result(document, document.state), faults=staged.faults)


def _write_rows(warehouse: Warehouse, scratch: Scratch, document: Document, staged: Staged) -> None:
    moment = document.landed_at.isoformat(sep=" ") if document.landed_at else None
    for table in staged.tables:
        names = [row[0] for row in scratch.all(f"describe {table.table}")]
        columns = [name for name in names if name not in ORIGIN_COLUMNS]
        scratch.connection.execute(
            "create or replace temp table stamp as select ? as d, ? as f",
            [document.document_id, document.name],
        )
        query = (
            f"select {', '.join(f't.{c}' for c in columns)}, t._extra, s.d, s.f, t._source_line,"
            f" cast('{moment}' as timestamp) from {table.table} as t cross join stamp as s"
        )
        landed = insert(
            warehouse, scratch, f"raw.{table.record}", [*columns, *ORIGIN_COLUMNS], query
        )
        warehouse.execute(
            "insert into ops.document_rows (document_id, record, landed_rows) values ($1, $2, $3)",
            [document.document_id, table.record, landed],
        )


def _locked(warehouse: Warehouse, document: Document) -> dict[str, object] | None:
    """The register's row, after waiting for anyone who is landing the same bytes."""
    if warehouse.engine == "postgres":
        warehouse.rows(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))", [document.document_id]
        )
    return known(warehouse, document.document_id)


def _duplicate(
    warehouse: Warehouse, document: Document, earlier: dict[str, object]
) -> LandingResult:
    with warehouse.transaction():
        deliver(warehouse, document, "duplicate")
    _checkpoint(warehouse)
    return _result(document, "duplicate", earlier)


def _reject(
    warehouse: Warehouse, scratch: Scratch, document: Document, fault: FileFault
) -> LandingResult:
    document = replace(
        document,
        state="rejected",
        code=fault.code,
        message=fault.describe(document.name),
        landed_at=None,
    )
    with warehouse.transaction():
        forget_details(warehouse, document.document_id)
        register(warehouse, document)
        deliver(warehouse, document, "rejected")
    _checkpoint(warehouse)
    return _result(document, "rejected")


def _checkpoint(warehouse: Warehouse) -> None:
    """A lost WAL file loses what is only in it, without a word; so nothing stays only there."""
    if isinstance(warehouse, DuckDBWarehouse):
        warehouse.connection.execute("checkpoint")


def _result(
    document: Document, state: str, earlier: dict[str, object] | None = None
) -> LandingResult:
    message = document.message
    if earlier:
        message = f"the same bytes landed before as {earlier['name']}"
    return LandingResult(
        document.document_id,
        document.source,
        document.name,
        document.sha256,
        state,
        0 if earlier else document.landed_rows,
        0 if earlier else document.quarantined_rows,
        document.code,
        message,
    )


def main(words: list[str]) -> int:
    """Lands the files named on the command line; 1 when one was rejected, 3 when one needs a look."""
    if len(words) < 2:
        print(__doc__)  # noqa: T201
        return 2
    settings = load_settings()
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        results = [land_file(settings, warehouse, words[0], Path(word)) for word in words[1:]]
    for result in results:
        print(  # noqa: T201
            f"{result.state:9} {result.landed_rows} landed, {result.quarantined_rows} quarantined"
            f"  {result.name}" + (f"\n          {result.message}" if result.message else "")
        )
        for fault in result.faults:
            print(f"          {fault.describe(result.name)}")  # noqa: T201
    if any(result.state == "rejected" for result in results):
        return 1
    return 3 if any(r.state == "held" or r.quarantined_rows for r in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One file, from its bytes to the warehouse: archive, parse and judge, then commit once.

In: Settings, an open warehouse, a source's name, a file. Out: LandingResult; the same bytes land
once however often they come. What is wrong with the file is a result; what is wrong with the
machine or the configuration is raised, and leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse
from ingestion.faults import FileFault, escaped
from ingestion.formats.declared import from_manifest
from ingestion.formats.packed import unpacked
from ingestion.formats.parse import parse
from ingestion.formats.parsed import Parsed, Scratch, scratch_database
from ingestion.known_sources import spec_of
from ingestion.landing.archive import mend
from ingestion.landing.arrivals import document_of, kept, work_of
from ingestion.landing.attempts import reading
from ingestion.landing.card_numbers import refuse_card_numbers
from ingestion.landing.commit import (
    commit_document,
    commit_duplicate,
    commit_refused_again,
    commit_rejected,
    unchanged,
)
from ingestion.landing.documents import BY_HAND, Document, known
from ingestion.landing.failpoints import reached
from ingestion.landing.judge import found_totals, reason_to_hold
from ingestion.landing.local_times import repeated_times
from ingestion.landing.replacement import held_if_rows_vanish
from ingestion.landing.result import Also, Arrival, LandingResult, result_of
from ingestion.landing.row_limits import refuse_too_many_rows, too_much_refused
from ingestion.landing.snapshots import in_place, snapshot, too_large
from ingestion.landing.stage import Staged, stage
from ingestion.landing.stores import MANIFEST, MANIFEST_BYTES
from ingestion.landing.trying import trying

MACHINE_TROUBLE = (
    ConfigurationError,
    OSError,
    MemoryError,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)


def land_file(
    settings: Settings,
    warehouse: Warehouse,
    source: str,
    path: Path,
    name: str | None = None,
    door: str = "folder",
    *,
    within: str = "",
    also: Also | None = None,
) -> LandingResult:
    """Lands one file; `name` is its true name where `path` is not. Needs `ensure_schema` once.

    `within` is its folder at the door: files of one name in two folders do not replace each other.
    `also` runs in the transaction that registers the file as landed, held or a duplicate.
    A `<file>.manifest.json` beside it declares totals and revision. Raises SourceChangedError when
    the file is still being written.
    """
    spec = spec_of(settings, source)
    if path.stat().st_size > settings.limits.max_bytes:
        there = Arrival(settings, spec, name or path.name, door, in_place(path), None)
        return refuse(warehouse, there, too_large(path, settings.limits), is_kept=False)
    try:
        manifest = manifest_beside(path)
    except FileFault as fault:
        there = Arrival(settings, spec, name or path.name, door, in_place(path), None)
        return refuse(warehouse, there, fault, is_kept=False)
    with snapshot(settings, path) as taken:
        words = (settings, spec, name or path.name, door, taken, manifest)
        arrival = Arrival(*words, within=within, also=also)
        return land_arrival(warehouse, arrival)


def manifest_beside(path: Path) -> bytes | None:
    """What `<file>.manifest.json` says, where there is one. Raises FileFault."""
    beside = path.with_name(path.name + MANIFEST)
    if not beside.is_file():
        return None
    if not beside.resolve().is_relative_to(path.parent.resolve()):
        raise FileFault("MANIFEST_INVALID", "the manifest is a link out of its folder; put it here")
    if beside.stat().st_size > MANIFEST_BYTES:
        raise FileFault("MANIFEST_INVALID", f"the manifest has over {MANIFEST_BYTES} bytes")
    return beside.read_bytes()


def land_arrival(warehouse: Warehouse, arrival: Arrival) -> LandingResult:
    """Lands bytes that lie here; tried again where the server's trouble may pass."""
    return trying(warehouse, lambda: _land(warehouse, arrival))


def refuse(
    warehouse: Warehouse, arrival: Arrival, fault: FileFault, *, is_kept: bool
) -> LandingResult:
    """Registers bytes as rejected without reading them; `is_kept`: whether to archive them."""
    document = document_of(arrival)
    if is_kept:
        document = replace(document, archived_as=kept(arrival, document))
    return commit_rejected(warehouse, document, fault)


def _land(warehouse: Warehouse, arrival: Arrival) -> LandingResult:
    settings, taken = arrival.settings, arrival.taken
    document = document_of(arrival)
    earlier = known(warehouse, document.document_id)
    if earlier and earlier["state"] == "landed" and arrival.replaced_by is None:
        mend(settings, taken, earlier["archived_as"])
        return commit_duplicate(warehouse, document, earlier, arrival.also)
    if earlier and earlier["code"] == BY_HAND and arrival.original is None:
        return commit_refused_again(warehouse, document, earlier)
    with scratch_database(taken.folder) as scratch:
        try:
            with reading(settings, document.document_id):
                parsed = _parsed(arrival, scratch)
                refuse_too_many_rows(scratch, parsed, settings.limits)
            reached("after_parse")
            document = replace(document, archived_as=kept(arrival, document))
            staged, document = _judged(arrival, document, parsed, scratch)
            if not arrival.is_released and (earlier is None or earlier["state"] != "landed"):
                document = held_if_rows_vanish(
                    warehouse, scratch, document, staged, arrival.spec, settings.limits
                )
            reached("after_stage")
        except FileFault as fault:
            if fault.code == "PARSER_CRASHED":
                refuse_card_numbers(scratch, None, arrival.spec, work_of(arrival))
            if fault.code != "PAN_FOUND" and document.archived_as is None:
                document = replace(document, archived_as=kept(arrival, document))
            if arrival.replaced_by is not None:
                return unchanged(document, fault)
            return commit_rejected(warehouse, document, fault)
        if arrival.inspect:
            arrival.inspect(scratch, staged, document)
        if arrival.replaced_by is not None and document.state != "landed":
            return result_of(document, document.state)  # the rows that are there stay
        words = (scratch, document, parsed, staged, settings.clock(), arrival)
        return commit_document(warehouse, *words)


def _parsed(arrival: Arrival, scratch: Scratch) -> Parsed:
    """The file's rows, once no card number is among them. Raises FileFault."""
    work = work_of(arrival)
    try:
        work, name = unpacked(work, arrival.name, arrival.spec)
        parsed = parse(work, name, arrival.spec, scratch)
    except MACHINE_TROUBLE:
        raise
    except FileFault:
        refuse_card_numbers(scratch, None, arrival.spec, work)
        raise
    except Exception as error:
        # A file that breaks its parser must not stop the files after it, today and every day.
        refuse_card_numbers(scratch, None, arrival.spec, work)
        raise FileFault(
            "PARSER_FAILED",
            f"{type(error).__name__}: {escaped(str(error))[:160]}; please report this file's shape",
        ) from error
    refuse_card_numbers(scratch, parsed, arrival.spec, work)
    return parsed


def _judged(
    arrival: Arrival, document: Document, parsed: Parsed, scratch: Scratch
) -> tuple[Staged, Document]:
    """Splits rows and weighs the file; the document learns key, counts and reason to be held."""
    declared, revision = from_manifest(arrival.manifest) if arrival.manifest else ([], None)
    staged = stage(scratch, parsed, arrival.spec, document.tenant_id, document.currency)
    parsed.notes += repeated_times(scratch, staged, arrival.spec, document.time_zone)
    parsed.totals = found_totals(scratch, parsed, declared, arrival.spec, document.currency)
    landed = sum(table.rows for table in staged.tables)
    limits = arrival.settings.limits
    reason = reason_to_hold(parsed, staged, arrival.spec, limits)
    reason = reason or too_much_refused(scratch, parsed, arrival.spec, document.currency, limits)
    said = reason or next(iter(parsed.notes), None)
    document = replace(
        document,
        format=parsed.format,
        logical_key=parsed.logical_key or document.logical_key,
        revision=parsed.revision or revision or document.revision,
        sequence_scope=parsed.sequence_scope,
        sequence_number=parsed.sequence_number,
        code=said.code if said else None,
        message=said.describe(arrival.name) if said else None,
        line_count=landed + len(staged.faults),
        landed_rows=landed,
        quarantined_rows=len(staged.faults),
    )
    if reason and not arrival.is_released:
        document = replace(document, state="held", landed_rows=0, landed_at=None)
    if arrival.is_released:  # a person has accepted the totals that do not tie
        parsed.totals = [
            replace(total, is_enforced=total.is_enforced and total.declared == total.found)
            for total in parsed.totals
        ]
    return staged, document

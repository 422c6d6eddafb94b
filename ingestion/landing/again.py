"""Documents landed again from the archive: released, rejected, parsed anew, or lost and found.

In: Settings, an open warehouse, a document. The bytes, the manifest and the facts (name, moments,
door) come from the archive; the register and the rows are made from them in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.known_sources import known_sources, spec_of
from ingestion.landing.archive import Archived, facts_of, list_archive, note, taken_out
from ingestion.landing.documents import BY_HAND, decide, document_id, folder_in, known
from ingestion.landing.evidence import is_evidence
from ingestion.landing.facts import Facts
from ingestion.landing.failpoints import reached
from ingestion.landing.not_held import unknown, why_not
from ingestion.landing.one_file import land_arrival, manifest_beside
from ingestion.landing.result import Also, Arrival, Inspect, LandingResult, Original
from ingestion.landing.snapshots import snapshot

RELEASED = "released"  # the door in the register of what a person let in; the controls ask for it
REJECTED = "rejected"


def release(
    settings: Settings,
    warehouse: Warehouse,
    identity: str,
    by: str = "unknown",
    reason: str = "",
) -> LandingResult:
    """Lands a held document for good, because a person decided so. Raises KeyError, ValueError."""
    row = _held(warehouse, identity, RELEASED)
    moment = settings.clock()
    facts = replace(_facts(settings, row), decision=RELEASED, decided_by=by, decided_at=moment)
    facts = replace(facts, reason=reason or None, landed_at=moment)

    def also(inside: Warehouse) -> None:
        decide(inside, row, RELEASED, by, moment, reason)
        _note(settings, row, facts)

    return _land(settings, warehouse, row["archived_as"], facts, also)


def reject(
    settings: Settings, warehouse: Warehouse, identity: str, by: str, reason: str
) -> dict[str, Any]:
    """Refuses a held document for good; its bytes stay in the archive. Raises as release does."""
    row = _held(warehouse, identity, REJECTED)
    moment = settings.clock()
    facts = replace(_facts(settings, row), decision=REJECTED, decided_by=by, decided_at=moment)
    with warehouse.transaction():
        _refuse_by_hand(warehouse, row, by, moment, reason)
        _note(settings, row, replace(facts, reason=reason))
    return known(warehouse, identity) or row


def lost(settings: Settings, warehouse: Warehouse) -> list[Archived]:
    """Archived files that the register does not know, or not as their facts do, or without rows.

    One that is held, and beside whose bytes a decision stands, lost what came after it was held.
    """
    mine = [
        a
        for a in list_archive(settings)
        if a.archived_as.startswith(f"{settings.tenant}/") and not is_evidence(a.archived_as)
    ]
    rows = warehouse.rows("select * from ops.documents where archived_as is not null")
    registered = {row["archived_as"]: row for row in rows}
    found = _rows_there(settings, warehouse)
    return [
        archived
        for archived in mine
        if (row := registered.get(archived.archived_as)) is None
        or (row["state"] == "landed" and row["landed_rows"] != found.get(row["document_id"], 0))
        or (row["state"] == "held" and facts_of(settings, archived).decision is not None)
    ]


def reland(settings: Settings, warehouse: Warehouse, by: str) -> Iterator[LandingResult]:
    """Lands what was lost, oldest first, as it came then: names, moments, doors and decisions."""
    files = [(facts_of(settings, archived), archived) for archived in lost(settings, warehouse)]
    for facts, archived in sorted(files, key=lambda f: (f[0].received_at, f[1].archived_as)):
        identity = document_id(facts.tenant, facts.source, archived.sha256)
        earlier = known(warehouse, identity)
        is_short = earlier is not None and earlier["state"] == "landed"
        result = _land(
            settings,
            warehouse,
            archived.archived_as,
            facts,
            also=_decision_of(facts, identity),
            replaced_by=by if is_short else None,
        )
        if facts.decision == REJECTED and result.state == "held":
            row = known(warehouse, identity)
            moment = facts.decided_at or settings.clock()
            with warehouse.transaction():
                _refuse_by_hand(
                    warehouse, row or {}, facts.decided_by or by, moment, facts.reason or ""
                )
            result = replace(result, state=REJECTED, code=BY_HAND)
        yield result


def parse_again(
    settings: Settings,
    warehouse: Warehouse,
    row: dict[str, Any],
    by: str,
    inspect: Inspect | None = None,
) -> LandingResult:
    """A document of the register as today's parser reads it, in the place of its rows.

    `inspect` sees the new rows before anything is written, and may stop it by raising. What had no
    rows before is in the books from now on, and not from the day it was refused or held.
    """
    facts, is_new = _facts(settings, row), row["state"] != "landed"
    if is_new:
        facts = replace(facts, landed_at=settings.clock())
    also = (lambda _: _note(settings, row, facts)) if is_new else None
    return _land(settings, warehouse, row["archived_as"], facts, also, by, inspect)


def _land(
    settings: Settings,
    warehouse: Warehouse,
    archived_as: str,
    facts: Facts,
    also: Also | None = None,
    replaced_by: str | None = None,
    inspect: Inspect | None = None,
) -> LandingResult:
    is_released = facts.decision == RELEASED
    with taken_out(settings, archived_as) as path, snapshot(settings, path) as taken:
        arrival = Arrival(
            settings,
            spec_of(settings, facts.source),
            facts.name,
            RELEASED if is_released else facts.door,
            taken,
            manifest_beside(path),
            is_released,
            facts.within,
            also,
            Original(facts, archived_as),
            replaced_by,
            inspect,
        )
        return land_arrival(warehouse, arrival)


def _note(settings: Settings, row: dict[str, Any], facts: Facts) -> None:
    """Writes a document's facts, in the transaction that makes them true.

    A process killed after the commit could not; one killed before it leaves a decision that the
    register does not know, and the register is believed.
    """
    note(settings, row["archived_as"], facts)
    reached("after_decision")


def _facts(settings: Settings, row: dict[str, Any]) -> Facts:
    """A registered document's facts: its sidecar's, and the register's where they are later."""
    archived = Archived(row["sha256"], row["archived_as"], row["byte_count"])
    facts = replace(facts_of(settings, archived), name=row["name"], received_at=row["received_at"])
    if row["door"] == RELEASED:
        facts = replace(facts, decision=RELEASED)
    elif row["code"] != BY_HAND:
        facts = replace(facts, decision=None, decided_by=None, decided_at=None, reason=None)
    within = folder_in(row["logical_key"], row["name"]) or facts.within
    return replace(facts, landed_at=row["landed_at"] or facts.landed_at, within=within)


def _held(warehouse: Warehouse, identity: str, word: str) -> dict[str, Any]:
    row = known(warehouse, identity)
    if row is None:
        raise KeyError(unknown(warehouse, identity))
    if row["state"] != "held":
        raise ValueError(why_not(warehouse, row, word))
    return row


def _decision_of(facts: Facts, identity: str) -> Also | None:
    """What writes a release into the register again, with the name and the time of then."""
    if facts.decision != RELEASED or facts.decided_at is None:
        return None
    row = {"document_id": identity, "tenant_id": facts.tenant}
    words = (RELEASED, facts.decided_by or "unknown", facts.decided_at, facts.reason or "")
    return lambda inside: decide(inside, row, *words)


def _refuse_by_hand(
    warehouse: Warehouse, row: dict[str, Any], by: str, moment: datetime, reason: str
) -> None:
    said = f"{row['message'] or row['name']}; refused by hand: {reason}"
    warehouse.execute(
        "update ops.documents set state = $2, code = $3, message = $4 where document_id = $1",
        [row["document_id"], REJECTED, BY_HAND, said],
    )
    decide(warehouse, row, REJECTED, by, moment, reason)


def _rows_there(settings: Settings, warehouse: Warehouse) -> dict[str, int]:
    """How many rows of each document are in raw."""
    found: dict[str, int] = {}
    # Declared sources share tables with the built-in ones: each table is counted once.
    tables = {table for spec in known_sources(settings).values() for table in spec.tables}
    for table in sorted(tables):
        rows = warehouse.rows(
            f"select _document_id, count(*) as n from raw.{table} group by _document_id"
        )
        for row in rows:
            found[row["_document_id"]] = found.get(row["_document_id"], 0) + int(row["n"])
    return found

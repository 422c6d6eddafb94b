"""Documents that answer a dispute: bytes into the archive, their hash into the register.

In: Settings, an open warehouse, a dispute, a file. Out: Registered. The same bytes for the same
dispute are one document. The facts (who, when, what was said) lie beside the bytes, so that the
register can be made again from the archive (`tieout reland`). Nothing reads the bytes: they leave
the archive for nobody.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.landing.archive import facts_of, list_archive, safe_name, store_of
from ingestion.landing.facts import FACTS, Facts
from ingestion.landing.snapshots import snapshot
from ingestion.landing.stores import Archived

SOURCE = "_evidence"  # no source is called so: names of sources begin with a letter
_KEYS = (
    "evidence_id, tenant_id, chargeback_id, sha256, name, byte_count, note, added_by, added_at,"
    " archived_as, dispute_ref, transaction_id, reference"
)


@dataclass(frozen=True)
class Dispute:
    """A dispute and what else it is called: its id is another one once a better report came."""

    chargeback_id: str
    dispute_ref: str | None = None
    transaction_id: str | None = None
    reference: str | None = None

    def names(self) -> dict[str, str | None]:
        """All but its id."""
        return {name: value for name, value in asdict(self).items() if name != "chargeback_id"}


@dataclass(frozen=True)
class Registered:
    """A document of a dispute, and whether it is new."""

    evidence_id: str
    sha256: str
    name: str
    byte_count: int
    is_new: bool


def is_evidence(archived_as: str) -> bool:
    """Whether a place in the archive holds such a document and no file of a source."""
    return archived_as.split("/", 2)[1] == SOURCE


def register_evidence(
    settings: Settings, warehouse: Warehouse, dispute: Dispute, file: Path, by: str, note: str
) -> Registered:
    """Keeps a file for a dispute. Raises ValueError for a file that is empty or has no name."""
    _named(file)
    chargeback_id = dispute.chargeback_id
    with snapshot(settings, file) as taken:
        if not taken.byte_count:
            raise ValueError(f"{file} is empty; an empty document answers nothing")
        identity = evidence_id(chargeback_id, taken.sha256)
        start = f"{settings.tenant}/{SOURCE}/{taken.sha256[:2]}/{taken.sha256}__{chargeback_id}"
        store, key = store_of(settings), f"{start}_{safe_name(file.name)}"
        there = store.find(start, taken.sha256)
        earlier = _known(warehouse, identity)
        moment = settings.clock()
        facts = Facts(
            *(file.name, settings.tenant, SOURCE, taken.sha256, taken.byte_count, moment, moment),
            door="evidence",
            within=chargeback_id,
            decided_by=by,
            reason=note or None,
            names=dispute.names(),
        )
        if there is None:
            store.put_text(key + FACTS, facts.as_bytes(), taken.folder)
            store.put(key, taken.path, taken.sha256, taken.again)
        if earlier is None:
            archived = Archived(taken.sha256, there or key, taken.byte_count)
            known = facts if there is None else facts_of(settings, archived)
            _write(warehouse, known, archived)
    name = file.name if earlier is None else earlier["name"]
    return Registered(identity, taken.sha256, name, taken.byte_count, earlier is None)


def restore_evidence(settings: Settings, warehouse: Warehouse) -> int:
    """Registers again what only the archive knows; returns how many."""
    rows = warehouse.rows("select archived_as from ops.chargeback_evidence")
    known = {row["archived_as"] for row in rows}
    found = [
        archived
        for archived in list_archive(settings)
        if is_evidence(archived.archived_as)
        and archived.archived_as.startswith(f"{settings.tenant}/")
        and archived.archived_as not in known
    ]
    for archived in found:
        _write(warehouse, facts_of(settings, archived), archived)
    return len(found)


def evidence_id(chargeback_id: str, sha256: str) -> str:
    """The key of a document of a dispute: the same bytes have the same."""
    return f"evd_{chargeback_id.removeprefix('cbk_')[:12]}{sha256[:20]}"


def _named(file: Path) -> None:
    try:
        file.name.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(file.name).decode(errors="backslashreplace")
        words = f"the name of the file {shown} is not UTF-8; give it another name and try again"
        raise ValueError(words) from None


def _known(warehouse: Warehouse, identity: str) -> dict[str, Any] | None:
    rows = warehouse.rows(
        "select * from ops.chargeback_evidence where evidence_id = $1", [identity]
    )
    return rows[0] if rows else None


def _write(warehouse: Warehouse, facts: Facts, archived: Archived) -> None:
    warehouse.execute(
        f"insert into ops.chargeback_evidence ({_KEYS})"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [
            *(evidence_id(facts.within, archived.sha256), facts.tenant, facts.within),
            *(archived.sha256, facts.name, archived.byte_count, facts.reason),
            *(facts.decided_by or "unknown", facts.received_at, archived.archived_as),
            *Dispute(facts.within, **(facts.names or {})).names().values(),
        ],
    )

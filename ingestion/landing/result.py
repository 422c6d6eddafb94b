"""What became of one file, and the file on its way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.catalogue import SourceSpec
from ingestion.faults import RowFault
from ingestion.formats.parsed import Scratch
from ingestion.landing.documents import Document
from ingestion.landing.facts import Facts
from ingestion.landing.snapshots import Snapshot
from ingestion.landing.stage import Staged

Also = Callable[[Warehouse], None]  # a door's own note, written in the landing's transaction
Inspect = Callable[[Scratch, Staged, Document], None]


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
class Original:
    """The facts of a file that is in the archive, and its place there."""

    facts: Facts
    archived_as: str


@dataclass(frozen=True)
class Arrival:
    """One file on its way in: whose it is, its bytes, its own words about itself.

    `within` is the folder that tells it from a file of the same name elsewhere at its door.
    `original` says what was true of bytes that come from the archive again, `replaced_by` who wants
    the rows of an earlier parse replaced, and `inspect` sees the new rows before that.
    """

    settings: Settings
    spec: SourceSpec
    name: str
    door: str
    taken: Snapshot
    manifest: bytes | None
    is_released: bool = False
    within: str = ""
    also: Also | None = None
    original: Original | None = None
    replaced_by: str | None = None
    inspect: Inspect | None = None


def result_of(
    document: Document, state: str, earlier: dict[str, object] | None = None
) -> LandingResult:
    """The result of a document; of a duplicate when `earlier` is the register's row."""
    return LandingResult(
        document.document_id,
        document.source,
        document.name,
        document.sha256,
        state,
        0 if earlier else document.landed_rows,
        0 if earlier else document.quarantined_rows,
        None if earlier else document.code,
        f"the same bytes landed before as {earlier['name']}" if earlier else document.message,
    )

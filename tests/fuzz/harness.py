"""One input for one source, from bytes to judged rows, as landing does it, without a warehouse.

In: a source, a name, bytes. Out: the code of a fault, or "rows"; anything else that is raised is a
finding. Used by the long run (run.py) and by the tests of every day.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, Settings
from ingestion.catalogue import SourceSpec, catalogue
from ingestion.faults import FileFault
from ingestion.formats.packed import is_parcel, members_of, unpack, unpacked
from ingestion.formats.parse import parse
from ingestion.formats.parsed import Limits, Scratch, Work
from ingestion.landing.card_numbers import refuse_card_numbers
from ingestion.landing.judge import found_totals, reason_to_hold
from ingestion.landing.local_times import repeated_times
from ingestion.landing.stage import stage
from ingestion.manifest import read_manifest

PLACES = (PROJECT_ROOT / "samples" / "sources", PROJECT_ROOT / "samples" / "inbox")
LARGEST = 200_000
LIMITS = Limits(max_bytes=50_000_000)


@dataclass(frozen=True)
class Seed:
    """A valid file of the samples."""

    spec: SourceSpec
    name: str
    content: bytes

    @property
    def title(self) -> str:
        """Source and name."""
        return f"{self.spec.source}/{self.name}"


@lru_cache(maxsize=1)
def seeds() -> tuple[Seed, ...]:
    """Every small sample file of every source, those of a deployment's own manifests too."""
    found = []
    for folder in (f for place in PLACES for f in sorted(place.glob("*/"))):
        spec = _spec_of(folder)
        if spec is None:
            continue
        found += [
            Seed(spec, path.name, path.read_bytes())
            for path in sorted(folder.iterdir())
            if path.is_file()
            and not path.name.endswith((".manifest.json", ".yml"))
            and path.stat().st_size <= LARGEST
            and not path.read_bytes().startswith(b"<!DOCTYPE html")  # the story's broken file
        ]
    table = next(s for s in found if s.spec.source == "generic" and s.name.endswith(".csv"))
    return (*found, *_packings(table))


def _packings(table: Seed) -> list[Seed]:
    """A table as a gzip, alone in a zip, and twice in one."""
    packed = [Seed(table.spec, f"{table.name}.gz", gzip.compress(table.content, mtime=0))]
    for number, names in enumerate((["a.csv"], ["a.csv", "b.csv"]), start=1):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name), table.content, zipfile.ZIP_DEFLATED)
        packed.append(Seed(table.spec, f"parcel_of_{number}.zip", made.getvalue()))
    return packed


def manifests() -> list[Path]:
    """The manifests of the samples."""
    return [own for place in PLACES for own in sorted(place.glob("*/*.yml")) if _is_manifest(own)]


def _is_manifest(file: Path) -> bool:
    return file.stem == file.parent.name


def _spec_of(folder: Path) -> SourceSpec | None:
    own = folder / f"{folder.name}.yml"
    return read_manifest(own, folder.name) if own.is_file() else catalogue().get(folder.name)


class Bench:
    """A scratch database for many inputs: opening one is the slow part."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tieout-fuzz-")
        self._scratch = Scratch(Path(self._folder.name))

    def outcome(self, spec: SourceSpec, name: str, content: bytes, is_judged: bool = True) -> str:
        """What becomes of the bytes. Raises what a parser or the judge should not raise.

        Judging costs ten times what parsing does; who tries many inputs judges some of them.
        """
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder:
            path = Path(folder) / "bytes"
            path.write_bytes(content)
            try:
                work = Work(path, Path(folder), LIMITS)
                return _outcome(spec, name, work, self._scratch, is_judged)
            finally:
                self._clear()

    def outcome_of_manifest(self, content: bytes, name: str, table: bytes) -> str:
        """What becomes of a table of the source that the bytes declare; "refused" at once."""
        file = Path(self._folder.name) / "manifest.yml"
        file.write_bytes(content)
        try:
            return self.outcome(read_manifest(file, "declared"), name, table)
        except ConfigurationError:
            return "refused"

    def _clear(self) -> None:
        try:
            relations = self._scratch.all(
                "select view_name, 'view' from duckdb_views() where not internal"
                " union all select table_name, 'table' from duckdb_tables() order by 2 desc"
            )
        except duckdb.FatalException:  # a file broke the database itself, as in landing: a new one
            self._scratch = Scratch(Path(self._folder.name))
            return
        for relation, kind in relations:
            self._scratch.connection.execute(f'drop {kind} if exists "{relation}"')


def _outcome(spec: SourceSpec, name: str, work: Work, scratch: Scratch, is_judged: bool) -> str:
    try:
        if is_parcel(work.path):
            return _outcome_of_parcel(spec, work, scratch)
        work, name = unpacked(work, name, spec)
        parsed = parse(work, name, spec, scratch)
        refuse_card_numbers(scratch, parsed, spec, work)
        if not is_judged:
            return "rows"
        staged = stage(scratch, parsed, spec, "default", spec.currency or "EUR")
        parsed.totals = found_totals(scratch, parsed, [], spec, spec.currency or "EUR")
        repeated_times(scratch, staged, spec, "Europe/Berlin")
        reason = reason_to_hold(parsed, staged, spec, Settings().limits)
        for table in staged.tables:
            scratch.all(f"select * from {table.table}")
    except FileFault as fault:
        return fault.code
    return reason.code if reason else "rows"


def _outcome_of_parcel(spec: SourceSpec, work: Work, scratch: Scratch) -> str:
    """What becomes of the first member; the others are files like it."""
    member = members_of(work.path)[0]
    unpack(work.path, member, work.folder / "member")
    inside = Work(work.folder / "member", work.folder, work.limits)
    return _outcome(spec, member.filename, inside, scratch, is_judged=False)

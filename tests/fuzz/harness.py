"""One input for one source, from bytes to judged rows, as landing does it, without a warehouse.

In: a source, a name, bytes. Out: the code of a fault, or "rows"; anything else that is raised is a
finding. Used by the long run (run.py) and by the tests of every day.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from dbt_project.settings import PROJECT_ROOT, Settings
from ingestion.catalogue import SourceSpec, catalogue
from ingestion.faults import FileFault
from ingestion.formats.packed import unpacked
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
    return tuple(found)


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

"""Files other people published: what each is, where it goes, and what must become of it.

In: foreign_files.yml, a list of {files: glob, source, state, code, why}; `source: none` is a file
that is no input (another parser's output, a licence). Out: one Outcome a file.
Run alone: python -m tests.python.conformance.foreign [FOLDER]   prints the report of a whole run.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema
from ingestion.landing.parcels import land_all
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
LIST = Path(__file__).with_name("foreign_files.yml")
NO_INPUT = "none"


@dataclass(frozen=True)
class Expected:
    """What a file is and what must become of it."""

    files: str
    source: str
    state: str = "landed"
    code: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a file; `ties` are control totals that tie, of how many."""

    file: str
    expected: Expected
    result: LandingResult | None = None
    ties: tuple[int, int] = (0, 0)

    @property
    def as_expected(self) -> bool:
        """Whether state and code are the ones on the list."""
        if self.result is None:
            return self.expected.source == NO_INPUT
        wanted = (self.expected.state, self.expected.code)
        return (self.result.state, self.result.code) == wanted


def expectations() -> list[Expected]:
    """The list, in its order."""
    return [Expected(**words) for words in yaml.safe_load(LIST.read_text(encoding="utf-8"))]


def matches(folder: Path = SAMPLES) -> dict[str, Expected]:
    """Every file of the folder with the last line that speaks of it. Raises LookupError."""
    found = {path: line for line in expectations() for path in folder.glob(line.files)}
    files = sorted(path for path in folder.glob("*/*") if path.is_file())
    if unknown := [path.relative_to(folder).as_posix() for path in files if path not in found]:
        raise LookupError(f"{LIST.name} does not speak of {', '.join(unknown)}")
    return {path.relative_to(folder).as_posix(): found[path] for path in files}


def outcomes(settings: Settings, folder: Path = SAMPLES) -> Iterator[Outcome]:
    """Lands every file, in name order."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for file, line in matches(folder).items():
            if line.source == NO_INPUT:
                yield Outcome(file, line)
                continue
            results = list(land_all(settings, warehouse, line.source, folder / file))
            tied = [ties(warehouse, result.document_id) for result in results]
            counts = (sum(t for t, _ in tied), sum(n for _, n in tied))
            yield Outcome(file, line, as_one(results), counts)


def as_one(results: list[LandingResult]) -> LandingResult:
    """What became of a file, or of a parcel: its first member that did not land speaks for it."""
    told = next((result for result in results if result.state != "landed"), results[0])
    return replace(
        told,
        landed_rows=sum(result.landed_rows for result in results),
        quarantined_rows=sum(result.quarantined_rows for result in results),
    )


def ties(warehouse: Warehouse, document: str) -> tuple[int, int]:
    """How many control totals of a document tie, and how many it has."""
    row = warehouse.rows(
        "select count(*) as n, sum(case when declared = found then 1 else 0 end) as tied"
        " from ops.control_totals where document_id = $1",
        [document],
    )[0]
    return int(row["tied"] or 0), int(row["n"])


def desk_settings(folder: Path, **changes: Any) -> Settings:
    """A deployment that lands whatever can be read, to see what is in it."""
    return make_settings(folder, **{**WORDS, **changes})


def main(words: list[str]) -> int:
    """Prints the table; 1 when a file did not become what the list says."""
    folder = Path(words[0]) if words else SAMPLES
    table = Table("file", "source", "state", "code", "rows", "quarantined", "totals tie", "")
    with tempfile.TemporaryDirectory() as place:
        done = list(outcomes(desk_settings(Path(place)), folder))
    for outcome in done:
        result = outcome.result
        cells = ("no input", "", "", "", "")
        if result:
            tied = f"{outcome.ties[0]} of {outcome.ties[1]}" if outcome.ties[1] else ""
            counts = (str(result.landed_rows), str(result.quarantined_rows), tied)
            cells = (result.state, result.code or "", *counts)
        mark = "" if outcome.as_expected else "NOT AS LISTED"
        table.add_row(outcome.file, outcome.expected.source, *cells, mark)
    Console(width=180).print(table)
    wrong = [outcome.file for outcome in done if not outcome.as_expected]
    print(f"{len(done)} files, {len(wrong)} not as {LIST.name} says")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

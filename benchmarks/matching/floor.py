"""The floor: the same matching by hand, one DuckDB script, nothing around it.

    python -m benchmarks.matching.floor FOLDER FILES

Files to typed rows, three passes, open items, in a database file. Prints what both halves took.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.matching.deployment import AS_OF, BOOKS_ZONE, TOLD_ZONE

HERE = Path(__file__).parent


def run_floor(folder: Path, files: Path, memory: str = "") -> dict[str, float]:
    """Seconds and CPU seconds of staging and of matching."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "floor.duckdb"
    place.unlink(missing_ok=True)
    with duckdb.connect(str(place)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        if memory:
            connection.execute(f"set memory_limit = '{memory}'")
        for name, value in (
            ("books", str(files / "books_*.csv")),
            ("told", str(files / "told_*.csv")),
            ("books_zone", BOOKS_ZONE),
            ("told_zone", TOLD_ZONE),
            ("as_of", f"{AS_OF:%Y-%m-%d}"),
        ):
            connection.execute(f"set variable {name} = '{value}'")
        told: dict[str, float] = {}
        for part in ("staging", "matching"):
            started, used = time.perf_counter(), cpu()
            connection.execute((HERE / f"floor_{part}.sql").read_text(encoding="utf-8"))
            connection.execute("checkpoint")
            told |= {part: time.perf_counter() - started, f"{part}_cpu": cpu() - used}
    return told


def cpu() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    folder, files, *memory = sys.argv[1:]
    print(json.dumps(run_floor(Path(folder), Path(files), *memory)))  # noqa: T201

"""The files of a world of N events: a million events a file, the same rows for the same seed.

python -m benchmarks.matching.world FOLDER EVENTS SEED [keyless]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

PER_FILE = 1_000_000
FILES = {"books": "books", "told": "told"}
ALL, KEYLESS = (1000, 0), (18, 965)  # kinds and the first of them, see world.sql


def write_world(
    folder: Path, events: int, seed: int, kinds: tuple[int, int] = ALL
) -> dict[str, int]:
    """Writes books_00.csv, told_00.csv and so on; says how many rows each party has."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = dict.fromkeys(FILES, 0)
    sql = Path(__file__).with_name("world.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        for number, start in enumerate(range(0, events, PER_FILE)):
            for name, value in (
                ("events", events),
                ("seed", seed),
                ("from_event", start),
                ("kinds", kinds[0]),
                ("first_kind", kinds[1]),
            ):
                connection.execute(f"set variable {name} = {value}")
            connection.execute(sql)
            for view, name in FILES.items():
                file = folder / f"{name}_{number:02}.csv"
                done = connection.execute(f"copy {view} to '{file}' (header)").fetchone()
                rows[name] += int(done[0]) if done else 0
    return rows


if __name__ == "__main__":
    place, events, seed, *keyless = sys.argv[1:]
    rows = write_world(Path(place), int(events), int(seed), KEYLESS if keyless else ALL)
    print(json.dumps(rows))  # noqa: T201

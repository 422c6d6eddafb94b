"""Moves rows from the scratch database into the warehouse, in sets, inside the open transaction.

Both engines get Arrow batches: DuckDB as they are, PostgreSQL as the lines of a text-format COPY.
Rows in are compared with rows landed before the transaction may commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dbt_project.warehouse import DuckDBWarehouse, PostgresWarehouse, Warehouse
from ingestion.formats.parsed import Scratch

ROW_GROUP = 122_880  # DuckDB writes full row groups of this size straight to its file
COPY_BATCH = 16_384
ESCAPES = ((b"\\", r"\\"), (b"\t", r"\t"), (b"\n", r"\n"), (b"\r", r"\r"))  # backslash first


class RowsLostError(Exception):
    """The warehouse took another number of rows than it was given; nothing is committed."""


def insert(
    warehouse: Warehouse, scratch: Scratch, table: str, columns: Sequence[str], query: str
) -> int:
    """Inserts a scratch query (its columns in this order) and returns the number of rows."""
    named = ", ".join(f'"{column}"' for column in columns)
    counts = "".join(f', count("{column}")' for column in columns)
    given, *filled = scratch.all(f"select count(*){counts} from ({query}) as r({named})")[0]
    if given == 0:
        return 0
    kept = [f'"{c}"' for c, values in zip(columns, filled, strict=True) if values]
    query = f"select {', '.join(kept)} from ({query}) as r({named})"
    if isinstance(warehouse, DuckDBWarehouse):
        taken = _into_duckdb(warehouse, scratch, table, kept, query)
    elif isinstance(warehouse, PostgresWarehouse):
        taken = _into_postgres(warehouse, scratch, table, kept, query)
    else:
        raise TypeError(f"cannot land rows in {warehouse.engine}")
    if taken != given:
        raise RowsLostError(f"{table} took {taken} of {given} rows")
    return taken


def _into_duckdb(
    warehouse: DuckDBWarehouse, scratch: Scratch, table: str, columns: Sequence[str], query: str
) -> int:
    reader = scratch.connection.sql(query).to_arrow_reader(ROW_GROUP)
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
    marks = _marks(scratch)
    texts = ", ".join(f"cast({column} as varchar)" for column in columns)
    reader = scratch.connection.sql(
        f"select {texts} from ({query}) as r({', '.join(columns)})"
    ).to_arrow_reader(COPY_BATCH)
    with warehouse.connection.cursor() as cursor:
        with cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
            for lines in _ahead(_copy_lines(batch, marks) for batch in reader):
                copy.write(lines)
        return cursor.rowcount


def _ahead(made: Iterator[bytes]) -> Iterator[bytes]:
    """Makes the next lines in a thread of its own while the server takes these."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, made, None)
        while (lines := coming.result()) is not None:
            coming = maker.submit(next, made, None)
            yield lines


def _marks(scratch: Scratch) -> tuple[Any, Any, Any]:
    """Tab, nothing and line end as Arrow scalars; made by Arrow, each process would load pandas."""
    one = scratch.connection.sql("select chr(9), '', chr(10)").to_arrow_table()
    return one[0][0], one[1][0], one[2][0]


def _copy_lines(batch: pa.RecordBatch, marks: tuple[Any, Any, Any]) -> bytes:
    """One line a row as COPY's text format wants it; a null is a backslash and N."""
    tab, nothing, end = marks
    columns = [_escaped(column) for column in batch.columns]
    lines = pc.binary_join_element_wise(
        *columns, tab, null_handling="replace", null_replacement=r"\N"
    )
    return _bytes_of(pc.binary_join_element_wise(lines, nothing, end))


def _escaped(column: Any) -> Any:
    """The column itself where nothing in it needs an escape, which is nearly always."""
    text = _bytes_of(column)
    for found, written in ESCAPES:
        if found in text:
            column = pc.replace_substring(column, found.decode(), written)
    return column


def _bytes_of(column: Any) -> bytes:
    """The text of an Arrow string array as it lies in memory, one value after the other."""
    _, offsets, data = column.buffers()
    if data is None:
        return b""
    places = memoryview(offsets).cast("q" if pa.types.is_large_string(column.type) else "i")
    return memoryview(data)[places[column.offset] : places[column.offset + len(column)]].tobytes()

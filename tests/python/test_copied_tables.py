"""The finder of copied tables finds them where they are, and only there.

The models themselves are asked in test_same_rows.py, where they are compiled anyway.
Run alone: pytest tests/python/test_copied_tables.py
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.python.copied_tables import WIDE, copies

COLUMNS = [f"c{number}" for number in range(WIDE)]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A table of the name of a large one."""
    with duckdb.connect() as connection:
        columns = ", ".join(f"range as {name}" for name in COLUMNS)
        connection.execute(f"create table transactions as select {columns} from range(10)")
        yield connection


def twice(word: str, columns: str = "*") -> str:
    """All rows beside those that are there once more: the table is named twice."""
    return (
        f"with told as {word} (select {columns} from transactions where c0 > 1),"
        " once as (select c1 from told group by c1 having count(*) > 1)"
        " select told.* from told left join once on told.c1 = once.c1 where once.c1 is null"
    )


def test_a_table_that_is_copied_whole_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    assert list(copies(connection, twice("materialized"))) == [("told", "transactions")]
    assert list(copies(connection, twice(""))) == [("told", "transactions")]


def test_what_is_read_in_place_or_narrow_is_none(connection: duckdb.DuckDBPyConnection) -> None:
    assert list(copies(connection, twice("not materialized"))) == []
    assert list(copies(connection, twice("materialized", "c0, c1"))) == []
    counted = (
        "with n as materialized (select c1, count(*) as rows from transactions group by c1)"
        " select n.* from n inner join n as m using (c1)"
    )
    assert list(copies(connection, counted)) == []

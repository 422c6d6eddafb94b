"""Finds large tables that a query copies whole before it reads them, in plans of DuckDB.

A common table expression that is named twice is computed once and kept: right for what costs work,
a waste for a table as it stands, and of tens of millions of rows tens of gigabytes on disk. In: a
connection and SQL. Out: the copies, by the expression's name, of TABLES with WIDE columns or more.
The remedy: macros/dialect/read_in_place.sql.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.matching.plans import operators

# As long as the transactions are.
TABLES = {
    "transactions",
    "int_transactions__reported",
    "int_matching__items",
    "int_matching__explained",
    "matches",
    "match_members",
    "ledger_entries",
}
WIDE = 5
THROUGH = {"PROJECTION", "FILTER"}


def copies(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[str, str]]:
    """The expressions of a query that copy one of TABLES, each with the table."""
    ((_, plan),) = connection.execute(f"explain (format json) {sql}").fetchall()
    for operator in (found for root in json.loads(plan) for found in operators(root)):
        if operator["name"].strip() == "CTE":
            source = operator["children"][0]
            columns = source["extra_info"].get("Projections", ())
            while source["name"].strip() in THROUGH:
                source = source["children"][0]
            table = str(source["extra_info"].get("Table", "")).rsplit(".", 1)[-1]
            if table in TABLES and not isinstance(columns, str) and len(columns) >= WIDE:
                yield operator["extra_info"]["CTE Name"], table


def copied(connection: duckdb.DuckDBPyConnection, compiled: Path) -> list[tuple[str, str, str]]:
    """The copies that compiled models and tests make: model or test, expression, table."""
    found = []
    for file in sorted(compiled.rglob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        if any(f'"{table}"' in sql for table in TABLES):
            found += [(file.stem, *copy) for copy in copies(connection, sql)]
    return found

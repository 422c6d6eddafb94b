"""Order-free fingerprints of warehouse relations, equal on DuckDB and PostgreSQL.

In: a Warehouse and a relation "schema.name". Out: Fingerprint(rows, checksum): the number of rows
and the sum of the first 60 bits of every row's md5, so order does not count and duplicates do.
Columns go in by name, sorted; numbers as nine decimals, times with microseconds, every value with
its length. `fingerprint_rows` is the same sum over Python values, to compare with an oracle.
Floats are refused: their text differs between engines, and money has none.
Run alone: python -m tests.python.fingerprint marts   (the warehouse of the settings)
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dbt_project.settings import load_settings
from dbt_project.warehouse import Warehouse, open_warehouse

NUMBERS = ("decimal", "numeric", "bigint", "integer", "smallint", "hugeint", "tinyint")
TIMES = ("timestamp",)
PLAIN = ("text", "varchar", "character", "date", "boolean")
MASK = "%Y-%m-%dT%H:%M:%S.%f"


@dataclass(frozen=True)
class Fingerprint:
    """Two relations with the same fingerprint hold the same rows."""

    rows: int
    checksum: int


def columns_of(warehouse: Warehouse, relation: str) -> dict[str, str]:
    """The relation's columns and types, sorted by name. Raises LookupError when there is none."""
    schema, name = relation.split(".")
    found = warehouse.rows(
        "select column_name, lower(data_type) as data_type from information_schema.columns"
        " where table_schema = $1 and table_name = $2",
        (schema, name),
    )
    if not found:
        raise LookupError(f"{relation} does not exist in this {warehouse.engine} warehouse")
    types = {row["column_name"]: row["data_type"] for row in found}
    return dict(sorted(types.items()))


def _as_text(engine: str, column: str, data_type: str) -> str:
    if data_type.startswith(NUMBERS):
        return f"cast(cast({column} as decimal(38, 9)) as text)"
    if data_type.startswith(TIMES) and "with time zone" not in data_type:
        if engine == "postgres":
            return f"to_char({column}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
        return f"strftime({column}, '{MASK}')"
    if data_type.startswith(PLAIN):
        return f"cast({column} as text)"
    raise TypeError(f"column {column} is {data_type}, whose text is not the same on every engine")


def row_text_sql(engine: str, types: Mapping[str, str]) -> str:
    """The SQL expression that writes a row as one text without ambiguity."""
    parts = []
    for name, data_type in types.items():
        text = _as_text(engine, f'"{name}"', data_type)
        parts.append(f"'{name}=' || coalesce(length({text}) || ':' || {text}, '~')")
    return " || ".join(parts)


def fingerprint(warehouse: Warehouse, relation: str, without: Collection[str] = ()) -> Fingerprint:
    """The relation's fingerprint; `without` names columns that may differ (run ids, clocks)."""
    types = {n: t for n, t in columns_of(warehouse, relation).items() if n not in without}
    digits = f"substr(md5({row_text_sql(warehouse.engine, types)}), 1, 15)"
    if warehouse.engine == "postgres":
        number = f"cast(cast(cast('x' || {digits} as bit(60)) as bigint) as numeric)"
    else:
        number = f"cast(cast('0x' || {digits} as bigint) as hugeint)"
    found = warehouse.rows(
        f"select count(*) as row_count, coalesce(sum({number}), 0) as checksum from {relation}"
    )[0]
    return Fingerprint(int(found["row_count"]), int(found["checksum"]))


def fingerprints(
    warehouse: Warehouse, schema: str, without: Collection[str] = ()
) -> dict[str, Fingerprint]:
    """The fingerprint of every table and view of a schema."""
    found = warehouse.rows(
        "select table_name from information_schema.tables where table_schema = $1", (schema,)
    )
    names = sorted(row["table_name"] for row in found)
    return {name: fingerprint(warehouse, f"{schema}.{name}", without) for name in names}


def _value_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{Decimal(value):.9f}"
    if isinstance(value, datetime):
        return value.strftime(MASK)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    raise TypeError(f"{type(value).__name__} has no text that is the same on every engine")


def fingerprint_rows(rows: Iterable[Mapping[str, Any]]) -> Fingerprint:
    """The fingerprint of rows held in Python, by the same rule."""
    count, checksum = 0, 0
    for row in rows:
        texts = ((name, _value_text(value)) for name, value in sorted(row.items()))
        text = "".join(f"{n}=" + ("~" if t is None else f"{len(t)}:{t}") for n, t in texts)
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        count, checksum = count + 1, checksum + int(digest[:15], 16)
    return Fingerprint(count, checksum)


if __name__ == "__main__":
    with open_warehouse(load_settings(), read_only=True) as opened:
        for relation_name, print_of in fingerprints(opened, sys.argv[1]).items():
            print(f"{print_of.rows:>12,}  {print_of.checksum:>22}  {relation_name}")  # noqa: T201

"""Parquet for programs: text is text, money decimal, days dates; the same rows, the same bytes.

In: typed columns and rows. Out: a file, written in groups of rows so that memory stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from delivery.xlsx import Column

GROUP = 100_000
_MONEY = pa.decimal128(28, 4)
_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "label": pa.string(),
    "money": _MONEY,
    "share": pa.decimal128(12, 6),
    "whole": pa.int64(),
    "day": pa.date32(),
    "moment": pa.timestamp("us"),
    "flag": pa.bool_(),
}


def write_parquet(file: Path, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> int:
    """Writes the columns under their titles and returns how many rows there were."""
    schema = pa.schema([(column.title, _TYPES[column.kind]) for column in columns])
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        rest = iter(rows)
        while group := list(islice(rest, GROUP)):
            count += len(group)
            arrays = [
                pa.array([_value(row[column.name]) for row in group], _TYPES[column.kind])
                for column in columns
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return count


def _value(value: Any) -> Any:
    """A float is refused: Parquet would keep its error for ever."""
    if isinstance(value, float):
        raise TypeError(f"a float in an export: {value}; amounts are exact decimals")
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value

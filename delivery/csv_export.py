"""CSV files for people with a spreadsheet: exact numbers, and no cell that is a formula.

In: rows by column name. Out: a UTF-8 file with a mark at its start, so that Excel reads umlauts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

# The first characters a spreadsheet takes for a formula (OWASP CSV injection), full width too.
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def defused(text: str) -> str:
    """Text that no spreadsheet runs: a leading quote where it would start a formula."""
    starts = text.startswith(_FORMULA) or text.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA)
    return f"'{text}" if starts else text


def cell(value: Any) -> str:
    """One value as CSV text. Numbers stay numbers; a float is refused, money is never one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        raise TypeError(f"a float in an export: {value}; amounts are exact decimals")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, int | date):
        return str(value)
    return defused(str(value))


def write_csv(
    file: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    titles: Sequence[str] = (),
    encoding: str = "utf-8-sig",
) -> int:
    """Writes the columns of the rows, in that order, and returns how many rows there were."""
    count = 0
    with file.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(titles or columns)
        for row in rows:
            writer.writerow([cell(row[name]) for name in columns])
            count += 1
    return count

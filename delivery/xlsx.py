"""A workbook for people: ids stay text, amounts stay exact, and no cell is a formula.

In: sheets with typed columns and rows, read once and written as they come, so that a large sheet
needs no memory. Out: an XLSX file; the same rows give the same bytes. Text that looks like a
formula has Excel's own mark for text. An amount of more digits than Excel keeps is text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from delivery.csv_export import defused

Kind = Literal["text", "money", "whole", "share", "day", "moment", "flag", "label"]
ROWS_OF_A_SHEET = 1_048_576  # Excel's own limit, header included
TEXT_OF_A_CELL = 32_767
DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar has a day that never was
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # a fixed word in the properties
_WIDTHS = {"text": 18, "money": 14, "whole": 10, "share": 10, "day": 12, "moment": 19, "flag": 8}
_STYLES: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "bg_color": "#DDE7EA"},
    "label": {"bold": True, "num_format": "@"},
    "text": {"num_format": "@"},
    "quoted": {"num_format": "@", "quote_prefix": True},
    "whole": {"num_format": "0"},
    "share": {"num_format": "0.00%"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    **{f"money{n}": {"num_format": "#,##0" + ("." + "0" * n if n else "")} for n in range(5)},
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the key of a row, the word above it, what its cells are."""

    name: str
    title: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns, its rows. `money` says how many places a row's money has."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]


def write_workbook(file: Path, sheets: Iterable[Sheet], places: Mapping[str, int]) -> None:
    """Writes the sheets in order. Rows beyond Excel's limit go on in another sheet.

    `places`: decimals by currency; a row's currency is its cell `currency`. Raises TypeError for a
    float.
    """
    with Workbook(str(file), {"constant_memory": True}) as book:
        book.set_properties({"created": _MADE})
        styles = {name: book.add_format(words) for name, words in _STYLES.items()}
        for sheet in sheets:
            rows = iter(sheet.rows)
            part, more = 1, True
            while more:
                title = sheet.title if part == 1 else f"{sheet.title} ({part})"
                more = _sheet(book.add_worksheet(title[:31]), sheet.columns, rows, places, styles)
                part += 1


def _sheet(
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterator[Mapping[str, Any]],
    places: Mapping[str, int],
    styles: Mapping[str, Format],
) -> bool:
    """Writes rows until they end or the sheet is full; True when it is full."""
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width or _WIDTHS.get(column.kind, 18))
        sheet.write_string(0, place, column.title, styles["header"])
    count = 1
    for row in islice(rows, ROWS_OF_A_SHEET - 1):
        digits = places.get(str(row.get("currency")), 4)
        for place, column in enumerate(columns):
            _cell(sheet, (count, place), row[column.name], _style(column.kind, digits), styles)
        count += 1
    sheet.autofilter(0, 0, count - 1, len(columns) - 1)
    return count == ROWS_OF_A_SHEET


def _style(kind: Kind, digits: int) -> str:
    return f"money{digits}" if kind == "money" else kind


def _cell(
    sheet: Worksheet,
    at: tuple[int, int],
    value: Any,
    style: str,
    styles: Mapping[str, Format],
) -> None:
    """One cell. A float is refused: money is never one."""
    if value is None or value == "":
        return
    if isinstance(value, float):
        raise TypeError(f"a float in a workbook: {value}; amounts are exact decimals")
    if isinstance(value, bool):
        sheet.write_boolean(*at, value)
    elif isinstance(value, datetime | date) and _day(value) >= _FIRST_DAY:
        exact = "moment" if isinstance(value, datetime) else "day"
        sheet.write_datetime(*at, value, styles[exact])
    elif isinstance(value, int) and len(str(abs(value))) <= DIGITS:
        sheet.write_number(*at, value, styles["whole"])
    elif isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= DIGITS:
        sheet.write_number(*at, value, styles[style])
    else:
        _text(sheet, at, f"{value:f}" if isinstance(value, Decimal) else str(value), style, styles)


def _day(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _text(
    sheet: Worksheet, at: tuple[int, int], text: str, style: str, styles: Mapping[str, Format]
) -> None:
    """A string that stays one: marked as text where it looks like a formula."""
    words = "label" if style == "label" else "quoted" if defused(text) != text else "text"
    sheet.write_string(*at, text[:TEXT_OF_A_CELL], styles[words])

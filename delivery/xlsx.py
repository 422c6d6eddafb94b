"""A workbook for people: ids stay text, amounts stay exact, and no cell is a formula.

In: sheets with typed columns and rows, read once and written as they come, so that a large sheet
needs no memory. Out: an XLSX file; the same rows give the same bytes. Nothing of a row becomes
markup or a formula: text is an inline string, and what looks like a formula has Excel's own mark
for text. An amount of more digits than Excel keeps (15) is written as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from delivery.csv_export import defused
from delivery.xlsx_parts import (
    CONTENT_TYPES,
    RELATIONS,
    STYLE_OF_KIND,
    STYLE_OF_PLACES,
    STYLES,
    Style,
)

Kind = Literal["text", "money", "whole", "share", "day", "moment", "flag", "label"]
ROWS_OF_A_SHEET = 1_048_576  # Excel's own limit, header included
TEXT_OF_A_CELL = 32_767
DIGITS = 15
_EPOCH = date(1899, 12, 30)  # Excel's day 0, right from March 1900 on
_FIRST_DAY = date(1900, 3, 1)
_WIDTHS = {"text": 18, "money": 14, "whole": 10, "share": 10, "day": 12, "moment": 19, "flag": 8}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|\r")


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

    `places`: decimals by currency; a row's currency is its cell `currency`.
    """
    titles: list[str] = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for sheet in sheets:
            rows = iter(sheet.rows)
            part, more = 1, True
            while more:
                title = sheet.title if part == 1 else f"{sheet.title} ({part})"
                titles.append(title[:31])
                part_name = f"xl/worksheets/sheet{len(titles)}.xml"
                with archive.open(_entry(part_name), "w", force_zip64=True) as out:
                    more = _sheet(out, sheet.columns, rows, places, is_first=len(titles) == 1)
                part += 1
        for name, text in _frame(titles).items():
            archive.writestr(_entry(name), text)


def _entry(name: str) -> ZipInfo:
    """A member whose bytes depend on nothing but its content."""
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0
    return entry


def _sheet(
    out: IO[bytes],
    columns: Sequence[Column],
    rows: Iterator[Mapping[str, Any]],
    places: Mapping[str, int],
    is_first: bool,
) -> bool:
    """Writes rows until they end or the sheet is full; True when it is full."""
    out.write(_opening(columns, is_first).encode())
    count = 1
    for row in islice(rows, ROWS_OF_A_SHEET - 1):
        count += 1
        digits = places.get(str(row.get("currency")), 4)
        cells = "".join(
            _cell(f"{_letters(place)}{count}", row[column.name], column.kind, digits)
            for place, column in enumerate(columns)
        )
        out.write(f'<row r="{count}">{cells}</row>'.encode())
    last = f"{_letters(len(columns) - 1)}{count}"
    out.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
    return count == ROWS_OF_A_SHEET


def _opening(columns: Sequence[Column], is_first: bool) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{c.width or _WIDTHS.get(c.kind, 18)}" customWidth="1"/>'
        for n, c in enumerate(columns, start=1)
    )
    head = "".join(
        _text(f"{_letters(place)}1", column.title, Style.HEADER)
        for place, column in enumerate(columns)
    )
    selected = ' tabSelected="1"' if is_first else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetViews><sheetView workbookViewId="0"{selected}><pane ySplit="1" topLeftCell="A2"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{head}</row>'
    )


def _cell(place: str, value: Any, kind: Kind, digits: int) -> str:
    """One cell. A float is refused: money is never one."""
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        raise TypeError(f"a float in a workbook: {value}; amounts are exact decimals")
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime | date):
        return _moment(place, value)
    if isinstance(value, Decimal | int):
        return _number(place, Decimal(value), "whole" if isinstance(value, int) else kind, digits)
    return _text(place, str(value), STYLE_OF_KIND.get(kind, Style.TEXT))


def _number(place: str, value: Decimal, kind: Kind, digits: int) -> str:
    if len(value.normalize().as_tuple().digits) > DIGITS:
        return _text(place, f"{value:f}", Style.TEXT)
    style = STYLE_OF_PLACES[digits] if kind == "money" else STYLE_OF_KIND.get(kind, Style.WHOLE)
    return f'<c r="{place}" s="{style}"><v>{value:f}</v></c>'


def _moment(place: str, value: datetime | date) -> str:
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return _text(place, str(value), Style.TEXT)
    if not isinstance(value, datetime):
        return f'<c r="{place}" s="{Style.DAY}"><v>{(day - _EPOCH).days}</v></c>'
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    part = (Decimal(seconds) / 86_400).quantize(Decimal("0.0000000001"))
    return f'<c r="{place}" s="{Style.MOMENT}"><v>{(day - _EPOCH).days + part:f}</v></c>'


def _text(place: str, text: str, style: int) -> str:
    """A string that stays one: escaped, and marked as text where it looks like a formula."""
    if style == Style.TEXT and defused(text) != text:
        style = Style.QUOTED
    kept = _NOT_XML.sub(lambda hit: f"_x{ord(hit.group()):04X}_", text[:TEXT_OF_A_CELL])
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(kept)}</t></is></c>"
    )


def _letters(place: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    while place >= 0:
        place, rest = place // 26 - 1, place % 26
        name = chr(65 + rest) + name
    return name


def _frame(titles: Sequence[str]) -> dict[str, str]:
    """The parts that say what the sheets are."""
    numbers = range(1, len(titles) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>'
        for n, title in zip(numbers, titles, strict=True)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles = f'<Relationship Id="rId{len(titles) + 1}" Type="{office}/styles" Target="styles.xml"/>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": head + CONTENT_TYPES.replace("{parts}", parts),
        "_rels/.rels": head + RELATIONS,
        "xl/workbook.xml": (
            f'{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' xmlns:r="{office}"><sheets>{sheets}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships">{related}{styles}</Relationships>'
        ),
        "xl/styles.xml": head + STYLES,
    }

"""XLSX workbooks: text by fastexcel, numbers by the text stored in the sheet, never by a float.

In: Work, contract, scratch. Out: Parsed, one table a record. A contract that names sheets wants
each of them; one that does not reads the first. Hidden rows count, blank ones do not. Numbers are
taken with the 15 digits Excel itself shows: 16.07, not 16.070000000000001; 12345.0 is 12345.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal

import fastexcel

from ingestion.catalogue import Column, Record, SourceSpec
from ingestion.faults import FileFault, RowFault, escaped, line_hash
from ingestion.formats.header import clean_header, header_missing, missing, recognise
from ingestion.formats.layout import rows_laid_bare
from ingestion.formats.packed import check_directory
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work
from ingestion.formats.sheet_cells import Cell, Sheet, read_sheets

FIFTEEN = Context(prec=15)
MAX_EXACT_DIGITS = 15
UNIX_LEAST_SERIAL, GREATEST_SERIAL = 61, 110_000


@dataclass(frozen=True)
class Grid:
    """A sheet's rows as text, with their row numbers, and the cells that are no plain text."""

    rows: list[tuple[int, list[str | None]]]
    cells: dict[tuple[int, int], Cell]
    is_1904: bool


def parse_workbook(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads the contract's sheets. Raises FILE_TYPE, FILE_ARCHIVE_UNSAFE, SHEET_MISSING."""
    names = {member.filename for member in check_directory(work.path)}
    if "xl/workbook.xml" not in names:
        raise FileFault("FILE_TYPE", "a zip, but no .xlsx workbook; save it as .xlsx and send that")
    sheets = read_sheets(work.path)
    try:
        book = fastexcel.read_excel(str(work.path))
    except Exception as error:
        raise FileFault(
            "FILE_TYPE", f"not a readable .xlsx workbook: {escaped(str(error))[:120]}"
        ) from error
    parsed = Parsed("xlsx")
    wanted = {record.sheet: name for name, record in spec.records.items() if record.sheet}
    if absent := [sheet for sheet in wanted if sheet not in sheets]:
        raise FileFault(
            "SHEET_MISSING",
            f"no sheet {', '.join(map(str, absent))}; the workbook has"
            f" {', '.join(escaped(name) for name in sheets)}. Name the sheets as agreed",
        )
    for title in wanted or list(sheets)[:1]:
        _read(parsed, book, sheets[str(title)], spec, scratch, wanted.get(title))
    return parsed


def _read(
    parsed: Parsed,
    book: fastexcel.ExcelReader,
    sheet: Sheet,
    spec: SourceSpec,
    scratch: Scratch,
    record: str | None,
) -> None:
    grid = _grid(book, sheet)
    kept, asides = rows_laid_bare(grid.rows, spec.layout)
    parsed.asides += asides
    if not kept:
        raise FileFault("FILE_NO_HEADER", f"sheet {escaped(sheet.title)} is empty")
    (line, first), body = kept[0], kept[1:]
    while first and not first[-1]:
        first = first[:-1]
    headers = clean_header([name or "" for name in first], line)
    record = record or recognise(headers, spec, line)
    contract = spec.records[record]
    if missing(contract, headers):
        raise header_missing(contract, headers, spec, line)
    table = ParsedTable(record, scratch.new_table(len(headers)), headers)
    rows, lines = [], []
    for line, cells in body:
        read = _row(table, contract, grid, line, cells)
        if isinstance(read, RowFault):
            parsed.faults.append(read)
        else:
            rows.append(read)
            lines.append(line)
    scratch.append(table.table, rows, lines)
    parsed.tables.append(table)


def _grid(book: fastexcel.ExcelReader, sheet: Sheet) -> Grid:
    """fastexcel's text, laid over the sheet's own cell positions; both must agree in shape."""
    if not sheet.cells:
        return Grid([], {}, sheet.is_1904)
    table = book.load_sheet(sheet.title, header_row=None, dtypes="string").to_arrow()
    columns = [column.to_pylist() for column in table.columns]
    last_row = sheet.first_row + table.num_rows - 1
    if last_row < sheet.last_row or sheet.first_column + len(columns) - 1 < sheet.last_column:
        raise FileFault(
            "SHEET_UNREADABLE",
            f"sheet {escaped(sheet.title)} has cells to row {sheet.last_row}, its reader stops at"
            f" {last_row}; save the workbook again",
        )
    rows = []
    for offset, values in enumerate(zip(*columns, strict=True)):
        line = sheet.first_row + offset
        cells: list[str | None] = [None] * (sheet.first_column - 1)
        cells += [_cell(sheet, line, sheet.first_column + i, v) for i, v in enumerate(values)]
        if any(cells):
            rows.append((line, cells))
    return Grid(rows, sheet.cells, sheet.is_1904)


def _cell(sheet: Sheet, line: int, column: int, text: str | None) -> str | None:
    cell = sheet.cells.get((line, column))
    if cell is None:
        return text or None
    if cell.kind == "number" and not (text and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)):
        return number_text(cell.value)
    return cell.value or "?" if cell.kind in ("error", "no value") else text


def number_text(value: str) -> str:
    """The decimal text of a stored number at Excel's own 15 digits, without exponent."""
    exact = FIFTEEN.create_decimal(Decimal(value)).normalize() + 0  # no minus before zero
    return f"{exact:f}"


def _row(
    table: ParsedTable, contract: Record, grid: Grid, line: int, cells: list[str | None]
) -> list[str | None] | RowFault:
    words = contract.by_header()
    values = [*cells[: len(table.headers)], *([None] * (len(table.headers) - len(cells)))]
    for place, name in enumerate(table.headers):
        column = words.get(name)
        cell = grid.cells.get((line, place + 1))
        if column is None or cell is None:
            continue
        code = _refusal(column, cell)
        if code:
            shown = "***" if column.kind == "personal" else cell.value
            hashed = line_hash(values)
            return RowFault(table.record, line, code, place + 1, name, shown, "", hashed)
        if column.kind in ("timestamp", "date") and cell.kind == "number":
            values[place] = _moment(values[place], cell.value, grid.is_1904)
        elif cell.kind == "number" and column.cell and column.cell.numbers:
            mark = column.cell.numbers.decimal  # a number has no spelling: it gets the declared one
            values[place] = (values[place] or "").replace(".", mark) or None
    return values


def _refusal(column: Column, cell: Cell) -> str | None:
    if cell.kind == "no value":
        return "CELL_NO_VALUE"
    if cell.kind == "error" or (cell.kind == "boolean" and column.kind != "text"):
        return "CELL_ERROR"
    if cell.kind == "number" and column.kind in ("key", "id"):
        number = Decimal(cell.value)
        if number == number.to_integral_value() and number.adjusted() >= MAX_EXACT_DIGITS:
            return "ID_PRECISION_LOST"
    return None


def _moment(text: str | None, serial: str, is_1904: bool) -> str | None:
    """A bare serial number in a date column is a day count by the workbook's own calendar."""
    if text and re.match(r"[0-9]{4}-", text):
        return text
    days = Decimal(serial)
    if not UNIX_LEAST_SERIAL <= days <= GREATEST_SERIAL:
        return text
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    seconds = int((days * 86_400).to_integral_value())
    return (start + timedelta(seconds=seconds)).isoformat(sep=" ")

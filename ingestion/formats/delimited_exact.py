"""Delimited text read record by record: names the line of every fault, allows fields over lines.

Slower than DuckDB and used for what it cannot be trusted with: fields with line ends, mixed line
ends, stray quotes, wrong field counts, zero bytes, lines that are no records.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TextIO

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, RowFault, line_hash
from ingestion.formats.parsed import CHUNK, ParsedTable, Scratch, Work

MAX_FAULTS = 100_000


class RecordReader:
    """Records of a strict dialect, with their first physical line and their raw text."""

    def __init__(self, file: TextIO, delimiter: str, max_line: int) -> None:
        csv.field_size_limit(max_line)
        field = f'(?:"(?:[^"]|"")*"|[^"{re.escape(delimiter)}\r\n]*)'
        self._strict = re.compile(f"{field}(?:{re.escape(delimiter)}{field})*(?:\r\n|\r|\n)?")
        self._raw: list[str] = []
        self._file, self._max_line = file, max_line
        self._reader = csv.reader(self._feed(), delimiter=delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        for line in self._file:
            self._raw.append(line)
            yield line

    def __iter__(self) -> Iterator[tuple[int, list[str], str | None]]:
        """First line, fields, and what is wrong with the quotes (None when nothing is)."""
        while True:
            self._raw.clear()
            start = self._reader.line_num + 1
            try:
                fields = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse_open_quote(start, str(error))
                yield start, ["".join(self._raw).rstrip("\r\n")], str(error)
                continue
            text = "".join(self._raw)
            if '"' in text and not self._strict.fullmatch(text):
                self._refuse_open_quote(start, "a quote stands inside a field")
                yield start, fields, "a quote stands inside a field"
            else:
                yield start, fields, None

    def _refuse_open_quote(self, start: int, error: str) -> None:
        if "field larger" in error:
            raise FileFault("LINE_TOO_LONG", f"a field is longer than {self._max_line}", start)
        if len(self._raw) > 1 or "end of data" in error:
            raise open_quote(start, len(self._raw))


def open_quote(start: int, lines: int) -> FileFault:
    """A quote that swallows lines makes the rest of the file guesswork."""
    return FileFault(
        "CSV_QUOTE",
        f"a quote opened in line {start} runs over {lines} lines without a proper end; nothing"
        " after it can be trusted. Close it and send the file again",
        start,
    )


def read_exactly(
    work: Work, spec: SourceSpec, scratch: Scratch, table: ParsedTable, header_end: int
) -> tuple[list[RowFault], tuple[str, ...]]:
    """Fills the scratch table; returns row faults and the trailer's fields. Raises CSV_QUOTE."""
    faults: list[RowFault] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    trailer: tuple[int, list[str]] | None = None
    with work.path.open(encoding="utf-8-sig", newline="") as file:
        for start, fields, error in RecordReader(file, spec.delimiter, work.limits.max_line_bytes):
            if start <= header_end or not fields:
                continue
            if trailer:
                faults.append(_field_count(table, *trailer))
                trailer = None
            if spec.trailer and fields[0] == spec.trailer:
                trailer = (start, fields)
            elif fault := _fault(table, start, fields, error):
                faults.append(fault)
                _refuse_too_many(faults)
            else:
                rows.append(fields)
                lines.append(start)
            if len(lines) >= CHUNK:
                scratch.append(table.table, rows, lines)
                rows, lines = [], []
    scratch.append(table.table, rows, lines)
    return faults, tuple(trailer[1]) if trailer else ()


def _fault(table: ParsedTable, start: int, fields: list[str], error: str | None) -> RowFault | None:
    hashed = line_hash(fields)
    if error:
        return RowFault(table.record, start, "CSV_QUOTE", detail=f"{error}", line_hash=hashed)
    if len(fields) != len(table.headers):
        if any("\n" in field or "\r" in field for field in fields):
            raise open_quote(start, sum(field.count("\n") for field in fields) + 1)
        return _field_count(table, start, fields)
    for number, field in enumerate(fields, start=1):
        if "\0" in field:
            name = table.headers[number - 1]
            return RowFault(table.record, start, "NUL_BYTE", number, name, field, "", hashed)
    return None


def _field_count(table: ParsedTable, start: int, fields: list[str]) -> RowFault:
    found, wanted = len(fields), len(table.headers)
    return RowFault(
        table.record,
        start,
        "FIELD_COUNT",
        detail=f"found {found} fields, want {wanted}; is there a delimiter inside a value?",
        line_hash=line_hash(fields),
    )


def _refuse_too_many(faults: list[RowFault]) -> None:
    if len(faults) > MAX_FAULTS:
        raise FileFault(
            "TOO_MANY_FAULTS",
            f"more than {MAX_FAULTS} lines cannot be read; this is hardly the agreed format",
            faults[0].line,
        )

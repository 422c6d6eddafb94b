"""NDJSON: one object a line; numbers keep the text they were written with, never as floats."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import Any

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, RowFault, line_hash
from ingestion.formats.delimited_exact import MAX_FAULTS
from ingestion.formats.header import header_missing, recognise
from ingestion.formats.json_objects import parse_json_objects
from ingestion.formats.json_strict import cell, flaw_of, read_json
from ingestion.formats.octets import as_utf8, read_facts
from ingestion.formats.parsed import CHUNK, Parsed, ParsedTable, Scratch, Work


@dataclass
class _Table:
    """Rows on their way to the scratch database."""

    table: ParsedTable
    words: dict[str, int]
    spec: SourceSpec

    def row(self, values: dict[str, Any]) -> list[str | None]:
        """A line's values by column; the unknown ones as JSON text in `_extra`."""
        cells: list[str | None] = [None] * len(self.table.headers)
        others = {}
        for name, value in values.items():
            if name in self.words:
                cells[self.words[name]] = cell(value)
            elif not self.spec.is_dropped(name):
                others[name] = value
        cells[-1] = json.dumps(others, ensure_ascii=False) if others else None
        return cells


def parse_ndjson(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads the lines into one scratch table. Raises FILE_NOT_NDJSON, HEADER_MISSING."""
    if spec.has_objects:
        return parse_json_objects(work, spec, scratch)
    path = as_utf8(work.path, work.folder)
    facts = read_facts(path, work.limits.max_line_bytes)
    parsed = Parsed("ndjson", ends_cleanly=facts.ends_with_newline)
    out: _Table | None = None
    rows: list[list[str | None]] = []
    lines: list[int] = []
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if not line.strip():
                continue
            values, fault = _read(line.decode(), number, next(iter(spec.records)))
            if out is None and values is not None:
                out = _table(tuple(values), spec, scratch, number)
            if fault or out is None or values is None:
                parsed.faults += [fault] if fault else []
                _stop_if_hopeless(parsed.faults, out)
                continue
            rows.append(out.row(values))
            lines.append(number)
            if len(lines) >= CHUNK:
                scratch.append(out.table.table, rows, lines)
                rows, lines = [], []
    if out is None:
        raise FileFault("FILE_NOT_NDJSON", "no line is a JSON object; is it one big array?", 1)
    scratch.append(out.table.table, rows, lines)
    parsed.tables.append(out.table)
    return parsed


def _table(names: tuple[str, ...], spec: SourceSpec, scratch: Scratch, line: int) -> _Table:
    record = recognise(names, spec, line)
    contract = spec.records[record]
    words = list(contract.by_header())
    if not set(names) & set(words):
        raise header_missing(contract, names, spec, line)
    headers = (*words, "_extra")
    table = ParsedTable(record, scratch.new_table(len(headers)), headers)
    return _Table(table, {word: place for place, word in enumerate(words)}, spec)


def _read(line: str, number: int, record: str) -> tuple[dict[str, Any] | None, RowFault | None]:
    try:
        value = read_json(line, number)
        code = flaw_of(value) if isinstance(value, dict) else "JSON_INVALID"
    except ValueError:
        code = "JSON_INVALID"
    if code is None:
        return value, None
    return None, RowFault(record, number, code, line_hash=line_hash([line.rstrip("\r\n")]))


def _stop_if_hopeless(faults: list[RowFault], out: _Table | None) -> None:
    if out is None and len(faults) >= 100:
        raise FileFault("FILE_NOT_NDJSON", "the first 100 lines are not JSON objects", 1)
    if len(faults) > MAX_FAULTS:
        raise FileFault("TOO_MANY_FAULTS", f"more than {MAX_FAULTS} lines are not JSON objects")

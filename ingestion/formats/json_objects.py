"""JSON objects of several kinds, as interfaces and webhooks send them: each kind has its table.

A file is one object, a list, a response (`{"object": "list", "data": […]}`, `{"payments": […]}`),
an event around an object, or any of these one a line. What kind an object is says its field
`object` or the name it stands under. In: Work, contract, scratch. Out: a table for each record.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, RowFault, Suspicion, escaped, line_hash
from ingestion.formats.delimited_exact import MAX_FAULTS
from ingestion.formats.json_places import NO_EVENT, Event, cells_of, is_not_needed
from ingestion.formats.json_strict import JsonObject, flaw_of, read_json
from ingestion.formats.octets import as_utf8, read_facts
from ingestion.formats.parsed import CHUNK, Parsed, ParsedTable, Scratch, Total, Work

MAX_DOCUMENT = 1 << 26  # bytes of one JSON value; more comes as lines
MANY_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){12}")
ENVELOPE_NAMES = 4  # a response around objects has few names, an object has many


def starts_like_json(start: bytes) -> bool:
    """Whether the first bytes open an object or a list."""
    return start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


@dataclass
class _Rows:
    """What was found so far, kind by kind."""

    spec: SourceSpec
    scratch: Scratch
    tables: dict[str, ParsedTable] = field(default_factory=dict)
    waiting: dict[str, tuple[list[list[str | None]], list[int]]] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    not_needed: Counter[str] = field(default_factory=Counter)
    events: list[str] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    envelopes: int = 0
    known: int = 0

    def value(self, value: Any, event: Event, line: int) -> None:
        """Everything of a known kind in a JSON value."""
        if isinstance(value, list):
            for item in value:
                self.value(item, event, line)
        elif isinstance(value, dict):
            self._object(value, event, value.line if isinstance(value, JsonObject) else line)
        else:
            self.unknown["no object"] += 1

    def _object(self, value: dict[str, Any], event: Event, line: int) -> None:
        kind = value.get("object")
        record = next((n for n, r in self.spec.records.items() if kind in r.objects), None)
        inner = value.get("data")
        if isinstance(value, JsonObject) and value.has_duplicate and not record:
            self._refuse(self._first(), value, line, "DUPLICATE_KEY")
        elif record:
            self._row(record, value, event, line)
        elif is_not_needed(value, self.spec):
            self.not_needed[str(kind)] += 1
            self._leave(value, line)
        elif kind in ("list", "search_result") and isinstance(inner, list):
            self.envelopes += 1
            self.value(inner, event, line)
        elif isinstance(inner, dict) and isinstance(inner.get("object"), dict):
            self.events.append(str(value.get("id") or value.get("event_id") or ""))
            self._leave({**value, "data": {**inner, "object": None}}, line)
            self.value(inner["object"], Event(value), line)
        else:
            self._response(value, event, line)

    def _response(self, value: dict[str, Any], event: Event, line: int) -> None:
        """The names of a response that hold objects; or one name around such a response."""
        named = [
            (record, value[name])
            for record, contract in self.spec.records.items()
            for name in contract.under
            if isinstance(value.get(name), dict | list)
        ]
        for record, part in named:
            self.envelopes += 1
            for item in part if isinstance(part, list) else [part]:
                if isinstance(item, JsonObject):
                    self._row(record, item, event, item.line)
                else:
                    self.unknown["no object"] += 1
        parts = [part for part in value.values() if isinstance(part, dict | list)]
        is_around = "object" not in value and len(value) <= ENVELOPE_NAMES and len(parts) == 1
        if not named and is_around:
            self.value(parts[0], event, line)
        elif not named:
            self.unknown[str(value.get("object") or value.get("type") or "without a kind")] += 1
            self._leave(value, line)

    def _row(self, record: str, value: dict[str, Any], event: Event, line: int) -> None:
        if code := flaw_of(value):
            self._refuse(record, value, line, code)
            return
        self.known += 1
        contract = self.spec.records[record]
        rows, lines = self.waiting.setdefault(record, ([], []))
        cells, dropped = cells_of(value, event, contract, self.spec)
        if dropped:
            self._leave(dropped, line)
        rows.append(cells)
        lines.append(line)
        if len(lines) >= CHUNK:
            self.flush(record)

    def _leave(self, value: Any, line: int) -> None:
        """What goes nowhere is looked at for card numbers, if it has digits enough."""
        text = json.dumps(value)
        if MANY_DIGITS.search(text):
            self.unread.append((line, text))

    def _first(self) -> str:
        return next(name for name, record in self.spec.records.items() if record.is_object)

    def _refuse(self, record: str, value: Any, line: int, code: str) -> None:
        self.known += 1
        self.faults.append(RowFault(record, line, code, line_hash=line_hash([json.dumps(value)])))

    def flush(self, record: str) -> None:
        """Moves what waits into the scratch table of its kind."""
        names = (*self.spec.records[record].column_names, "_extra")
        if record not in self.tables:
            self.tables[record] = ParsedTable(record, self.scratch.new_table(len(names)), names)
        rows, lines = self.waiting.pop(record, ([], []))
        self.scratch.append(self.tables[record].table, rows, lines)


def parse_json_objects(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads every object of a known kind. Raises FILE_NOT_JSON, FILE_TYPE, FILE_TOO_LARGE."""
    path = as_utf8(work.path, work.folder)
    facts = read_facts(path, max(work.limits.max_line_bytes, MAX_DOCUMENT))
    parsed, rows = Parsed("json"), _Rows(spec, scratch)
    if _is_lines(path):
        parsed.ends_cleanly = facts.ends_with_newline
        _read_lines(path, rows, next(n for n, r in spec.records.items() if r.is_object))
    else:
        rows.value(_document(path), NO_EVENT, 1)
    for record in list(rows.waiting):
        rows.flush(record)
    _refuse_unknown(rows, spec)
    parsed.tables, parsed.faults = list(rows.tables.values()), rows.faults
    parsed.notes, parsed.unread = _notes(rows), rows.unread
    if not rows.known:  # a response that says there is nothing
        parsed.totals.append(Total("response", None, "rows", Decimal(0), Decimal(0)))
    if len(rows.events) == 1 and rows.events[0]:
        parsed.logical_key = f"event {rows.events[0][:150]}"
    return parsed


def _is_lines(path: Path) -> bool:
    """Whether each line is a value of its own: the first two lines open an object each."""
    with path.open("rb") as file:
        first = (raw.removeprefix(codecs.BOM_UTF8).strip() for raw in file)
        opening = [line for _, line in zip(range(2), filter(None, first), strict=False)]
    return len(opening) == 2 and len(opening[0]) > 1 and all(o[:1] == b"{" for o in opening)


def _read_lines(path: Path, rows: _Rows, record: str) -> None:
    for number, line in _lines(path):
        try:
            value = read_json(line, number)
            code = None if isinstance(value, dict) else "JSON_INVALID"
        except ValueError:
            code = "JSON_INVALID"
        if code:
            hashed = line_hash([line.rstrip("\r\n")])
            rows.faults.append(RowFault(record, number, code, line_hash=hashed))
        else:
            rows.value(value, NO_EVENT, number)
        if len(rows.faults) > MAX_FAULTS:
            raise FileFault("TOO_MANY_FAULTS", f"more than {MAX_FAULTS} lines cannot be read")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if line.strip():
                yield number, line.decode()


def _document(path: Path) -> Any:
    size = path.stat().st_size
    if size > MAX_DOCUMENT:
        raise FileFault(
            "FILE_TOO_LARGE",
            f"{size} bytes in one JSON value; send one object a line (NDJSON), which has no limit",
        )
    try:
        value = read_json(path.read_bytes().removeprefix(codecs.BOM_UTF8).decode())
    except ValueError as error:
        raise FileFault(
            "FILE_NOT_JSON",
            f"{error.__dict__.get('msg', error)}; is the file whole? Fetch it again",
            error.__dict__.get("lineno"),
            error.__dict__.get("colno"),
        ) from error
    return value


def _refuse_unknown(rows: _Rows, spec: SourceSpec) -> None:
    if rows.known or ((rows.envelopes or rows.not_needed) and not rows.unknown):
        return
    if not rows.unknown and rows.faults:
        raise FileFault("FILE_NOT_JSON", "no line is a JSON object", rows.faults[0].line)
    kinds = [k for r in spec.records.values() for k in (*r.objects, *r.under)]
    raise FileFault(
        "FILE_TYPE",
        f"no object of a kind {spec.source} has here ({', '.join(kinds)}) but"
        f" {_counts(rows.unknown) or 'nothing'}",
    )


def _notes(rows: _Rows) -> list[Suspicion]:
    left_out = {"OBJECT_UNKNOWN": rows.unknown, "OBJECT_NOT_NEEDED": rows.not_needed}
    return [Suspicion(code, f"left out: {_counts(n)}") for code, n in left_out.items() if n]


def _counts(unknown: Counter[str]) -> str:
    return ", ".join(f"{n} {escaped(kind)[:40]}" for kind, n in sorted(unknown.items())[:20])

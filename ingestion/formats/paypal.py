"""PayPal's sectioned reports: settlement (STL) and transaction detail (TRR), comma or tab.

Lines start with their kind: RH report, FH file, SH section, CH column names, SB a row, SF and SC
the section's footer and count, RF, RC and FF the same of report and file. In: Work, contract,
scratch. Out: one table and the totals the footers declare. The bytes never leave their order.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, RowFault, Suspicion, escaped, line_hash
from ingestion.formats.delimited_exact import MAX_FAULTS, RecordReader
from ingestion.formats.octets import UTF16_MARKS, as_utf8, read_facts
from ingestion.formats.parsed import CHUNK, Parsed, ParsedTable, Scratch, Work
from ingestion.formats.paypal_columns import Columns, columns_of, plain_moment
from ingestion.formats.paypal_rows import plain_rows, refuse_unclear
from ingestion.formats.paypal_totals import Footer, footer_of, totals_of

RECORD = "paypal_transactions"
START = re.compile(r'\s*"?(RH|FH|SH|CH)"?[,\t]')
MANY_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){12}")
NAMED = re.compile(r"(?:^|[^A-Z])(STL|TRR|SAR)(?:$|[^A-Z])", re.I)
FOOTERS = ("SF", "SC", "RF", "RC", "FF")


def knows_paypal(start: bytes) -> bool:
    """Whether the first line is one of a PayPal report's head lines."""
    if start[:2] in UTF16_MARKS:
        text = start.decode("utf-16", "ignore")
    else:
        text = start.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore")
    return START.match(text) is not None


@dataclass
class _Head:
    """What the lines before the rows say; a section keeps what its report and file said."""

    report: str | None = None
    version: str | None = None
    window: str | None = None
    generated: str | None = None
    owner: str | None = None
    file_number: str | None = None
    section: int = 0
    account: str | None = None
    partner: str | None = None
    start: str | None = None
    end: str | None = None

    def cells(self) -> list[str | None]:
        """The columns that come before a row's own."""
        number = str(self.section)
        return [
            self.report, self.version, self.generated, self.file_number, number,
            self.account, self.partner, self.start, self.end,
        ]  # fmt: skip


@dataclass
class _Reader:
    """Walks the lines and collects rows, footers and faults."""

    work: Work
    spec: SourceSpec
    scratch: Scratch
    table: ParsedTable
    has_nul: bool
    head: _Head = field(default_factory=_Head)
    columns: Columns | None = None
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    footers: list[Footer] = field(default_factory=list)
    bodies: dict[int, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def line(self, number: int, fields: list[str], error: str | None) -> None:
        """One record of the file."""
        kind = fields[0].strip().upper().removeprefix("\ufeff")
        self.kinds.add(kind)
        if error or kind == "SB":
            self._body(number, fields, error)
        elif kind == "CH":
            self.columns = columns_of(fields[1:], self.spec.records[RECORD], self.spec, number)
            self.head.report = self.head.report or _report(self.work.name, self.columns)
        elif kind in FOOTERS:
            self.footers.append(footer_of(kind, fields[1:], self.head.section, number))
        elif kind in ("RH", "FH", "SH"):
            self._head(kind, [value.strip() or None for value in fields[1:]])
        else:
            detail = f'a line starts with "{escaped(kind)[:20]}", which no PayPal report has'
            self._refuse(number, fields, "LINE_UNKNOWN", detail)

    def _head(self, kind: str, values: list[str | None]) -> None:
        values += [None] * 5
        if kind == "RH":
            generated, window, owner, version = values[:4]
            self.head.generated, self.head.window = plain_moment(generated), window
            self.head.owner, self.head.version = owner, version
        elif kind == "FH":
            self.head.file_number = values[0]
        else:
            self.head.section += 1
            self.head.start, self.head.end = plain_moment(values[0]), plain_moment(values[1])
            self.head.account, self.head.partner = values[2], values[3]
            self.keys.append(f"{values[2] or ''} {self.head.start} {self.head.end}")
            self.starts.append((self.head.start or "")[:10])

    def _body(self, number: int, fields: list[str], error: str | None) -> None:
        section = self.head.section
        self.bodies[section] = self.bodies.get(section, 0) + 1
        if self.columns is None:
            raise FileFault("REPORT_ORDER", "a row (SB) comes before the column names (CH)", number)
        if error:
            self._refuse(number, fields, "CSV_QUOTE", error)
        elif len(fields) - 1 != self.columns.width:
            detail = f"found {len(fields) - 1} fields after SB, want {self.columns.width}"
            self._refuse(number, fields, "FIELD_COUNT", detail)
        else:
            self._keep(number, fields[1:], self.columns)
        if len(self.lines) >= CHUNK:
            self.flush()

    def _keep(self, number: int, values: list[str], columns: Columns) -> None:
        if self.has_nul and any("\0" in value for value in values):
            self._refuse(number, values, "NUL_BYTE", "")
            return
        row = self.head.cells()
        row += [None if i is None else values[i] for i in columns.places]
        others = {name: values[i] for name, i in columns.unknown.items() if values[i]}
        dropped = " | ".join([values[i] for i in columns.dropped])
        row.append(json.dumps(others, ensure_ascii=False) if others else None)
        row.append(dropped if MANY_DIGITS.search(dropped) else None)
        self.rows.append(row)
        self.lines.append(number)

    def _refuse(self, number: int, fields: list[str], code: str, detail: str) -> None:
        hashed = line_hash(fields)
        self.faults.append(RowFault(RECORD, number, code, detail=detail, line_hash=hashed))
        if len(self.faults) > MAX_FAULTS:
            raise FileFault("TOO_MANY_FAULTS", f"more than {MAX_FAULTS} lines cannot be read")

    def flush(self) -> None:
        """Moves what waits into the scratch table."""
        self.scratch.append(self.table.table, self.rows, self.lines)
        self.rows, self.lines = [], []


def parse_paypal(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a report. Raises REPORT_WITHOUT_MONEY, REPORT_ORDER, HEADER_MISSING, FILE_TYPE."""
    path = as_utf8(work.path, work.folder)
    facts = read_facts(path, work.limits.max_line_bytes)
    names = (*spec.records[RECORD].column_names, "_extra", "_dropped")
    table = ParsedTable(RECORD, scratch.new_table(len(names)), names)
    reader = _Reader(work, spec, scratch, table, facts.has_nul)
    for number, fields, error in _records(path, work):
        reader.line(number, fields, error)
    reader.flush()
    if reader.columns is None:
        raise FileFault("FILE_TYPE", "no line with column names (CH); this is no PayPal report")
    parsed = Parsed("paypal", ends_cleanly=facts.ends_with_newline or "FF" in reader.kinds)
    table = plain_rows(scratch, table)
    parsed.totals = totals_of(
        scratch, table, reader.footers, reader.bodies, reader.head.file_number
    )
    parsed.faults, parsed.tables = reader.faults + refuse_unclear(scratch, table, RECORD), [table]
    if {"RH", "FH"} & reader.kinds and "FF" not in reader.kinds:
        says = "it starts like a whole file (RH, FH) and has no end (FF); ask for it again"
        parsed.suspicions.append(Suspicion("FILE_TRUNCATED_SUSPECT", says))
    parsed.logical_key, parsed.revision = _identity(reader)
    parsed.sequence_scope, parsed.sequence_number = _place(reader)
    return parsed


def _records(path: object, work: Work) -> Iterator[tuple[int, list[str], str | None]]:
    with open(str(path), encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        first = next((line for line in file if line.strip()), "")
        file.seek(0)
        delimiter = "\t" if re.match(r'\s*"?[A-Z]{2}"?\t', first.removeprefix("\ufeff")) else ","
        for number, fields, error in RecordReader(file, delimiter, work.limits.max_line_bytes):
            if any(fields):
                yield number, fields, error


def _report(name: str, columns: Columns) -> str:
    """STL or TRR: the name says so, or the columns do. Raises REPORT_WITHOUT_MONEY."""
    named = NAMED.search(name)
    kind = named[1].upper() if named else None
    if kind == "SAR" or columns.is_agreements:
        raise FileFault(
            "REPORT_WITHOUT_MONEY",
            "a subscription agreement report (SAR) moves no money; its payments are in the"
            " settlement (STL) and transaction detail (TRR) reports",
        )
    columns.refuse_when_missing()
    return kind or ("TRR" if columns.has_status else "STL")


def _identity(reader: _Reader) -> tuple[str | None, int | None]:
    """The logical key and revision: the same report sent again replaces the one before."""
    head = reader.head
    if not reader.keys:
        return None, None
    sections = ", ".join(sorted(set(reader.keys)))
    key = f"paypal {head.report} {head.window or ''} file {head.file_number or '1'}: {sections}"
    if len(key) > 200:
        key = key[:150] + " " + line_hash([sections])[:24]
    digits = re.sub(r"[^0-9]", "", (head.generated or "")[:19])
    return key, int(digits) if len(digits) == 14 else None


def _place(reader: _Reader) -> tuple[str | None, int | None]:
    """Which file of which report it is: footers of the report count the files before it too."""
    head = reader.head
    if not (reader.starts and re.fullmatch("[0-9]{1,4}", head.file_number or "")):
        return None, None
    scope = f"{head.report} {head.window or ''} {head.owner or ''} {min(reader.starts)}"
    return scope[:200], int(head.file_number or "1")

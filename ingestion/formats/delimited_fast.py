"""Delimited text read by DuckDB, only where its answer is sure to equal the careful reader's.

Plain means: one kind of line end, no zero byte, quotes only around whole fields and never over a
line end, as many records as physical lines. Anything else is answered with None: read it carefully.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb

from ingestion.catalogue import SourceSpec
from ingestion.formats.octets import ByteFacts
from ingestion.formats.parsed import ParsedTable, Scratch, Work

GLOB = frozenset("*?[]{}")


def read_fast(
    work: Work, spec: SourceSpec, scratch: Scratch, table: ParsedTable, facts: ByteFacts
) -> tuple[str, ...] | None:
    """Fills the scratch table; returns the trailer's fields (often none), or None to decline."""
    if not facts.is_simple or len(table.headers) < 2 or GLOB & set(str(work.path)):
        return None
    ending = "\\r\\n" if facts.crlf else "\\n"
    path, lines, trailer = _without_trailer(work, spec, facts)
    data_lines = lines - 1
    if data_lines == 0:
        return trailer
    try:
        if facts.has_quote and not _is_strictly_quoted(scratch, path, spec, ending, work):
            return None
        _load(scratch, table, path, spec, ending, work)
    except duckdb.Error:
        return None
    found = scratch.one(f"select count(*) from {table.table}")
    return trailer if found == data_lines else None


def _load(
    scratch: Scratch, table: ParsedTable, path: Path, spec: SourceSpec, ending: str, work: Work
) -> None:
    # Strict is the default; saying so beside new_line CRLF makes DuckDB 2.0 read no row at all.
    columns = ", ".join(f"'{column}': 'varchar'" for column in table.columns())
    scratch.connection.execute(
        f"insert into {table.table} select *, row_number() over () + 1 from read_csv(?,"
        f" header = false, skip = 1, auto_detect = false, columns = {{{columns}}}, delim = ?,"
        " quote = '\"', escape = '\"', null_padding = false, nullstr = '\x1f',"
        f" new_line = '{ending}', max_line_size = ?, parallel = false)",
        [str(path), spec.delimiter, work.limits.max_line_bytes + 2],
    )


def _is_strictly_quoted(
    scratch: Scratch, path: Path, spec: SourceSpec, ending: str, work: Work
) -> bool:
    """Whether every physical line is a whole record with quotes around whole fields only."""
    delimiter = f"\\x{ord(spec.delimiter):02x}"
    field = f'(?:"(?:[^"]|"")*"|[^"{delimiter}]*)'
    odd = scratch.one(
        "select count(*) from read_csv(?, header = false, auto_detect = false,"
        " columns = {'line': 'varchar'}, delim = '\x1f', quote = '', escape = '',"
        f" new_line = '{ending}', max_line_size = ?)"
        " where contains(line, '\"') and not regexp_full_match(line, ?, 's')",
        [str(path), work.limits.max_line_bytes + 2, f"{field}(?:{delimiter}{field})*"],
    )
    return bool(odd == 0)


def _without_trailer(
    work: Work, spec: SourceSpec, facts: ByteFacts
) -> tuple[Path, int, tuple[str, ...]]:
    """The file without its last line when that is a trailer; its lines; the trailer's fields."""
    if not spec.trailer:
        return work.path, facts.physical_lines, ()
    size = work.path.stat().st_size
    with work.path.open("rb") as file:
        file.seek(max(0, size - work.limits.max_line_bytes))
        tail = file.read()
    last = tail.rstrip(b"\r\n").rpartition(b"\n")[2]
    if not last.startswith(f"{spec.trailer}{spec.delimiter}".encode()):
        return work.path, facts.physical_lines, ()
    fields = next(csv.reader([last.decode()], delimiter=spec.delimiter, strict=False))
    start = size - len(tail) + len(tail.rstrip(b"\r\n")) - len(last)
    copy = work.folder / "without_trailer"
    shutil.copyfile(work.path, copy)
    with copy.open("r+b") as file:
        file.truncate(start)
    ended = len(tail) - len(tail.rstrip(b"\r\n"))
    lines_after = tail[len(tail) - ended :].count(b"\n") or 1
    return copy, facts.physical_lines - lines_after, tuple(fields)

"""Delimited text: the header decides the record; DuckDB reads plain files, a careful reader others.

In: Work (bytes as a file), the source's contract, a scratch database. Out: Parsed, or a FileFault.
Both readers give the same rows, lines and faults wherever the fast one is allowed to answer.
A trailer (last line `TRAILER,rows[,amount | ,CUR=amount …]`) is read where the source has one.
"""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion
from ingestion.formats.declared import from_trailer
from ingestion.formats.delimited_exact import read_exactly
from ingestion.formats.delimited_fast import read_fast
from ingestion.formats.header import clean_header, recognise
from ingestion.formats.layout import laid_bare
from ingestion.formats.octets import as_utf8, read_facts, refuse_other_kinds
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work


def parse_delimited(work: Work, spec: SourceSpec, scratch: Scratch, fast: bool = True) -> Parsed:
    """Reads a delimited file into one scratch table. `fast=False` takes the careful reader."""
    path = as_utf8(work.path, work.folder)
    if path == work.path:
        refuse_other_kinds(path, "delimited text", "FILE_NOT_CSV")
    bare = laid_bare(Work(path, work.folder, work.limits), spec)
    path = bare.path
    facts = read_facts(path, work.limits.max_line_bytes)
    headers, header_end = _header(path, spec)
    record = recognise(headers, spec, header_end)
    table = ParsedTable(record, scratch.new_table(len(headers)), headers)
    parsed = Parsed("csv", [table], ends_cleanly=facts.ends_with_newline, asides=bare.asides)
    work = Work(path, work.folder, work.limits)
    trailer = read_fast(work, spec, scratch, table, facts) if fast and header_end == 1 else None
    if trailer is None:
        scratch.connection.execute(f"delete from {table.table}")
        parsed.faults, trailer = read_exactly(work, spec, scratch, table, header_end)
    if trailer:
        parsed.totals = from_trailer(trailer)
        parsed.ends_cleanly = True
    hold_repeated_header(parsed, scratch, table)
    return parsed


def hold_repeated_header(parsed: Parsed, scratch: Scratch, table: ParsedTable) -> None:
    """Two files joined into one are held: the second header is data nobody meant."""
    same = " and ".join(f"{column} = ?" for column in table.columns())
    lines = scratch.all(
        f"select _source_line from {table.table} where {same} order by _source_line limit 3",
        table.headers,
    )
    if lines:
        found = ", ".join(str(line) for (line,) in lines)
        parsed.suspicions.append(
            Suspicion(
                "REPEATED_HEADER",
                f"the header stands again in line {found}; were files joined? Send them apart, or"
                " release this one: the repeated headers then go to quarantine",
            )
        )


def _header(path: Path, spec: SourceSpec) -> tuple[tuple[str, ...], int]:
    """The first line that is not blank, and the physical line it ends on; or what is declared."""
    if spec.layout.header:
        return clean_header(list(spec.layout.header), 0), 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(islice(file, 1000), delimiter=spec.delimiter, strict=True)
        try:
            for fields in reader:
                if fields:
                    return clean_header(fields, reader.line_num), reader.line_num
        except csv.Error as error:
            raise FileFault(
                "CSV_QUOTE", f"the header cannot be read: {error}", reader.line_num
            ) from error
    raise FileFault("FILE_EMPTY", "the file has blank lines only; ask the sender to send it again")

"""Parquet: exact kinds to text. Binary fractions (float, double) are refused where money stands.

A source that has nothing else (`shortest_floats`) is read by the shortest decimal that names the
number, as a workbook shows it: 16.07 is 16.07, and what has a tail like 0.30000000000000004 is
refused row by row.
"""

from __future__ import annotations

import duckdb

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, escaped
from ingestion.formats.header import clean_header, recognise
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work

FLOATS = ("FLOAT", "DOUBLE")


def parse_parquet(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads the file into one scratch table; `_source_line` is the row's number, from 1."""
    relation = "read_parquet(?)"
    try:
        described = scratch.all(f"describe select * from {relation}", [str(work.path)])
        headers = clean_header([row[0] for row in described], 1)
        record = recognise(headers, spec)
        kinds = {name: str(row[1]) for name, row in zip(headers, described, strict=True)}
        if not spec.shortest_floats:
            _refuse_floats(kinds, record, spec)
        columns = [f'"{name.replace(chr(34), chr(34) * 2)}"' for name in headers]
        table = ParsedTable(record, scratch.new_table(len(headers)), headers)
        texts = ", ".join(_text(c, kinds[n]) for c, n in zip(columns, headers, strict=True))
        scratch.connection.execute(
            f"insert into {table.table} select {texts}, file_row_number + 1"
            f" from read_parquet(?, file_row_number = true)",
            [str(work.path)],
        )
    except duckdb.Error as error:
        raise FileFault(
            "FILE_TYPE", f"not a readable Parquet file: {escaped(str(error))[:120]}"
        ) from error
    _refuse_zero_bytes(scratch, table)
    return Parsed("parquet", [table])


def _refuse_zero_bytes(scratch: Scratch, table: ParsedTable) -> None:
    """PostgreSQL has no text with a zero byte, so neither engine gets one."""
    whole = f"concat({', '.join(table.columns())})"
    found = scratch.all(
        f"select _source_line from {table.table} where contains({whole}, chr(0)) limit 1"
    )
    if found:
        raise FileFault("NUL_BYTE", "a text holds a zero byte; write it without", found[0][0])


def _text(column: str, kind: str) -> str:
    """One exact text a kind: whole floats lose their `.0`, no number is null, moments are UTC."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"cast({column} at time zone 'UTC' as varchar) || '+00:00'"
    text = f"cast({column} as varchar)"
    if kind in FLOATS:
        return f"case when not isnan({column}) then regexp_replace({text}, '\\.0$', '') end"
    return text


def _refuse_floats(kinds: dict[str, str], record: str, spec: SourceSpec) -> None:
    words = spec.records[record].by_header()
    for number, (name, kind) in enumerate(kinds.items(), start=1):
        if kind in FLOATS and name in words and words[name].kind == "amount":
            raise FileFault(
                "FLOAT_AMOUNT",
                f'column "{escaped(name)}" holds {kind.lower()} numbers, which cannot hold cents'
                " exactly; write it as decimal or as text",
                column=number,
            )

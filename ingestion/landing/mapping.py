"""From a file's columns to a raw table's: names, aliases, unknown columns, personal columns."""

from __future__ import annotations

import hashlib

from dbt_project.settings import secret
from ingestion.catalogue import Column, SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.parsed import ParsedTable, Scratch

PSEUDONYM_KEY = "TIEOUT_SECRET_PSEUDONYM_KEY"
BLOCK_SIZE = 64


def mapped(scratch: Scratch, table: ParsedTable, spec: SourceSpec) -> str:
    """A query giving `_row`, the raw columns, `_extra`, `_source_line`.

    Several columns that mean one (aliases) give the first that is filled. Raises HEADER_DUPLICATE
    where that would choose between amounts or dates.
    """
    record = spec.records[table.record]
    places = dict(zip(table.headers, table.columns(), strict=True))
    sent = dict(list(zip(table.headers, table.columns(), strict=True))[: table.sent])
    made = table.headers[table.sent :]
    words = record.by_header()
    parts, used = [], {"_extra"}
    for column in record.columns:
        found = [word for word in (column.name, *column.aliases) if word in places]
        found = [column.name] if column.name in made else found
        if len(found) > 1 and column.kind not in ("text", "id") and "_extra" not in places:
            raise FileFault("HEADER_DUPLICATE", f"{' and '.join(found)} mean the same column")
        used |= set(found[:1]) - set(made)
        values = ", ".join(f"nullif({places[word]}, '')" for word in found)
        parts.append(f"{f'coalesce({values})' if found else 'null::varchar'} as {column.name}")
    others = [
        word
        for word in table.headers[: table.sent]
        if (spec.keeps_rows or word not in used) and not spec.is_dropped(word)
        if not (word in words and words[word].kind == "personal")
    ]
    extra, words_of = _extra(scratch, table, sent, others)
    return (
        f"select t.rowid as _row, {', '.join(parts)}, {extra} as _extra, t._source_line"
        f" from {table.table} as t{words_of}"
    )


def line_hash_of(table: ParsedTable, alias: str) -> str:
    """The fingerprint of a line's fields, as the careful reader computes it in Python."""
    fields = ", ".join(
        f"coalesce({alias}.{column}, '')" for column in table.columns()[: table.sent]
    )
    return f"sha256(concat_ws('\x1f', {fields}))"


def landed(column: Column) -> str:
    """A column as it lands; personal ones as keyed hash, or null without a key."""
    if column.kind != "personal" or column.is_kept:
        return column.name
    key = secret(PSEUDONYM_KEY)
    if not key:
        return f"null::varchar as {column.name}"
    inner, outer = _hmac_pads(key)
    text = f"encode(lower(trim({column.name})))"
    return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || {text}))) as {column.name}"


def _extra(
    scratch: Scratch, table: ParsedTable, places: dict[str, str], others: list[str]
) -> tuple[str, str]:
    """Unknown columns as one JSON text, null where the file has none; and the join it needs.

    The sender's own headers are data, so they stand in a table and never in the SQL.
    """
    if "_extra" in places:
        return places["_extra"], ""
    if not others:
        return "null::varchar", ""
    named = ", ".join(f"?::varchar as w{number}" for number in range(len(others)))
    scratch.connection.execute(f"create table words_{table.record} as select {named}", others)
    pairs = ", ".join(f"w.w{number}, {places[word]}" for number, word in enumerate(others))
    return f"json_object({pairs})::varchar", f" cross join words_{table.record} as w"


def _hmac_pads(key: str) -> tuple[str, str]:
    raw = key.encode()
    short = hashlib.sha256(raw).digest() if len(raw) > BLOCK_SIZE else raw
    block = short.ljust(BLOCK_SIZE, b"\0")
    return bytes(b ^ 0x36 for b in block).hex(), bytes(b ^ 0x5C for b in block).hex()

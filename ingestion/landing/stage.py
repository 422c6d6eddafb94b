"""From a parser's tables to good rows and refused ones, in sets, in the scratch database.

In: Parsed tables, the source's contract, tenant and default currency. Out: Staged: a scratch table
for each record with the raw table's columns and `_source_line`, and the list of refused lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, secret
from ingestion.catalogue import Column, Record, SourceSpec
from ingestion.faults import FileFault, RowFault
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch
from ingestion.landing.contract_sql import Rule, rules, unit_columns

CURRENCIES = PROJECT_ROOT / "seeds" / "currencies.csv"
PSEUDONYM_KEY = "TIEOUT_SECRET_PSEUDONYM_KEY"
MAX_REFUSED = 100_000
BLOCK_SIZE = 64


@dataclass(frozen=True)
class StagedTable:
    """Good rows of one record: a scratch table with the raw columns and `_source_line`."""

    record: str
    table: str
    rows: int


@dataclass(frozen=True)
class Staged:
    """What would land, and what would not."""

    tables: tuple[StagedTable, ...]
    faults: tuple[RowFault, ...]


def load_currencies(scratch: Scratch, file: Path = CURRENCIES) -> None:
    """The seed as a scratch table. Raises ConfigurationError when it is missing."""
    if not file.exists():
        raise ConfigurationError(f"{file} is missing; amounts cannot be judged without currencies")
    scratch.connection.execute(
        "create table currencies as select currency,"
        " max(cast(minor_unit_factor as decimal(5, 0))) as factor"
        " from read_csv(?, header = true, all_varchar = true)"
        " where currency not in ('XXX', 'XTS') group by currency",
        [str(file)],
    )


def stage(
    scratch: Scratch, parsed: Parsed, spec: SourceSpec, tenant: str, currency: str | None
) -> Staged:
    """Maps, judges and splits every table. Raises HEADER_DUPLICATE and TOO_MANY_FAULTS."""
    load_currencies(scratch)
    faults = list(parsed.faults)
    for table in parsed.tables:
        _map(scratch, table, spec)
        faults += _judge(scratch, table, spec.records[table.record], tenant, currency)
    for table in parsed.tables:
        faults += _orphans(scratch, table, spec.records[table.record])
    if len(faults) > MAX_REFUSED:
        raise FileFault(
            "TOO_MANY_FAULTS",
            f"more than {MAX_REFUSED} lines break the contract of {spec.source}; first:"
            f" {faults[0].describe('line')}",
            faults[0].line,
        )
    return Staged(tuple(_good(scratch, table, spec) for table in parsed.tables), tuple(faults))


def _map(scratch: Scratch, table: ParsedTable, spec: SourceSpec) -> None:
    """mapped_<record>: the raw columns by name, `_extra`, `_source_line`, and c0… for the hash."""
    record = spec.records[table.record]
    places = dict(zip(table.headers, table.columns(), strict=True))
    words = record.by_header()
    parts, used = [], set()
    for column in record.columns:
        found = [w for w in (column.name, *column.aliases) if w in places]
        if len(found) > 1 and column.kind not in ("text", "id"):
            raise FileFault("HEADER_DUPLICATE", f"{' and '.join(found)} mean the same column")
        used |= set(found[:1])
        values = ", ".join(f"nullif({places[word]}, '')" for word in found)
        parts.append(f"{f'coalesce({values})' if found else 'null::varchar'} as {column.name}")
    others = [
        word
        for word in table.headers
        if word not in used and not spec.is_dropped(word) and word != "_extra"
        if not (word in words and words[word].kind == "personal")
    ]
    extra, parameters = _extra(places, others)
    scratch.connection.execute(
        f"create table mapped_{table.record} as select row_number() over () as _row,"
        f" {', '.join(parts)}, {extra} as _extra, _source_line,"
        f" sha256(concat_ws('\x1f', {_hashed(table)})) as _line_hash from {table.table}",
        parameters,
    )


def _hashed(table: ParsedTable) -> str:
    return ", ".join(f"coalesce({column}, '')" for column in table.columns())


def _extra(places: dict[str, str], others: list[str]) -> tuple[str, list[str]]:
    """Unknown columns as one JSON text, null where the file has none."""
    if "_extra" in places:
        return places["_extra"], []
    if not others:
        return "null::varchar", []
    pairs = ", ".join(f"?::varchar, {places[word]}" for word in others)
    return f"json_object({pairs})::varchar", others


def _judge(
    scratch: Scratch, table: ParsedTable, record: Record, tenant: str, currency: str | None
) -> list[RowFault]:
    asked = rules(record, tenant, currency)
    units = unit_columns(record)
    joins = "".join(
        f" left join currencies as of_{name} on of_{name}.currency = upper(m.{name})"
        for name in units
    )
    looked_up = "".join(f", of_{name}.factor as u_{name}" for name in units)
    document = f"(select factor from currencies where currency = '{currency}')"
    looked_up += f", {document} as u_document" if currency else ""
    cases = " ".join(f"when {rule.condition} then {i}" for i, rule in enumerate(asked))
    scratch.connection.execute(
        f"create table judged_{table.record} as"
        f" with looked_up as (select m.*{looked_up} from mapped_{table.record} as m{joins})"
        f" select _row, case {cases} end as _rule from looked_up"
    )
    bad = scratch.all(
        f"select m._source_line, j._rule, m._line_hash, {_values(asked)} from"
        f" judged_{table.record} as j inner join mapped_{table.record} as m on j._row = m._row"
        f" where j._rule is not null order by m._row limit {MAX_REFUSED + 1}"
    )
    return [_fault(table, record, asked[rule], *place) for line, rule, *place in _lines(bad)]


def _lines(rows: list[tuple[object, ...]]) -> Iterator[tuple[object, int, object, object, object]]:
    for line, rule, hashed, value in rows:
        yield line, int(str(rule)), line, hashed, value


def _values(asked: list[Rule]) -> str:
    return (
        f"case j._rule {' '.join(f'when {i} then m.{r.column}' for i, r in enumerate(asked))} end"
    )


def _fault(
    table: ParsedTable, record: Record, rule: Rule, line: object, hashed: object, value: object
) -> RowFault:
    column = next(column for column in record.columns if column.name == rule.column)
    found = [w for w in (*column.aliases, column.name) if w in table.headers]
    number = table.headers.index(found[0]) + 1 if found else None
    shown = None if value is None else ("***" if column.kind == "personal" else str(value))
    return RowFault(
        table.record,
        int(str(line)),
        rule.code,
        number,
        found[0] if found else column.name,
        shown,
        line_hash=str(hashed),
    )


def _orphans(scratch: Scratch, table: ParsedTable, record: Record) -> list[RowFault]:
    """Refuses rows whose parent was refused; returns them as faults."""
    if record.parent is None:
        return []
    parent, on = record.parent.record, record.parent.by
    same = " and ".join(f"p.{name} = m.{name}" for name in on)
    refused = (
        f"select m._row, m._source_line, m._line_hash from mapped_{table.record} as m"
        f" inner join judged_{table.record} as j on j._row = m._row and j._rule is null"
        f" where not exists (select 1 from mapped_{parent} as p inner join judged_{parent} as q"
        f" on q._row = p._row and q._rule is null where {same})"
    )
    rows = scratch.all(f"{refused} order by m._row")
    scratch.connection.execute(
        f"update judged_{table.record} set _rule = -1 where _row in (select _row from ({refused}))"
    )
    return [
        RowFault(table.record, line, "PARENT_REFUSED", line_hash=hashed) for _, line, hashed in rows
    ]


def _good(scratch: Scratch, table: ParsedTable, spec: SourceSpec) -> StagedTable:
    columns = ", ".join(_landed(column) for column in spec.records[table.record].columns)
    scratch.connection.execute(
        f"create table staged_{table.record} as select {columns}, m._extra, m._source_line"
        f" from mapped_{table.record} as m inner join judged_{table.record} as j"
        " on j._row = m._row and j._rule is null order by m._row"
    )
    rows = scratch.one(f"select count(*) from staged_{table.record}")
    return StagedTable(table.record, f"staged_{table.record}", rows)


def _landed(column: Column) -> str:
    """A column as it lands; personal ones as HMAC-SHA-256 with the deployment's key, or null."""
    name = f"m.{column.name}"
    if column.kind != "personal":
        return name
    key = secret(PSEUDONYM_KEY)
    if not key:
        return f"null::varchar as {column.name}"
    inner, outer = hmac_pads(key)
    text = f"encode(lower(trim({name})))"
    return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || {text}))) as {column.name}"


def hmac_pads(key: str) -> tuple[str, str]:
    """The inner and outer pads of HMAC-SHA-256 for a key, as hex."""
    raw = key.encode()
    block = (hashlib.sha256(raw).digest() if len(raw) > BLOCK_SIZE else raw).ljust(
        BLOCK_SIZE, b"\0"
    )
    return bytes(b ^ 0x36 for b in block).hex(), bytes(b ^ 0x5C for b in block).hex()

"""From a parser's tables to good rows and refused ones, in sets, in the scratch database.

In: Parsed tables, the source's contract, tenant and default currency. Out: Staged: a scratch table
for each record with the raw table's columns and `_source_line`, and the list of refused lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_project.settings import PROJECT_ROOT, ConfigurationError
from ingestion.catalogue import Record, SourceSpec
from ingestion.faults import FileFault, RowFault
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch
from ingestion.landing.contract_sql import Rule, rules, unit_columns
from ingestion.landing.mapping import landed, line_hash_of, mapped
from ingestion.landing.quick_pass import surely_good

CURRENCIES = PROJECT_ROOT / "seeds" / "currencies.csv"
EXCEPTIONS = PROJECT_ROOT / "seeds" / "currency_exceptions.csv"
MAX_REFUSED = 100_000
ORPHAN = -1
_READ: dict[tuple[object, ...], Any] = {}  # the seeds as they were read, for the next file


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


def load_currencies(
    scratch: Scratch, source: str, file: Path = CURRENCIES, exceptions: Path = EXCEPTIONS
) -> None:
    """The seeds as a scratch table. Raises ConfigurationError when one is missing."""
    for seed in (file, exceptions):
        if not seed.exists():
            raise ConfigurationError(f"{seed} is missing; amounts cannot be judged without it")
    read = (source, *((str(seed), seed.stat().st_mtime_ns) for seed in (file, exceptions)))
    if read not in _READ:
        _READ[read] = _currencies(scratch, source, file, exceptions)
    scratch.connection.register("read_currencies", _READ[read])
    scratch.connection.execute("create table currencies as select * from read_currencies")
    scratch.connection.unregister("read_currencies")


def _currencies(scratch: Scratch, source: str, file: Path, exceptions: Path) -> Any:
    return scratch.connection.sql(
        "select c.currency, max(cast(c.minor_unit_factor as decimal(5, 0))) as factor,"
        " max(cast(coalesce(e.sent_factor, c.minor_unit_factor) as decimal(5, 0))) as sent_factor"
        " from read_csv(?, header = true, all_varchar = true) as c"
        " left join read_csv(?, header = true, all_varchar = true) as e"
        " on c.currency = e.currency and e.source = ?"
        " where c.currency not in ('XXX', 'XTS') group by c.currency",
        params=[str(file), str(exceptions), source],
    ).to_arrow_table()


def stage(
    scratch: Scratch, parsed: Parsed, spec: SourceSpec, tenant: str, currency: str | None
) -> Staged:
    """Maps, judges and splits every table. Raises HEADER_DUPLICATE and TOO_MANY_FAULTS."""
    load_currencies(scratch, spec.source)
    if currency and not scratch.all("select 1 from currencies where currency = ?", [currency]):
        raise ConfigurationError(
            f"sources.{spec.source}.currency: {currency} is not in seeds/currencies.csv"
        )
    for table in parsed.tables:
        _refuse_without_currency(table, spec, currency)
    faults = list(parsed.faults)
    for table in parsed.tables:
        faults += _judge(scratch, table, spec, tenant, currency)
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


def _refuse_without_currency(table: ParsedTable, spec: SourceSpec, currency: str | None) -> None:
    """Money whose currency neither the file nor the deployment names is not guessed."""
    record = spec.records[table.record]
    amounts = [column for column in record.columns if column.kind == "amount"]
    if currency is None and any(record.currency_column(column) is None for column in amounts):
        raise FileFault(
            "CURRENCY_UNKNOWN",
            f"the file names no currency: say sources.{spec.source}.currency in tieout.yml",
        )


def _judge(
    scratch: Scratch, table: ParsedTable, spec: SourceSpec, tenant: str, currency: str | None
) -> list[RowFault]:
    """mapped_<record>: every row; refused_<record>: `_row` and `_rule`, the first it breaks."""
    record = spec.records[table.record]
    scratch.connection.execute(
        f"create view mapped_{table.record} as {mapped(scratch, table, spec)}"
    )
    asked = rules(record, tenant, currency)
    cases = " ".join(f"when {rule.condition} then {i}" for i, rule in enumerate(asked))
    values = " ".join(f"when {i} then {rule.column}" for i, rule in enumerate(asked))
    good = surely_good(record, asked, currency)
    looked_up = _looked_up(table, record, currency)
    # two steps: in one, DuckDB asks the exact rules of every row before it asks the quick question
    scratch.connection.execute(
        f"create table doubted_{table.record} as"
        f" select * from ({looked_up}) where ({good}) is not true"
    )
    scratch.connection.execute(
        f"create table refused_{table.record} as"
        f" with judged as (select *, case {cases} end as _rule from doubted_{table.record})"
        f" select _row, _rule, case _rule {values} end as _value"
        " from judged where _rule is not null"
    )
    scratch.connection.execute(f"drop table doubted_{table.record}")
    bad = scratch.all(
        f"select r._rule, p._source_line, {line_hash_of(table, 'p')}, r._value"
        f" from refused_{table.record} as r inner join {table.table} as p on p.rowid = r._row"
        f" order by r._row limit {MAX_REFUSED + 1}"
    )
    return [_fault(table, record, asked[rule], *place) for rule, *place in bad]


def _looked_up(table: ParsedTable, record: Record, currency: str | None) -> str:
    """The mapped rows with the units of every currency they name, and of the document's own."""
    units = unit_columns(record)
    joins = "".join(
        f" left join currencies as of_{name} on of_{name}.currency = upper(m.{name})"
        for name in units
    )
    looked_up = "".join(
        f", of_{name}.factor as u_{name}, of_{name}.sent_factor as s_{name}" for name in units
    )
    if currency:
        joins += f" left join currencies as of_document on of_document.currency = '{currency}'"
        looked_up += ", of_document.factor as u_document, of_document.sent_factor as s_document"
    return f"select m.*{looked_up} from mapped_{table.record} as m{joins}"


def _fault(
    table: ParsedTable, record: Record, rule: Rule, line: int, hashed: str, value: str | None
) -> RowFault:
    column = next(column for column in record.columns if column.name == rule.column)
    found = [word for word in column.words if word in table.headers[: table.sent]]
    return RowFault(
        table.record,
        line,
        rule.code,
        table.headers.index(found[0]) + 1 if found else None,
        found[0] if found else column.name,
        "***" if column.kind == "personal" and value else value,
        line_hash=hashed,
    )


def _orphans(scratch: Scratch, table: ParsedTable, record: Record) -> list[RowFault]:
    """Refuses rows whose parent was refused; returns them as faults."""
    if record.parent is None:
        return []
    same = " and ".join(f"q.{name} = j.{name}" for name in record.parent.by)
    parent, child = record.parent.record, table.record
    scratch.connection.execute(
        f"insert into refused_{child} select j._row, {ORPHAN}, null from mapped_{child} as j"
        f" where j._row not in (select _row from refused_{child}) and not exists"
        f" (select 1 from mapped_{parent} as q where {same}"
        f" and q._row not in (select _row from refused_{parent}))"
    )
    refused = scratch.all(
        f"select p._source_line, {line_hash_of(table, 'p')} from refused_{child} as r"
        f" inner join {table.table} as p on p.rowid = r._row where r._rule = {ORPHAN}"
        " order by r._row"
    )
    return [
        RowFault(table.record, line, "PARENT_REFUSED", line_hash=hashed) for line, hashed in refused
    ]


def _good(scratch: Scratch, table: ParsedTable, spec: SourceSpec) -> StagedTable:
    """staged_<record>: the rows no rule refused, as they land."""
    columns = ", ".join(landed(column) for column in spec.records[table.record].columns)
    every = int(scratch.one(f"select count(*) from {table.table}"))
    bad = int(scratch.one(f"select count(*) from refused_{table.record}"))
    left_out = f" where _row not in (select _row from refused_{table.record})" if bad else ""
    scratch.connection.execute(
        f"create view staged_{table.record} as select {columns}, _extra, _source_line"
        f" from mapped_{table.record}{left_out}"
    )
    return StagedTable(table.record, f"staged_{table.record}", every - bad)

"""A bank's table file as statements: one for each account, currency and day, with its balances.

In: the file's rows in plain text (see spelling.py), its contract. Out: the tables of every bank
format: statements, balances, entries. A day is a statement, so that two downloads that overlap
name a line alike; its place among the lines of its day is the order in which they were booked.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion
from ingestion.formats.asides import amount_at, value_at
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Total
from ingestion.formats.spelling_sql import quoted
from ingestion.spellings import Statement

KEYS = ("statement_id", "account")
BALANCES = (
    *KEYS, "balance_index", "balance_type", "amount", "currency", "credit_debit", "balance_date",
)  # fmt: skip
STATEMENTS = (*KEYS, "statement_kind", "account_currency", "period_from", "period_to")
ENTRY_TEXTS = (
    "currency", "booking_date", "value_date", "servicer_reference", "end_to_end_id",
    "transaction_reference", "proprietary_code", "counterparty_name", "counterparty_account",
    "remittance", "additional_information",
)  # fmt: skip
MONEY = "decimal(28, 6)"


def into_statements(parsed: Parsed, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """The bank tables of a file whose rows were read. Raises TRAILER_INVALID."""
    (table,) = parsed.tables
    rules = spec.statement or Statement()
    _ordered(parsed, table, spec, rules, scratch)
    entries = _entries(scratch)
    statements = _table(
        scratch,
        "bank_statements",
        STATEMENTS,
        "select statement_id, account, 'statement', max(currency), min(day), max(day),"
        " min(_source_line) from bank_rows group by statement_id, account",
    )
    parsed.tables = [statements, entries]
    opening = _opening(parsed, rules, scratch)
    if "balance" in table.headers:
        parsed.suspicions += _unchained(scratch)
        parsed.tables.append(_balances(scratch, "b.balance is not null", "b.balance"))
    elif opening is not None:
        balance = f"{opening}::{MONEY} + sum(b.money) over (order by b.seq)"
        parsed.tables.append(_balances(scratch, "true", balance))
    return parsed


def _ordered(
    parsed: Parsed, table: ParsedTable, spec: SourceSpec, rules: Statement, scratch: Scratch
) -> None:
    """bank_rows: every row with its statement and its place in the order of booking."""
    assert spec.rows  # noqa: S101 (said by the caller; for the type checker)
    places = dict(zip(table.headers, table.columns(), strict=True))
    texts = {
        column.name: next((places[word] for word in (column.name, *column.aliases)
                           if word in places), None)
        for column in spec.rows.columns
    }  # fmt: skip
    if rules.account:
        texts["account"] = quoted(value_at(parsed.asides, rules.account))
    named = ", ".join(
        f"{f'''nullif({text}, '')''' if text else 'null::varchar'} as {name}"
        for name, text in texts.items()
    )
    kept = {word for c in spec.rows.columns if c.kind == "id" and c.cell for word in c.cell.headers}
    others = [
        f"{quoted(header)}, {column}"
        for header, column in list(places.items())[: table.sent]
        if header not in kept and not spec.is_dropped(header)
    ]
    extra = f"json_object({', '.join(others)})::varchar" if others else "null::varchar"
    direction = "desc" if rules.order == "newest_first" else "asc"
    scratch.connection.execute(
        f"create table bank_rows as with named as (select {named}, {extra} as _extra, _source_line"
        f" from {table.table}), dated as (select *, substr(booking_date, 1, 10) as day,"
        f" row_number() over (order by _source_line {direction}) as seq,"
        f" coalesce(try_cast(amount as {MONEY}), 0) as money from named)"
        " select *, day || coalesce('/' || upper(currency), '') as statement_id,"
        " row_number() over (partition by account, upper(currency), day order by seq) as place"
        " from dated"
    )
    scratch.connection.execute(f"drop table {table.table}")


def _entries(scratch: Scratch) -> ParsedTable:
    headers = (
        *KEYS, "entry_index", "amount", "credit_debit", "status", *ENTRY_TEXTS, "_extra",
    )  # fmt: skip
    sign = "case when amount like '-%' then 'DBIT' when amount is not null then 'CRDT' end"
    return _table(
        scratch,
        "bank_entries",
        headers,
        f"select statement_id, account, place::varchar, ltrim(amount, '-'), {sign}, 'BOOK',"
        f" {', '.join(ENTRY_TEXTS)}, _extra, _source_line from bank_rows order by _source_line",
    )


def _balances(scratch: Scratch, known: str, balance: str) -> ParsedTable:
    """Opening and closing of each day: before its first row and after its last one."""
    return _table(
        scratch,
        "bank_balances",
        BALANCES,
        "with b as (select *, max(place) over (partition by statement_id, account) as last"
        " from bank_rows),"
        f" after as (select *, ({balance})::{MONEY} as left_over from b),"
        " ends as (select *, 'OPBD' as kind, left_over - money as held from after where place = 1"
        " union all by name"
        " select *, 'CLBD' as kind, left_over as held from after where place = last)"
        " select statement_id, account, case kind when 'OPBD' then '1' else '2' end, kind,"
        " abs(held)::varchar, currency, case when held < 0 then 'DBIT' else 'CRDT' end, day,"
        f" _source_line from ends as b where {known} order by seq, kind desc",
    )


def _table(scratch: Scratch, record: str, headers: tuple[str, ...], query: str) -> ParsedTable:
    """A scratch table of these columns and `_source_line`, filled by the query in that order."""
    name = scratch.new_table(len(headers))
    scratch.connection.execute(f"insert into {name} {query}")
    return ParsedTable(record, name, headers)


def _opening(parsed: Parsed, rules: Statement, scratch: Scratch) -> Decimal | None:
    """The balance before the first row, from the lines around the rows; both are compared."""
    if not (rules.opening or rules.closing):
        return None
    accounts = scratch.one(
        "select count(*) from (select distinct account, upper(currency) from bank_rows)"
    )
    if accounts > 1:
        raise FileFault(
            "TRAILER_INVALID", "one balance is declared, and rows of several accounts or currencies"
        )
    moved = Decimal(scratch.one("select coalesce(sum(money), 0) from bank_rows"))
    closing = amount_at(parsed.asides, rules.closing) if rules.closing else None
    if not rules.opening:
        return (closing or Decimal(0)) - moved
    opening = amount_at(parsed.asides, rules.opening)
    if closing is not None:
        currency = scratch.one("select max(upper(currency)) from bank_rows")
        parsed.totals.append(Total("statement", currency, "amount", closing, opening + moved))
        if opening + moved != closing:
            parsed.suspicions.append(_unbalanced(f"opens with {opening}, moves {moved}", closing))
    return opening


def _unchained(scratch: Scratch) -> Iterator[Suspicion]:
    """Rows whose balance is not the one before plus their amount."""
    rows = scratch.all(
        "with chained as (select *, lag(balance) over (partition by account, upper(currency)"
        f" order by seq)::{MONEY} + money as wanted from bank_rows)"
        f" select _source_line, wanted, balance from chained where wanted != balance::{MONEY}"
        " order by seq limit 1"
    )
    for line, wanted, balance in rows:
        yield _unbalanced(f"comes to {wanted} in line {line}", balance)


def _unbalanced(comes: str, says: object) -> Suspicion:
    return Suspicion(
        "STATEMENT_UNBALANCED",
        f"the account {comes} and its balance there is {says}; are lines missing, or is the order"
        " of the rows declared the wrong way round? Ask for the whole file, or release it",
    )

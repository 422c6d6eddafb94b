"""Cells as senders spell them, turned into the plain text every other room works with, in sets.

In: a parsed table, the contract of its record (columns with a `cell`), a scratch database. Out: the
table with one more column for each such cell, and a fault for each row that is not spelled as
declared. The sender's own columns stay as they came: landing keeps them in `_extra`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dbt_project.settings import PROJECT_ROOT
from ingestion.catalogue import Column, Record, SourceSpec
from ingestion.faults import RowFault
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch
from ingestion.formats.spelling_net import nets_to_tie
from ingestion.formats.spelling_sql import Number, moment, number, quoted, shifted, signed, trimmed
from ingestion.spellings import Cell, Numbers

CURRENCIES = PROJECT_ROOT / "seeds" / "currencies.csv"
MAX_FAULTS = 100_000
ISO = ("YYYY-MM-DD", "YYYY-MM-DD HH:mm:ss", "YYYY-MM-DD HH:mm:ss.SSS")
UNMAPPED = "(unmapped) "
PlaceOf = Callable[[str], str]


@dataclass(frozen=True)
class Refusal:
    """Rows for which `condition` is true are refused with `code` at the cell under `header`."""

    code: str
    condition: str
    header: str
    detail: str = ""


@dataclass(frozen=True)
class Spelled:
    """A column's plain text as SQL, and what is refused."""

    column: Column
    plain: str
    refusals: tuple[Refusal, ...]


def respelled(parsed: Parsed, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """The file with its cells in plain text, where the contract says how they are spelled."""
    for index, table in enumerate(parsed.tables):
        record = spec.records[table.record]
        if any(column.cell for column in record.columns):
            parsed.tables[index] = _respell(parsed, table, record, scratch)
    return parsed


def _respell(parsed: Parsed, table: ParsedTable, record: Record, scratch: Scratch) -> ParsedTable:
    spelled = _spelled(parsed.format, table, record)
    if any(one.column.cell and one.column.cell.unit == "minor" for one in spelled):
        _load_exponents(scratch)
    asked = [refusal for one in spelled for refusal in one.refusals]
    nets = nets_to_tie([(one.column, one.plain) for one in spelled], table)
    asked += [Refusal("NET_MISMATCH", wrong, header) for header, wrong in nets]
    cases = " ".join(f"when {refusal.condition} then {i}" for i, refusal in enumerate(asked))
    width = len(table.headers)
    added = "".join(f", {one.plain} as c{width + i}" for i, one in enumerate(spelled))
    sent = ", ".join(table.columns())
    name = f"{table.table}_spelled"
    scratch.connection.execute(
        f"create table {name} as select {sent}{added}, _source_line,"
        f" {f'case {cases} end' if cases else 'null::integer'} as _unfit from {table.table}"
        " order by rowid"
    )
    parsed.faults += _faults(table, name, asked, scratch)
    scratch.connection.execute(f"delete from {name} where _unfit is not null")
    scratch.connection.execute(f"alter table {name} drop column _unfit")
    scratch.connection.execute(f"drop table {table.table}")
    headers = (*table.headers, *(one.column.name for one in spelled))
    return ParsedTable(table.record, name, headers, added=len(spelled))


def _faults(
    table: ParsedTable, name: str, asked: list[Refusal], scratch: Scratch
) -> list[RowFault]:
    places = dict(zip(table.headers, table.columns(), strict=True))
    values = " ".join(
        f"when {i} then {places[refusal.header]}"
        for i, refusal in enumerate(asked)
        if refusal.header in places
    )
    fields = ", ".join(f"coalesce({column}, '')" for column in table.columns())
    shown = f"case _unfit {values} end" if values else "null"
    rows = scratch.all(
        f"select _unfit, _source_line, {shown}, sha256(concat_ws('\x1f', {fields})) from {name}"
        f" where _unfit is not null order by _source_line limit {MAX_FAULTS + 1}"
    )
    found = []
    for place, line, value, hashed in rows:
        refusal = asked[place]
        number_of = table.headers.index(refusal.header) + 1
        found.append(
            RowFault(
                table.record, line, refusal.code, number_of, refusal.header, value,
                refusal.detail, hashed,
            )
        )  # fmt: skip
    return found


def _spelled(format_name: str, table: ParsedTable, record: Record) -> list[Spelled]:
    """The columns whose headers the file has; landing says what is missing."""
    places = dict(zip(table.headers, table.columns(), strict=True))
    found: list[Spelled] = []
    plain: dict[str, str] = {}
    ordered = sorted(record.columns, key=lambda column: column.kind == "amount")
    for column in ordered:  # the currency first: an amount in minor units needs it
        cell = column.cell
        if cell and all(header in places for header in cell.headers):
            one = _column(format_name, column, cell, lambda name: places[name], plain, record)
            plain[column.name] = one.plain
            found.append(one)
        elif here := next((word for word in column.words if word in places), None):
            plain[column.name] = trimmed(places[here])
    return found


def _column(
    format_name: str,
    column: Column,
    cell: Cell,
    place: PlaceOf,
    plain: dict[str, str],
    record: Record,
) -> Spelled:
    if cell.value is not None:
        return Spelled(column, quoted(cell.value), ())
    if column.kind == "amount":
        currency = plain.get(record.currency_column(column) or "")
        return _amount(column, cell, place, currency)
    text = trimmed(
        place(cell.column)
        if cell.column
        else f"concat_ws(' ', {', '.join(f'trim({place(name)})' for name in cell.columns)})"
    )
    if column.kind in ("timestamp", "date"):
        patterns = cell.dates + tuple(p for p in ISO if p not in cell.dates) * (
            format_name == "xlsx"  # a date cell comes as ISO, however the sheet shows it
        )
        read = moment(text, patterns or ISO)
        detail = f"not written as {' or '.join(cell.dates)}, as its contract declares"
        refusal = Refusal("DATE_INVALID", f"not {read.fits}", cell.headers[0], detail)
        return Spelled(column, read.plain, (refusal,))
    return Spelled(column, _words(text, cell.words), ())


def _words(text: str, words: dict[str, str] | None) -> str:
    if words is None:
        return text
    cases = " ".join(f"when {quoted(word)} then {quoted(here)}" for word, here in words.items())
    marked = f"{quoted(UNMAPPED)} || {text}"
    return f"case {text} {cases} else {marked} end" if cases else marked


def _amount(column: Column, cell: Cell, place: PlaceOf, currency: str | None) -> Spelled:
    spelled = cell.numbers or Numbers()
    if cell.debit and cell.credit:
        value, refusals = _two_columns(cell, spelled, place)
    else:
        header = cell.column or cell.columns[0]
        value = number(trimmed(place(header)), spelled)
        refusals = [_not_a_number(value, header)]
    negative = value.is_negative
    if cell.direction:
        negative, more = _directed(cell, value, place)
        refusals += more
    if cell.flip:
        negative = f"not {negative}"
    magnitude = value.magnitude
    if cell.unit != "major":
        whole = f"regexp_full_match({magnitude}, '[0-9]+')"
        condition = f"{value.cell} is not null and not {whole}"
        refusals.append(Refusal("AMOUNT_NOT_INTEGER", condition, cell.headers[0]))
        magnitude = shifted(magnitude, "2" if cell.unit == "hundredths" else _digits(currency))
    plain = f"case when {value.cell} is not null then {signed(magnitude, negative)} end"
    return Spelled(column, plain, tuple(refusals))


def _not_a_number(value: Number, header: str) -> Refusal:
    return Refusal(
        "AMOUNT_NOT_DECIMAL",
        f"{value.cell} is not null and not {value.fits}",
        header,
        "not spelled as the contract of its source declares; nothing is guessed",
    )


def _two_columns(cell: Cell, spelled: Numbers, place: PlaceOf) -> tuple[Number, list[Refusal]]:
    """The filled one of two cells; a zero counts as not filled."""
    assert cell.debit  # noqa: S101 (said by the caller; for the type checker)
    assert cell.credit  # noqa: S101
    debit = number(trimmed(place(cell.debit)), spelled)
    credit = number(trimmed(place(cell.credit)), spelled)
    has_debit, has_credit = (
        f"coalesce({one.cell} is not null and regexp_matches({one.magnitude}, '[1-9]'), false)"
        for one in (debit, credit)
    )
    goes_out = f"not {debit.is_negative}" if cell.debit_is == "positive" else debit.is_negative
    value = Number(
        f"case when {has_debit} or {credit.cell} is null then {debit.magnitude}"
        f" else {credit.magnitude} end",
        f"case when {has_debit} then {goes_out} else {credit.is_negative} end",
        "true",
        f"coalesce({credit.cell}, {debit.cell})",
    )
    both = Refusal("DEBIT_AND_CREDIT", f"{has_debit} and {has_credit}", cell.debit)
    return value, [_not_a_number(debit, cell.debit), _not_a_number(credit, cell.credit), both]


def _directed(cell: Cell, value: Number, place: PlaceOf) -> tuple[str, list[Refusal]]:
    direction = cell.direction
    assert direction  # noqa: S101 (said by the caller; for the type checker)
    word = trimmed(place(direction.column))
    debits = ", ".join(quoted(known) for known in direction.debit)
    known = ", ".join(quoted(known) for known in (*direction.debit, *direction.credit))
    out = f"coalesce({word} in ({debits}), false)"
    if direction.otherwise == "debit":
        credits = ", ".join(quoted(known) for known in direction.credit) or "''"
        out = f"not coalesce({word} in ({credits}), false)"
    refusals = []
    if direction.otherwise is None:
        blank = Refusal("DIRECTION_MISSING", f"{word} is null", direction.column)
        odd = Refusal("VALUE_UNKNOWN", f"{word} not in ({known})", direction.column)
        refusals = [blank, odd]
    own = "false" if direction.ignore_sign else value.is_negative
    return f"(({own}) != ({out}))", refusals


def _digits(currency: str | None) -> str:
    if currency is None:
        return "null"
    return f"(select digits from spelling_digits as d where d.currency = upper({currency}))"


def _load_exponents(scratch: Scratch) -> None:
    scratch.connection.execute(
        "create table if not exists spelling_digits as select currency,"
        " max(cast(exponent as integer)) as digits"
        " from read_csv(?, header = true, all_varchar = true) group by currency",
        [str(CURRENCIES)],
    )

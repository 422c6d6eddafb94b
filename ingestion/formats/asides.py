"""Values that stand outside the rows: balances, accounts and totals in the lines around them.

In: the lines a layout took out, and where the contract says a value stands. Out: the value in plain
text, or the totals. Errors: TRAILER_INVALID, naming the line.
"""

from __future__ import annotations

import re
from decimal import Decimal

import duckdb

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, escaped, without_words
from ingestion.formats.parsed import Total
from ingestion.formats.spelling_sql import number, signed, trimmed
from ingestion.spellings import Control, Numbers, Place

Asides = list[tuple[int, tuple[str, ...]]]


def value_at(asides: Asides, place: Place) -> str:
    """The text at a place. Raises TRAILER_INVALID when the line or the field is not there."""
    line, fields = _line(asides, place.line)
    text = _field(fields, place.field, line)
    if place.pattern:
        found = re.search(place.pattern, text)
        if found is None:
            raise _invalid(
                f'"{without_words(text)}" does not fit the pattern {place.pattern}', line
            )
        text = found.group(1) if found.groups() else found.group()
    return text.strip()


def amount_at(asides: Asides, place: Place) -> Decimal:
    """The amount at a place, as it is spelled there."""
    line, _ = _line(asides, place.line)
    return decimal_of(value_at(asides, place), place.numbers or Numbers(), line)


def totals_in(asides: Asides, spec: SourceSpec) -> list[Total]:
    """What the lines with totals declare; a contract with a control wants its line in each file."""
    control = spec.control
    if control is None:
        return []
    line, fields = _line(asides, control.line)
    totals = []
    if control.rows:
        text = _field(fields, control.rows, line).strip()
        if not re.fullmatch("[0-9]{1,12}", text):
            raise _invalid(f'"{without_words(text)}" is no number of rows', line)
        totals.append(Total("trailer", None, "rows", Decimal(text)))
    if control.amount:
        totals.append(Total("trailer", control.currency, "amount", _amount(control, fields, line)))
    return totals


def _amount(control: Control, fields: tuple[str, ...], line: int) -> Decimal:
    text = _field(fields, control.amount or 1, line)
    found = decimal_of(text, control.numbers or Numbers(), line)
    return -found if control.flip else found


def decimal_of(text: str, spelled: Numbers, line: int) -> Decimal:
    """A number outside the rows, read by the same SQL as the ones inside."""
    read = number(trimmed("x"), spelled)
    plain = f"case when {read.fits} then {signed(read.magnitude, read.is_negative)} end"
    with duckdb.connect(":memory:") as database:
        row = database.execute(f"select {plain} from (select ?::varchar as x)", [text]).fetchone()
    if row is None or row[0] is None:
        raise _invalid(f'"{without_words(text)}" is no amount as this source spells them', line)
    return Decimal(row[0])


def _line(asides: Asides, starts: str) -> tuple[int, tuple[str, ...]]:
    for number_of, fields in asides:
        first = next((field for field in fields if field), "")
        if first.startswith(starts):
            return number_of, fields
    raise FileFault(
        "TRAILER_INVALID",
        f'no line starts with "{escaped(starts)}", as the contract of this source says; is the'
        " file whole?",
    )


def _field(fields: tuple[str, ...], number_of: int, line: int) -> str:
    if number_of > len(fields):
        raise _invalid(f"it has {len(fields)} fields, field {number_of} is wanted", line)
    return fields[number_of - 1]


def _invalid(words: str, line: int) -> FileFault:
    return FileFault("TRAILER_INVALID", escaped(words)[:160], line)

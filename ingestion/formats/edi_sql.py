"""Where a field of a layout stands and how it reads, as expressions over a line in DuckDB.

In: EdiLayout and Field. Out: SQL over the columns `line` and `size` of the reader's scratch table.
"""

from __future__ import annotations

from ingestion.formats.edi_layout import EdiLayout, Field, RecordLayout

NULL_DATES = "('', '00000000', '000000', '01011001', '10010101')"
CLOCK = "([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"


def length_of(layout: EdiLayout) -> str:
    """A line's length in what the layout counts: characters, or fields."""
    if layout.delimiter:
        return f"length(line) - length(replace(line, '{layout.delimiter}', '')) + 1"
    return "length(line)"


def fits(record: RecordLayout) -> str:
    """Whether a line has the length its record is declared with."""
    if record.width:
        return f"size = {record.width}"
    cut = [  # a line may end before a field that stands late, never inside a number of it
        f"size between {field.first} and {field.last - 1}"
        for field in record.fields.values()
        if field.kind not in ("text", "id", "card") and field.last > (record.least or 0)
    ]
    return " and not ".join([f"size >= {record.least or 0}", *cut])


def text_of(layout: EdiLayout, field: Field) -> str:
    """A field as it is written, without blanks around it."""
    if layout.delimiter:
        return f"trim(split_part(line, '{layout.delimiter}', {field.first}))"
    return f"trim(substr(line, {field.first}, {field.last - field.first + 1}))"


def _digits(cell: str) -> str:
    """Digits without leading zeros; anything else as it is, blank as null."""
    plain = f"coalesce(nullif(ltrim({cell}, '0'), ''), '0')"
    return f"case when regexp_full_match({cell}, '[0-9]+') then {plain} else nullif({cell}, '') end"


def value_of(layout: EdiLayout, field: Field) -> str:
    """A field as it lands: hundredths, ISO dates, clock times, plain rates, text; blank is null."""
    cell = text_of(layout, field)
    if field.kind in ("text", "id"):
        return f"nullif({cell}, '')"
    if field.kind == "card":  # zeros before it would hide a whole card number from the search
        return f"nullif(ltrim({cell}, '0'), '')"
    if field.kind in ("number", "money"):
        return f"({_digits(cell)})"
    if field.kind == "signed":
        return f"({_signed(field)})"
    if field.kind in ("ymd", "dmy", "ymd6"):
        return f"({_date(cell, field.kind)})"
    if field.kind == "time":
        clock = f"substr({cell}, 1, 2) || ':' || substr({cell}, 3, 2) || ':' || substr({cell}, 5)"
        return f"(case when {cell} != '' then {clock} end)"
    places = int(field.kind[-1])
    whole = f"coalesce(nullif(ltrim({cell}[:-{places + 1}], '0'), ''), '0')"
    return f"(case when {cell} != '' then {whole} || '.' || right({cell}, {places}) end)"


def _signed(field: Field) -> str:
    sign = f"substr(line, {field.first}, 1)"
    cell = f"trim(substr(line, {field.first + 1}, {field.last - field.first}))"
    digits = _digits(cell)
    return (
        f"case when {cell} = '' and trim({sign}) = '' then null"
        f" when {sign} = '-' and ltrim({cell}, '0') != '' then '-' || ({digits})"
        f" when {sign} in ('+', '-') or ({sign} in (' ', '0') and ltrim({cell}, '0') = '')"
        f" then ({digits}) else {sign} || {cell} end"
    )


def _date(cell: str, kind: str) -> str:
    parts = {"ymd": (1, 4, 5, 7), "dmy": (5, 4, 3, 1), "ymd6": (1, 2, 3, 5)}[kind]
    year, size, month, day = parts
    century = "'20' || " if kind == "ymd6" else ""
    width = 6 if kind == "ymd6" else 8
    return (
        f"case when {cell} in {NULL_DATES} then null"
        f" when regexp_full_match({cell}, '[0-9]{{{width}}}') then {century}substr({cell}, {year},"
        f" {size}) || '-' || substr({cell}, {month}, 2) || '-' || substr({cell}, {day}, 2)"
        f" else {cell} end"
    )


def wrong_in(layout: EdiLayout, field: Field) -> str | None:
    """The condition that a number, rate or time is neither blank nor right; None: not judged."""
    cell = text_of(layout, field)
    if field.kind == "time":
        return f"({cell} != '' and not regexp_full_match({cell}, '{CLOCK}'))"
    if field.kind == "number" or field.kind.startswith("rate"):
        return f"({cell} != '' and not regexp_full_match({cell}, '[0-9]+'))"
    return None

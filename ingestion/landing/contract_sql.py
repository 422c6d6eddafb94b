"""The contract of a record as SQL over a scratch table: one expression a rule, the first wins.

In: a Record of the catalogue. Out: Rule(code, column, condition) in the order they are asked.
Conditions are DuckDB's and run in the scratch database only, so both warehouses land the same rows.
`u_<column>` is the currency's units per major unit, joined from seeds/currencies.csv; `s_<column>`
the units the source writes per major unit (seeds/currency_exceptions.csv, else the same).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.catalogue import Column, NetCheck, Record

BLANK = r"[\s\p{Z}\p{Cf}]*"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
OFFSET = r"(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
AMBIGUOUS = r"[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{2,4}( .*)?"
EXPONENT = r"[0-9]([.,][0-9]+)?E\+[0-9]{2,}"  # what a spreadsheet makes of a long number
UNIX_RANGE = "631152000 and 4133980799"  # 1990 to 2100
MAX_MINOR = "9200000000000000000"


@dataclass(frozen=True)
class Rule:
    """A row for which `condition` is true is refused with `code` on `column`."""

    code: str
    column: str
    condition: str


def rules(record: Record, tenant: str, currency: str | None) -> list[Rule]:
    """Every rule of a record: column by column, then the checks across columns."""
    found = [
        rule for column in record.columns for rule in _of_column(record, column, tenant, currency)
    ]
    for check in record.checks:
        if isinstance(check, NetCheck):
            found.append(_net(check))
    return found


def unit_columns(record: Record) -> tuple[str, ...]:
    """Columns whose value is looked up among the currencies."""
    return tuple(column.name for column in record.columns if column.kind == "currency")


def _of_column(record: Record, column: Column, tenant: str, currency: str | None) -> Iterator[Rule]:
    name = column.name
    if not column.nullable:
        missing = {
            "key": "KEY_MISSING",
            "amount": "AMOUNT_MISSING",
            "currency": "CURRENCY_UNKNOWN",
            "timestamp": "DATE_MISSING",
            "date": "DATE_MISSING",
            "unix": "DATE_MISSING",
        }.get(column.kind, "VALUE_MISSING")
        if column.name == "credit_debit":
            missing = "DIRECTION_MISSING"
        yield Rule(missing, name, f"{name} is null or regexp_full_match({name}, '{BLANK}')")
    if column.kind in ("key", "id"):
        damaged = f"contains({name}, 'E+') and regexp_full_match({name}, '{EXPONENT}')"
        yield Rule("ID_PRECISION_LOST", name, damaged)
    elif column.kind == "amount":
        yield from _amount(record, column, currency)
    elif column.kind == "rate":
        plain = rf"regexp_full_match({name}, '[0-9]{{1,8}}(\.[0-9]{{1,12}})?')"
        zero = f"try_cast({name} as decimal(20, 12)) <= 0.00000001"
        yield Rule("RATE_INVALID", name, f"not {plain} or {zero}")
    elif column.kind == "currency":
        yield Rule("CURRENCY_UNKNOWN", name, f"{name} is not null and u_{name} is null")
    elif column.kind in ("timestamp", "date"):
        yield from _moment(name, with_time=column.kind == "timestamp")
    elif column.kind == "unix":
        yield Rule("DATE_INVALID", name, f"not regexp_full_match({name}, '-?[0-9]{{1,12}}')")
        yield Rule("DATE_RANGE", name, f"try_cast({name} as bigint) not between {UNIX_RANGE}")
    elif column.kind == "enum":
        values = ", ".join(f"'{value}'" for value in column.values)
        yield Rule("VALUE_UNKNOWN", name, f"{name} not in ({values})")
    elif column.kind == "tenant":
        yield Rule("TENANT_MISMATCH", name, f"{name} is not null and {name} != '{tenant}'")


def _amount(record: Record, column: Column, currency: str | None) -> Iterator[Rule]:
    name = column.name
    yield Rule("AMOUNT_RANGE", name, rf"regexp_full_match({name}, '-?[0-9]{{16,}}(\.[0-9]+)?')")
    plain = rf"regexp_full_match({name}, '-?[0-9]{{1,15}}(\.[0-9]+)?')"
    yield Rule("AMOUNT_NOT_DECIMAL", name, f"not {plain}")
    fine = rf"regexp_full_match({name}, '-?[0-9]+\.[0-9]{{7,}}')"
    yield Rule("SCALE_TOO_FINE", name, fine)
    if column.unit != "major":
        yield Rule("AMOUNT_NOT_INTEGER", name, f"not regexp_full_match({name}, '-?[0-9]+')")
    currency_column = record.currency_column(column)
    if currency_column is None and currency is None:
        return
    of = currency_column or "document"
    # what the sender counts in: whole units, hundredths whatever the currency, or its own units
    sent = {"major": "1", "minor": f"s_{of}", "hundredths": "100"}[column.unit]
    minor = f"try_cast({name} as decimal(24, 6)) * u_{of}"
    yield Rule("MINOR_UNIT", name, f"({minor}) % {sent} != 0")
    most = f"cast({MAX_MINOR} as hugeint) * cast({sent} as hugeint)"
    yield Rule("AMOUNT_RANGE", name, f"abs({minor}) > {most}")


def _moment(name: str, with_time: bool) -> Iterator[Rule]:
    shape = f"{DATE}([ T]{CLOCK}{OFFSET})?" if with_time else DATE
    is_iso = f"regexp_full_match({name}, '{shape}')"
    ambiguous = f"regexp_full_match({name}, '{AMBIGUOUS}')"
    starts_iso = f"regexp_matches({name}, '^{DATE}')"
    yield Rule("DATE_AMBIGUOUS", name, f"not {is_iso} and {ambiguous} and not {starts_iso}")
    day = f"try_cast(substr({name}, 1, 10) as date)"
    yield Rule("DATE_INVALID", name, f"{name} is not null and (not {is_iso} or {day} is null)")
    year = f"try_cast(substr({name}, 1, 4) as integer)"
    yield Rule("DATE_RANGE", name, f"{year} not between 1990 and 2100")


def _net(check: NetCheck) -> Rule:
    gross, fee, net = (
        f"try_cast({name} as decimal(24, 6))" for name in (check.gross, check.fee, check.net)
    )
    return Rule("NET_MISMATCH", check.net, f"{gross} - {fee} != {net}")

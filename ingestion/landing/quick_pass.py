"""One cheap question before the many exact ones: is this row surely within its contract?

In: a Record and its rules. Out: a condition that is true only for rows that break no rule; where it
is false or null the rules themselves are asked. A rule that no shortcut stands for is in the
condition as it is, so a new rule is never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.catalogue import Column, Record
from ingestion.landing.contract_sql import CLOCK, DATE, OFFSET, Rule

MISSING = {
    "KEY_MISSING",
    "AMOUNT_MISSING",
    "CURRENCY_UNKNOWN",
    "DATE_MISSING",
    "VALUE_MISSING",
    "DIRECTION_MISSING",
}
AMOUNT = {
    "AMOUNT_RANGE",
    "AMOUNT_NOT_DECIMAL",
    "AMOUNT_NOT_INTEGER",
    "SCALE_TOO_FINE",
    "MINOR_UNIT",
}
MOMENT = {"DATE_AMBIGUOUS", "DATE_INVALID", "DATE_RANGE"}


def surely_good(record: Record, asked: Sequence[Rule], currency: str | None) -> str:
    """The condition, over the same columns that the rules are asked of."""
    by_name = {column.name: column for column in record.columns}
    parts: dict[str, None] = {}
    for rule in asked:
        shortcut = _shortcut(record, by_name[rule.column], rule, currency)
        parts[shortcut or f"({rule.condition}) is not true"] = None
    return " and ".join(parts) or "true"


def _shortcut(record: Record, column: Column, rule: Rule, currency: str | None) -> str | None:
    name = column.name
    if rule.code in MISSING and rule.condition.startswith(f"{name} is null or"):
        return f"({name} >= '!' and {name} < chr(127))"  # starts with a printed ASCII character
    if column.kind == "amount" and rule.code in AMOUNT:
        return _amount(record, column, currency)
    if column.kind in ("timestamp", "date") and rule.code in MOMENT:
        shape = f"{DATE}([ T]{CLOCK}{OFFSET})?" if column.kind == "timestamp" else DATE
        return (
            f"({name} is null or (regexp_full_match({name}, '{shape}')"
            f" and try_cast(substr({name}, 1, 10) as date) is not null"
            f" and substr({name}, 1, 4) between '1990' and '2100'))"
        )
    return None


def _amount(record: Record, column: Column, currency: str | None) -> str | None:
    """At most twelve digits: whole ones fit every currency, two decimals fit those of 100 units."""
    name, whole = column.name, f"regexp_full_match({column.name}, '-?[0-9]{{1,12}}')"
    cents = rf"regexp_full_match({name}, '-?[0-9]{{1,12}}(\.[0-9]{{1,2}})?')"
    currency_column = record.currency_column(column)
    if currency_column is None and currency is None:
        return f"({name} is null or {cents if column.unit == 'major' else whole})"
    unit = f"u_{currency_column}" if currency_column else "u_document"
    if column.unit == "major":
        return f"({name} is null or ({unit} = 100 and {cents}) or ({unit} >= 1 and {whole}))"
    if column.unit == "minor":
        sent = f"s_{currency_column}" if currency_column else "s_document"
        return f"({name} is null or ({sent} = {unit} and {whole}))"
    return f"({name} is null or ({unit} = 100 and {whole}))"

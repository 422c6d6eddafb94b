"""Reading the books for an export: what is asked for, the accounts, the lines in order.

In: an open warehouse and a Selection. Out: a Book, and rows one after another. Nothing of the
matching is read: what is exported once does not change because a match came later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from dbt_project.months import bounds
from dbt_project.settings import ConfigurationError
from dbt_project.warehouse import Warehouse
from delivery.ledger.accounts import accounts, ask_for_accounts, settings
from delivery.ledger.book import Balance, Book, ExportRefusedError
from delivery.ledger.selection import Selection

_LINES = (
    "select entry_id, posted_on, posting_period, currency, account_code, amount_minor, event_type,"
    " transaction_id, entry_kind, reverses_entry_id, memo, posting_rule_id, recorded_at"
    " from {lines} where {where}"
    " order by posted_on, entry_id, leg, ledger_line_id"
)


def ask_for_marts(warehouse: Warehouse, wanted: Selection) -> None:
    """Raises ConfigurationError when there are no such books, or they cannot be asked so."""
    if wanted.books == "functional" and wanted.recorded_after:
        raise ConfigurationError(
            "Books in one currency change in an open month, so there is no --recorded-after for"
            " them; export the whole month."
        )
    there = {
        row["table_name"]
        for row in warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        )
    }
    if missing := [f"marts.{name}" for name in wanted.journal.needs if name not in there]:
        raise ConfigurationError(f"Not built yet: {', '.join(missing)}. Call `tieout build` first.")
    known = {row["currency"] for row in warehouse.rows("select currency from seeds.currencies")}
    if unknown := sorted({*wanted.currencies} - known):
        raise ConfigurationError(f"--currency {', '.join(unknown)}: not in seeds/currencies.csv.")


def settled(warehouse: Warehouse, wanted: Selection) -> Selection:
    """With the month of its entry, and with the moment that the last of its entries is of."""
    if wanted.entry:
        period = _period_of(warehouse, wanted)
        if wanted.period not in ("", period):
            raise ConfigurationError(
                f"{wanted.entry} is booked in {period}, not in {wanted.period}."
            )
        wanted = replace(wanted, period=period)
    where, values = wanted.where()
    rows = warehouse.rows(
        f"select max(recorded_at) as moment from {wanted.journal.lines} where {where}", values
    )
    return replace(wanted, recorded_until=rows[0]["moment"])


def ask_for_one_currency(warehouse: Warehouse, wanted: Selection) -> None:
    """An entry of the books has one currency; half of it must not leave without the other."""
    where, values = replace(wanted, currencies=()).where()
    rows = warehouse.rows(
        "select entry_id, min(currency) as one, max(currency) as other"
        f" from {wanted.journal.lines} where {where}"
        " group by entry_id having min(currency) != max(currency) order by entry_id limit 1",
        values,
    )
    for row in rows:
        raise ExportRefusedError(
            f"{wanted.target}: entry {row['entry_id']} is in {row['one']} and {row['other']}; an"
            " entry of the books has one currency. tieout build tells which test fails."
        )


def _period_of(warehouse: Warehouse, wanted: Selection) -> str:
    """The month that the entry is booked in."""
    entry = wanted.entry
    rows = warehouse.rows(
        f"select min(posting_period) as period from {wanted.journal.lines}"
        " where tenant_id = $1 and entry_id = $2",
        [wanted.tenant, entry],
    )
    period: date | None = rows[0]["period"]
    if period is None:
        raise ConfigurationError(
            f"{entry} is no entry of the books; `tieout explain` with a transaction's id tells its"
            " entries."
        )
    return f"{period:%Y-%m}"


def read_book(warehouse: Warehouse, wanted: Selection) -> Book:
    """The accounts as the target calls them, the settings and, of a whole month, the balances."""
    first, after = bounds(wanted.period)
    places = warehouse.rows("select currency, exponent from seeds.currencies")
    book = Book(
        target=wanted.target,
        period=wanted.period,
        stem=wanted.stem,
        ties_to=wanted.journal.ties_to,
        first=first,
        after=after,
        accounts=accounts(warehouse, wanted),
        settings=settings(warehouse, wanted),
        places={row["currency"]: int(row["exponent"]) for row in places},
        balances=tuple(
            Balance(
                row["account_code"],
                row["currency"],
                *(
                    int(row[f"{name}_minor"])
                    for name in ("opening", "debits", "credits", "closing")
                ),
            )
            for row in _balances(warehouse, wanted)
            if not wanted.currencies or row["currency"] in wanted.currencies
        ),
    )
    ask_for_accounts(warehouse, wanted, book)
    return book


def lines(
    warehouse: Warehouse, wanted: Selection, currency: str | None
) -> Iterator[dict[str, Any]]:
    """The lines in order of day and entry; never all in memory."""
    where, values = wanted.where(currency)
    return warehouse.stream(_LINES.format(lines=wanted.journal.lines, where=where), values)


def currencies(warehouse: Warehouse, wanted: Selection) -> list[str]:
    """The currencies of what is asked for."""
    where, values = wanted.where()
    rows = warehouse.rows(
        f"select distinct currency from {wanted.journal.lines} where {where} order by currency",
        values,
    )
    return [row["currency"] for row in rows]


def left_out(warehouse: Warehouse, wanted: Selection) -> list[dict[str, Any]]:
    """Lines of the month in currencies that were not asked for."""
    if not wanted.currencies:
        return []
    where, values = replace(wanted, currencies=()).where()
    rows = warehouse.rows(
        f"select currency, count(*) as n from {wanted.journal.lines}"
        f" where {where} group by currency order by currency",
        values,
    )
    return [
        {"currency": row["currency"], "lines": int(row["n"])}
        for row in rows
        if row["currency"] not in wanted.currencies
    ]


def _balances(warehouse: Warehouse, wanted: Selection) -> list[dict[str, Any]]:
    if not wanted.is_whole:
        return []
    return warehouse.rows(wanted.journal.balances, [wanted.tenant, bounds(wanted.period)[0]])

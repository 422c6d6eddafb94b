"""Reading the books for an export: what is asked for, the accounts, the lines in order.

In: an open warehouse and a Selection. Out: a Book, and rows one after another. Nothing of the
matching is read: what is exported once does not change because a match came later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from dbt_project.months import bounds
from dbt_project.settings import ConfigurationError
from dbt_project.warehouse import Warehouse
from delivery.ledger.book import Account, Balance, Book, ExportRefusedError
from delivery.ledger.journals import JOURNALS, Journal

_LINES = (
    "select entry_id, posted_on, posting_period, currency, account_code, amount_minor, event_type,"
    " transaction_id, entry_kind, reverses_entry_id, memo, posting_rule_id"
    " from {lines} where {where}"
    " order by posted_on, entry_id, currency, leg, ledger_line_id"
)


@dataclass(frozen=True)
class Selection:
    """Which entries: of a month, one of them, some currencies, or those recorded after a moment.

    `books` is `transaction`, each amount in its own currency, or `functional`, all in the tenant's.
    """

    target: str
    tenant: str
    period: str
    entry: str = ""
    currencies: tuple[str, ...] = ()
    recorded_after: datetime | None = None
    books: str = "transaction"

    @property
    def journal(self) -> Journal:
        """Where its lines and balances stand."""
        return JOURNALS[self.books]

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the month is in it, so that it ties to the balances."""
        return not self.entry and self.recorded_after is None

    @property
    def stem(self) -> str:
        """What its folder and files are called."""
        after = self.recorded_after
        since = f"-after-{after:%Y%m%dT%H%M%S}" if after else ""
        books = "" if self.books == "transaction" else f"{self.books}-"
        return f"{self.target}-{books}{self.entry or self.period}{since}"

    def where(self, currency: str | None = None) -> tuple[str, list[Any]]:
        """The condition and its parameters."""
        words = ["tenant_id = $1", "posting_period = $2"]
        values: list[Any] = [self.tenant, bounds(self.period)[0]]
        for column, value in (
            ("entry_id =", self.entry or None),
            ("recorded_at >", self.recorded_after),
            ("currency =", currency),
        ):
            if value is not None:
                values.append(value)
                words.append(f"{column} ${len(values)}")
        if self.currencies and currency is None:
            names = [f"${len(values) + place}" for place in range(1, len(self.currencies) + 1)]
            values += self.currencies
            words.append(f"currency in ({', '.join(names)})")
        return " and ".join(words), values


def ask_for_marts(warehouse: Warehouse, wanted: Selection) -> None:
    """Raises ConfigurationError when there are no such books, or they cannot be asked so."""
    if wanted.books == "functional" and wanted.recorded_after:
        raise ConfigurationError(
            "Books in one currency are worked out anew by each build, so there is no"
            " --recorded-after for them; export the whole month."
        )
    there = {
        row["table_name"]
        for row in warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        )
    }
    if missing := [f"marts.{name}" for name in wanted.journal.needs if name not in there]:
        raise ConfigurationError(f"Not built yet: {', '.join(missing)}. Call `tieout build` first.")


def period_of(warehouse: Warehouse, wanted: Selection) -> str:
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
        accounts=_accounts(warehouse, wanted),
        settings=_settings(warehouse, wanted),
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
    _ask_for_accounts(warehouse, wanted, book)
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


def _accounts(warehouse: Warehouse, wanted: Selection) -> dict[str, Account]:
    """A tenant's own row comes before the one of all."""
    rows = warehouse.rows(
        "select tenant_id, account_code, their_account, tax, entity, department"
        " from seeds.account_mappings where target = $1 and tenant_id in ('*', $2)"
        " order by account_code",
        [wanted.target, wanted.tenant],
    )
    rows.sort(key=lambda row: str(row["tenant_id"]) != "*")
    return {
        row["account_code"]: Account(
            row["their_account"] or "",
            row["tax"] or "",
            row["entity"] or "",
            row["department"] or "",
        )
        for row in rows
    }


def _settings(warehouse: Warehouse, wanted: Selection) -> dict[str, str]:
    rows = warehouse.rows(
        "select tenant_id, setting, value from seeds.export_settings"
        " where target = $1 and tenant_id in ('*', $2) order by setting",
        [wanted.target, wanted.tenant],
    )
    rows.sort(key=lambda row: str(row["tenant_id"]) != "*")
    return {row["setting"]: row["value"] or "" for row in rows}


def _ask_for_accounts(warehouse: Warehouse, wanted: Selection, book: Book) -> None:
    """Every account with a line or a balance has a name at the target; else all that lack one."""
    where, values = wanted.where()
    rows = warehouse.rows(
        "select account_code, min(account_name) as account_name, min(entry_id) as entry_id"
        f" from {wanted.journal.lines} where {where} group by account_code order by account_code",
        values,
    )
    missing = [
        f"{row['account_code']} {row['account_name']} (entry {row['entry_id']})"
        for row in rows
        if row["account_code"] not in book.accounts
    ]
    named = {row["account_code"] for row in rows}
    missing += sorted(
        {
            f"{balance.account_code} (balance)"
            for balance in book.balances
            if balance.account_code not in {*book.accounts, *named}
        }
    )
    if missing:
        raise ExportRefusedError(
            f"{wanted.target}: no account there for {', '.join(missing)}. Add a row for"
            f" {wanted.target} to seeds/account_mappings.csv, then tieout build."
        )

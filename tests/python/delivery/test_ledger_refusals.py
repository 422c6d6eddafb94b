"""What a program would not take, or take wrongly, does not leave; the message names it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import ConfigurationError, Settings
from delivery.ledger.book import ExportRefusedError
from delivery.ledger.export import TARGETS, Exported, export_ledger
from delivery.ledger.selection import Selection
from tests.python.conftest import make_settings
from tests.python.delivery.ledger_world import (
    PERIOD,
    SEEDS,
    balance,
    change,
    files_of,
    make_books,
    mapping,
)

ENTRY = "(select min(entry_id) from marts.ledger_entries where posting_period = '2026-10-01')"
CODE = "where target = '{target}' and account_code = '1100'"


@pytest.fixture
def books(tmp_path: Path) -> Settings:
    """A few books to spoil."""
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 100)
    return settings


def export(settings: Settings, target: str, **changes: Any) -> Exported:
    """The month, into the deployment's folder."""
    wanted = Selection(target=target, tenant="acme", period=PERIOD, **changes)
    return export_ledger(settings, wanted, settings.reports)


def refused(settings: Settings, target: str, words: str) -> None:
    """Not exported, for this reason, and nothing of it is left; before the fault it was."""
    with pytest.raises(ExportRefusedError, match=words):
        export(settings, target)
    assert not settings.reports.exists() or not list(settings.reports.iterdir())


@pytest.mark.parametrize("target", TARGETS)
def test_an_unmapped_account_stops_it_by_name(books: Settings, target: str) -> None:
    change(books, f"delete from seeds.account_mappings {CODE.format(target=target)}")
    refused(books, target, r"no account there for 1100 Account 1100 \(entry ent_")


@pytest.mark.parametrize("target", TARGETS)
def test_an_unbalanced_entry_stops_it_by_name(books: Settings, target: str) -> None:
    change(
        books,
        "update marts.ledger_entries set amount_minor = amount_minor + 1"
        f" where leg = 1 and entry_id = {ENTRY}",
    )
    balance(books)
    refused(books, target, r"entry ent_\w+ does not balance: debits less credits are (0\.01|1) \w+")


@pytest.mark.parametrize("target", TARGETS)
def test_books_that_are_not_the_balances_stop_it(books: Settings, target: str) -> None:
    change(books, "update marts.account_balances set debits_minor = debits_minor + 1")
    refused(books, target, "account 1100 has debits and credits of .* marts.account_balances has")


@pytest.mark.parametrize(
    ("target", "column", "value", "words"),
    [
        ("sap", "their_account", "12345678901", "takes 10"),
        ("sap", "their_account", "11A0", "is no number"),
        ("sap", "tax", "V12", "SAP takes 2 characters"),
        ("sap", "department", "COSTCENTRE1", "SAP takes 10 characters"),
        ("xero", "their_account", "CLEARING-01", "takes 10"),
        ("quickbooks-desktop", "their_account", "Clearing 日本", "outside cp1252"),
        ("quickbooks-desktop", "their_account", "Clearing \t1", "tab or line break"),
        ("quickbooks-desktop", "entity", "Customer\t1", "goes with entity .*tab or line break"),
        ("quickbooks-desktop", "department", "Shop\n1", "goes with department .*line break"),
        ("quickbooks-desktop", "entity", "Kunde 日本", "outside cp1252"),
        ("sap", "tax", "\t", "goes with tax .*tab or line break"),
        ("sap", "department", "10\n20", "goes with department .*tab or line break"),
        ("netsuite", "entity", "Customer \n", "goes with entity .*line break"),
        ("quickbooks-online", "department", "-Shop", "goes with department .*start a formula"),
        ("xero", "tax", "20%\tVAT", "goes with tax .*tab or line break"),
        ("hledger", "entity", "a\nb", "goes with entity .*line break"),
        ("beancount", "entity", "a\nb", "goes with entity .*line break"),
        ("quickbooks-online", "their_account", "=1+1", "would start a formula"),
        ("netsuite", "their_account", " 1100", "blanks around it"),
        ("beancount", "their_account", "Assets:clearing", "no name of beancount"),
        ("hledger", "their_account", "assets:two  blanks", "no name of hledger"),
    ],
)
def test_a_name_it_would_read_as_another_stops_it(
    books: Settings, target: str, column: str, value: str, words: str
) -> None:
    where = CODE.format(target=target)
    change(books, f"update seeds.account_mappings set {column} = '{value}' {where}")
    refused(books, target, f"account 1100 is mapped to .*{words}")


@pytest.mark.parametrize("target", ["netsuite", "quickbooks-online", "quickbooks-desktop", "xero"])
def test_three_decimals_stop_what_takes_two(tmp_path: Path, target: str) -> None:
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 100, ("EUR", "KWD"))
    refused(settings, target, r"entry ent_\w+ is in KWD, whose amounts have 3 decimals")
    assert export(settings, target, currencies=("EUR",)).manifest["left_out"]


@pytest.mark.parametrize(
    ("target", "currency", "most", "words"),
    [
        ("netsuite", "EUR", 10**12 - 1, "10 digits before the point"),
        ("netsuite", "JPY", 10**10 - 1, "10 digits before the point"),
        ("sap", "EUR", 10**13 - 1, "13 digits, decimals included"),
        ("sap", "JPY", 10**13 - 1, "13 digits, decimals included"),
        ("sap", "KWD", 10**13 - 1, "13 digits, decimals included"),
    ],
)
def test_an_amount_of_more_digits_stops_it(
    tmp_path: Path, target: str, currency: str, most: int, words: str
) -> None:
    books = make_settings(tmp_path, tenant="acme")
    make_books(books, 20, (currency,))
    for amount in (most, most + 1):
        change(
            books,
            "update marts.ledger_entries set amount_minor = case when account_code = '1100' then"
            f" -1 else 1 end * cast({amount} as bigint) where leg in (1, 2) and entry_id ="
            " (select min(entry_id) from marts.ledger_entries where event_type = 'refund')",
        )
        balance(books)
        if amount == most:
            export(books, target)
            shutil.rmtree(books.reports)
    refused(books, target, rf"entry ent_\w+ has an amount of .* it takes {words}")


def test_an_entry_that_cannot_be_cut_stops_it_by_name(books: Settings) -> None:
    change(
        books,
        "insert into marts.ledger_entries select 'lin_big' || leg, 'ent_big', 'acme',"
        " date '2026-10-05', date '2026-10-01', '1100', 'Account', case when leg = 1 then -400 else"
        " 1 end, 'EUR', 'charge', 'txn', 'original', null, 'Big', 'rule', leg,"
        " timestamp '2026-11-01 04:00:00' from generate_series(1, 401) as legs (leg)",
    )
    balance(books)
    refused(books, "xero", "entry ent_big has 401 lines; it takes 300")


def test_another_currency_than_the_books_there_stops_it(books: Settings) -> None:
    change(
        books,
        "update seeds.export_settings set value = 'EUR' where target = 'xero'"
        " and setting = 'currency'",
    )
    refused(books, "xero", "books are kept in EUR .* entries in JPY, USD. --currency EUR")


def test_a_setting_that_is_missing_stops_it(books: Settings) -> None:
    change(books, "delete from seeds.export_settings where setting = 'company_code'")
    refused(books, "sap", "setting company_code is missing")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("value", ["10\t0", "10\n", "=10"])
def test_a_setting_that_breaks_a_row_or_runs_stops_it(
    books: Settings, target: str, value: str
) -> None:
    name = {"sap": "document_type", "netsuite": "subsidiary"}.get(target, "a_setting")
    where = f"where target = '{target}' and setting = '{name}'"
    if name == "document_type":
        name, where = "tax_code", where.replace("document_type", "tax_code")
    if name == "a_setting":
        change(
            books,
            "insert into seeds.export_settings (target, tenant_id, setting) values"
            f" ('{target}', '*', '{name}')",
        )
    change(books, f"update seeds.export_settings set value = '{value}' {where}")
    refused(books, target, f"setting {name} is '.*', which .*; see seeds/export_settings.csv")


@pytest.mark.parametrize("currencies", [(), ("EUR",)])
@pytest.mark.parametrize("target", ["xero", "sap"])
def test_an_entry_in_two_currencies_stops_it_by_name(
    books: Settings, target: str, currencies: tuple[str, ...]
) -> None:
    for currency in ("EUR", "USD"):
        change(
            books,
            "insert into marts.ledger_entries select 'lin_two' || account_code || currency,"
            " 'ent_two', 'acme', date '2026-10-05', date '2026-10-01', account_code, 'Account',"
            " amount, currency, 'charge', 'txn', 'original', null, 'Two', 'rule', 1, timestamp"
            " '2026-11-01 04:00:00' from (values ('1100', 5), ('4000', -5)) as legs (account_code,"
            f" amount) cross join (select '{currency}' as currency) as of",
        )
    balance(books)
    with pytest.raises(ExportRefusedError, match="entry ent_two is in EUR and USD; an entry"):
        export(books, target, currencies=currencies)


def test_a_currency_that_is_none_is_said(books: Settings) -> None:
    with pytest.raises(ConfigurationError, match=r"--currency \.\./X: not in seeds/currencies"):
        export(books, "sap", currencies=("EUR", "../X"))


def test_a_month_without_entries_stops_it(books: Settings) -> None:
    change(books, "delete from marts.ledger_entries where posting_period = '2026-10-01'")
    refused(books, "sap", "there is no entry to export")


def test_a_refusal_leaves_the_files_of_before(books: Settings) -> None:
    made = export(books, "sap")
    before = files_of(made.folder)
    change(books, f"delete from seeds.account_mappings {CODE.format(target='sap')}")
    with pytest.raises(ExportRefusedError):
        export(books, "sap")
    assert files_of(made.folder) == before
    assert [folder.name for folder in books.reports.iterdir()] == [made.folder.name]


@pytest.mark.parametrize("target", TARGETS)
def test_every_account_of_the_shipped_chart_has_a_name(target: str) -> None:
    with (SEEDS / "chart_of_accounts.csv").open(newline="", encoding="utf-8") as handle:
        chart = {row["account_code"] for row in csv.DictReader(handle) if row["tenant_id"] == "*"}
    assert chart - set(mapping(target)) == set(), "add rows to seeds/account_mappings.csv"

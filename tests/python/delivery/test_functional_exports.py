"""Books in one currency leave like the others: bean-check takes them, exchange lines included."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from delivery.ledger.book import ExportRefusedError
from delivery.ledger.export import Exported, export_ledger
from delivery.ledger.selection import Selection
from tests.python.conftest import make_settings, new_database
from tests.python.delivery.ledger_world import PERIOD, change, make_books, mapping
from tests.python.delivery.test_ledger_plain_text import bean_check, by_beancount, without_equity

# Yen at six tenths of a cent, dollars at nine tenths of a euro; what that leaves is a line of its
# own. 1160 moves in September alone, 1120 is revalued and taken back in the month after.
_ENTRIES = """
create table marts.functional_entries as
with booked as (
    select
        ledger_line_id, entry_id, posted_on, posting_period, account_code, transaction_id,
        recorded_at, cast(round(amount_minor * case currency
            when 'EUR' then 1.0 when 'USD' then 0.9 else 0.6 end) as bigint) as amount_minor
    from marts.ledger_entries
),
rounding as (
    select
        entry_id, posted_on, posting_period, max(recorded_at) as recorded_at,
        -sum(amount_minor) as amount_minor
    from booked group by entry_id, posted_on, posting_period having sum(amount_minor) != 0
),
differences (entry_id, kind, day, account_code, amount_minor) as (
    values
    ('fen_september', 'realised', date '2026-09-20', '1160', 700),
    ('fen_september', 'realised', date '2026-09-20', '4500', -700),
    ('fen_late', 'adjustment', date '2026-10-01', '1100', 13),
    ('fen_late', 'adjustment', date '2026-10-01', '1110', -13),
    ('fen_turn', 'revaluation', date '2026-10-31', '1120', 1234),
    ('fen_turn', 'revaluation', date '2026-10-31', '4510', -1234),
    ('fen_back', 'revaluation_reversal', date '2026-11-01', '1120', -1234),
    ('fen_back', 'revaluation_reversal', date '2026-11-01', '4510', 1234)
),
lines as (
    select
        'fen_' || substr(entry_id, 5) as functional_entry_id, 'booked' as line_kind, posted_on,
        posting_period, account_code, amount_minor, ledger_line_id, entry_id, transaction_id,
        recorded_at
    from booked
    union all
    select
        'fen_' || substr(entry_id, 5), 'rounding', posted_on, posting_period, '4590',
        amount_minor, null, entry_id, null, recorded_at
    from rounding
    union all
    select
        entry_id, kind, day, cast(date_trunc('month', day) as date), account_code, amount_minor,
        null, null, null, timestamp '2026-11-02 04:00:00'
    from differences
)
select
    'acme' as tenant_id, 'fln_' || row_number() over (order by functional_entry_id, line_kind,
    account_code, ledger_line_id, amount_minor) as functional_line_id, 'EUR' as currency,
    'Account ' || account_code as account_name, lines.*
from lines where amount_minor != 0
"""
_BALANCES = """
create table marts.functional_balances as
with months as (
    select
        tenant_id, account_code, currency, posting_period as period,
        cast(sum(greatest(amount_minor, 0)) as bigint) as debits_minor,
        cast(sum(greatest(-amount_minor, 0)) as bigint) as credits_minor
    from marts.functional_entries
    group by tenant_id, account_code, currency, posting_period
),
closed as (
    select
        *, cast(sum(debits_minor - credits_minor) over (
            partition by account_code order by period) as bigint) as closing_minor
    from months
)
select *, closing_minor - debits_minor + credits_minor as opening_minor from closed
"""
CLOSING = (
    "select account_code, sum(amount_minor) as minor from marts.functional_entries"
    f" where posting_period <= date '{PERIOD}-01' group by account_code"
)


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def books(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: Any
) -> Settings:
    """Two thousand entries in three currencies, and what they are in euro, on each engine."""
    more: dict[str, Any] = {"tenant": "acme"}
    if request.param == "postgres":
        more |= {"target": "postgres", "postgres": new_database(postgres_server)}
    settings = make_settings(tmp_path_factory.mktemp("books"), **more)
    make_books(settings, 2_000)
    change(settings, _ENTRIES)
    change(settings, _BALANCES)
    return settings


def exported(settings: Settings, target: str, folder: Path) -> Exported:
    """The month in euro."""
    wanted = Selection(target=target, tenant="acme", period=PERIOD, books="functional")
    return export_ledger(settings, wanted, folder)


def test_bean_check_takes_the_books_in_euro_and_has_their_balances(
    books: Settings, tmp_path: Path
) -> None:
    made = exported(books, "beancount", tmp_path)
    proof = made.folder / f"check-{PERIOD}.beancount"
    ran = bean_check(proof)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    names = mapping("beancount")
    with open_warehouse(books, read_only=True) as warehouse:
        rows = warehouse.rows(CLOSING)
    expected = {
        (names[row["account_code"]], "EUR"): Decimal(int(row["minor"])).scaleb(-2)
        for row in rows
        if row["minor"]
    }
    assert {("Assets:Currency-Exchange", "EUR"), ("Income:Exchange-Rounding", "EUR")} <= {*expected}
    assert without_equity(by_beancount(proof)) == expected
    assert made.manifest["books"] == "functional"
    assert made.manifest["recorded_until"] == "2026-11-02T04:00:00.000000"
    assert made.manifest["ties_to"] == "marts.functional_balances"
    text = next(made.folder.glob("beancount-functional-*")).read_text()
    assert "Open balance at the month's last rate" in text
    assert "What a closed month is worth by later rates" in text
    assert "fen_back" not in text


def test_a_reversal_names_what_it_reverses(books: Settings, tmp_path: Path) -> None:
    folder = exported(books, "beancount", tmp_path).folder
    lines = next(folder.glob("beancount-functional-*")).read_text().splitlines()
    reversals = [line for line in lines if '"Reversal: ' in line]
    assert reversals
    assert all(line.count("^fen_") == 2 for line in reversals)


def test_xero_has_one_file_in_euro(books: Settings, tmp_path: Path) -> None:
    made = exported(books, "xero", tmp_path)
    assert {file["currency"] for file in made.manifest["files"]} == {"EUR"}
    with (made.folder / made.manifest["files"][-1]["name"]).open(encoding="utf-8-sig") as handle:
        assert sum(Decimal(row["*Amount"]) for row in csv.DictReader(handle)) == 0


def test_a_line_that_the_balances_do_not_have_stops_it(books: Settings, tmp_path: Path) -> None:
    change(books, "update marts.functional_balances set debits_minor = debits_minor + 1")
    with pytest.raises(ExportRefusedError, match="functional_balances has"):
        exported(books, "beancount", tmp_path)
    change(books, "update marts.functional_balances set debits_minor = debits_minor - 1")
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_asked_of_them_is_said(books: Settings, tmp_path: Path) -> None:
    after = datetime(2026, 11, 1)
    wanted = Selection("xero", "acme", PERIOD, recorded_after=after, books="functional")
    with pytest.raises(ConfigurationError, match="no --recorded-after"):
        export_ledger(books, wanted, tmp_path)
    wanted = Selection("xero", "other", PERIOD, books="functional")
    with pytest.raises(ExportRefusedError, match="seeds/tenant_books"):
        export_ledger(books, wanted, tmp_path)

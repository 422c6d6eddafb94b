"""Amounts and currencies (D1–D18): plain decimals of a known currency, or the line says why not."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.catalogue import catalogue
from tests.python.bad_inputs.macros import sql_of
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import STRIPE, books, table

RAW = "internal_transactions"


def code_of(desk: Desk, amount: str, currency: str = "EUR") -> str | None:
    """The code of a line with that amount; None when it lands as it was written."""
    row = {"amount": amount, "currency": currency, "fee": "0", "description": f"{amount}{currency}"}
    result = desk.land("internal", books(row))
    found = desk.quarantine(result)
    if found:
        assert desk.raw(result, RAW) == []
        return found[0][3]
    assert [row["amount"] for row in desk.raw(result, RAW)] == [amount]
    return None


@pytest.mark.parametrize("amount", ["1_000", "1_0.5", "_1"])
def test_d1_separators_that_programs_read_over(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_NOT_DECIMAL"


@pytest.mark.parametrize("amount", ["1e3", "1E-9", "1e", "1.5e+2"])
def test_d2_exponents(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_NOT_DECIMAL"


@pytest.mark.parametrize("amount", ["NaN", "nan", "Infinity", "-inf", "sNaN"])
def test_d3_words_that_are_numbers_to_a_database(engine_desk: Desk, amount: str) -> None:
    assert code_of(engine_desk, amount) == "AMOUNT_NOT_DECIMAL"


@pytest.mark.parametrize("amount", ["0.000000001", "1.0000000", "-0.1234567"])
def test_d4_more_digits_than_any_currency(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "SCALE_TOO_FINE"


@pytest.mark.parametrize("amount", ["1,234.56", "1.234,56", "1 234,56", "1'234.56", "1\u00a0234"])
def test_d5_thousands_are_read_only_where_a_source_declares_them(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_NOT_DECIMAL"


@pytest.mark.parametrize("amount", ["(5.00)", "5-", "5.00 CR", "DR 5.00", "5.00CR", "+5"])
def test_d6_signs_are_read_only_as_declared(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_NOT_DECIMAL"


@pytest.mark.parametrize("amount", ["−5", "１２", "٣", "५", "𝟙", "②"])
def test_d7_digits_of_other_scripts(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_NOT_DECIMAL"


AMOUNTS = ["$5", "USD 5", "0x10", "--5", ".", "5.", ".5", "5 ", "1/2", "=1+1"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_d8_what_is_no_plain_number(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_NOT_DECIMAL"


@pytest.mark.parametrize("amount", ["", " ", "\u00a0", "\u200b"])
def test_d8_an_empty_amount_is_not_zero(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) == "AMOUNT_MISSING"


@pytest.mark.parametrize("amount", ["0", "0.00", "-0", "000"])
def test_d9_zero_is_an_amount(desk: Desk, amount: str) -> None:
    assert code_of(desk, amount) is None


def test_d10_what_is_below_zero_is_kept_by_its_kind(desk: Desk) -> None:
    assert code_of(desk, "-5.00") is None
    kinds = [("refund", "-10.00"), ("dispute", "-10.00"), ("charge", "10.00")]
    rows = [
        {**STRIPE, "reporting_category": kind, "gross": gross, "fee": "0", "net": gross}
        for kind, gross in kinds
    ]
    assert desk.land("stripe", table(*rows)).landed_rows == 3


@pytest.mark.parametrize("amount", ["9" * 16, "1" * 400, "-" + "9" * 38, "9" * 17 + ".01"])
def test_d11_more_digits_than_a_ledger_holds(engine_desk: Desk, amount: str) -> None:
    assert code_of(engine_desk, amount) == "AMOUNT_RANGE"


FINE = [("JPY", "100.50"), ("KWD", "1.2345"), ("MRU", "1.23"), ("CLF", "1.23456"), ("EUR", "1.005")]


@pytest.mark.parametrize(("currency", "amount"), FINE)
def test_d12_finer_than_the_currency(desk: Desk, currency: str, amount: str) -> None:
    expected = None if currency == "MRU" else "MINOR_UNIT"  # ISO counts the ouguiya in hundredths
    assert code_of(desk, amount, currency) == expected


@pytest.mark.parametrize("currency", ["", "XXX", "XTS", "DEM", "EURO", "€", "E U", "ＥＵＲ"])
def test_d14_a_currency_that_is_none(desk: Desk, currency: str) -> None:
    assert code_of(desk, "1", currency) == "CURRENCY_UNKNOWN"


def test_d14_a_currency_in_small_letters_is_the_same(desk: Desk) -> None:
    assert code_of(desk, "1.00", "usd") is None


def test_d16_the_control_without_its_check_a_wrong_net_lands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the contract's checks taken out it does, so it is they that refuse it."""
    spec, name = catalogue()["stripe"], "stripe_balance_changes"
    unchecked = spec.records[name].model_copy(update={"checks": ()})
    records = {**spec.records, name: unchecked}
    monkeypatch.setattr(
        "ingestion.landing.one_file.spec_of",
        lambda *_: spec.model_copy(update={"records": records}),
    )
    result = desk.land("stripe", table({**STRIPE, "net": "9.73"}))
    assert desk.quarantine(result) == []
    assert [row["net"] for row in desk.raw(result, name)] == ["9.73"]


def test_d16_with_its_check_the_same_file_is_refused(desk: Desk) -> None:
    result = desk.land("stripe", table({**STRIPE, "net": "9.71"}))
    assert [code for *_, code in desk.quarantine(result)] == ["NET_MISMATCH"]
    assert desk.raw(result, "stripe_balance_changes") == []


TIES = ["0.005", "0.015", "0.025", "-0.005", "-0.015", "2.675"]


def test_d17_ties_are_rounded_one_way_on_both_engines(engine_settings: Settings) -> None:
    """Only shares are ever rounded, half away from zero; an amount is refused instead (D12)."""
    with open_warehouse(engine_settings) as warehouse:
        found = [
            warehouse.rows(f"select round(cast('{tie}' as decimal(18, 4)), 2) as r")[0]["r"]
            for tie in TIES
        ]
        share = sql_of(warehouse.engine, "{{ share_of('a', 'b') }}")
        (row,) = warehouse.rows(f"select {share} as r from (select 1 as a, 3 as b) as t")
    assert found == [Decimal(text) for text in ("0.01", "0.02", "0.03", "-0.01", "-0.02", "2.68")]
    assert isinstance(row["r"], Decimal)


def test_d18_dividing_decimals_is_a_float_on_duckdb_and_so_forbidden() -> None:
    """Why the house forbids `/` and avg on money; its check is in test_house_files.py."""
    third = "cast(1 as decimal(18, 2)) / cast(3 as decimal(18, 2))"
    with duckdb.connect() as connection:
        assert connection.execute(f"select typeof({third})").fetchall() == [("DOUBLE",)]

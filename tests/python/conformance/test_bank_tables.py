"""Bank tables published by others (CSV, XLSX, QIF): read by a manifest written here, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT, Settings, Source
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file, release
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples" / "bank_csv_ofx_qif"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
AMERICAN = """\
title: An American download
target: bank
numbers: {decimal: ".", group: ","}
dates: [MM/DD/YYYY]
columns:
  booking_date: Date
  remittance: Label
  counterparty_name: Partner Name
  counterparty_account: Bank Account
  account: {value: "1001"}
"""
NO_CURRENCY = AMERICAN + "  currency: {value: USD}\n"
PLAIN = NO_CURRENCY + "  amount: Amount\n"
IN_CURRENCIES = AMERICAN + "  currency: Currency\n  amount: Amount\n"
BALANCED = PLAIN + "  balance: Balance\n"
WORDED = NO_CURRENCY + (
    "  balance: Balance\n"
    "  amount: {column: Amount,"
    " direction: {column: D/C, debit: [D], credit: [C], ignore_sign: true}}\n"
)
TWO_COLUMNS = NO_CURRENCY + "  balance: Balance\n  amount: {debit: Debit, credit: Credit}\n"
FRENCH = """\
title: A French download
target: bank
numbers: {decimal: ","}
dates: [DD/MM/YY]
header_starts: Date
totals: [Balance at]
statement:
  account: {line: Account Number, field: 1, pattern: "([0-9]+)"}
  opening: {line: Balance at start, field: 5}
  closing: {line: Balance at end, field: 5}
columns:
  booking_date: Date
  servicer_reference: Operation Number
  remittance: Label
  amount: {debit: Debit, credit: Credit, debit_is: negative}
  currency: {value: EUR}
"""
SPANISH = """\
title: A Spanish workbook
target: bank
format: xlsx
numbers: {decimal: ",", group: ".", signs: [USD, $]}
dates: [YYYY-MM-DD]
totals: [TOTAL]
columns:
  booking_date: DATE
  servicer_reference: REF
  remittance: DESCRIPTION
  amount: {debit: DEBIT, credit: CREDIT}
  balance: BALANCE
  currency: {value: USD}
  account: {value: "1001"}
"""
BY_PLACE = IN_CURRENCIES.replace(
    "columns:",
    "header: [Date, Label, Currency, Amount, Other, Partner Name, Bank Account, Ref]\ncolumns:",
)
XLSX = "target: bank\nformat: xlsx"
# File: manifest, state, code, signed amounts of the entries.
EXPECTED: dict[str, tuple[str, str, str | None, list[str]]] = {
    "oca_balance.csv": (BALANCED, "landed", None, ["-33.50", "1533.50"]),
    "oca_debit_credit.csv": (WORDED, "landed", None, ["-33.50", "1533.50"]),
    "oca_debit_credit_amount.csv": (TWO_COLUMNS, "held", "STATEMENT_UNBALANCED", []),
    "oca_empty_statement_en.csv": (IN_CURRENCIES, "held", "FILE_NO_ROWS", []),
    "oca_empty_statement_en.xlsx": (
        IN_CURRENCIES.replace("target: bank", XLSX), "held", "FILE_NO_ROWS", [],
    ),
    "oca_meta_data_separated_credit_debit.csv": (
        FRENCH, "held", "STATEMENT_UNBALANCED", []
    ),
    "oca_meta_data_separated_credit_debit.xlsx": (
        FRENCH.replace("target: bank", XLSX), "held", "STATEMENT_UNBALANCED", [],
    ),
    "oca_multi_currency.csv": (IN_CURRENCIES, "landed", None, ["-33.50", "1525.00"]),
    "oca_original_currency.csv": (IN_CURRENCIES, "landed", None, ["1525.00"]),
    "oca_original_currency_empty.csv": (IN_CURRENCIES, "held", "ROWS_REFUSED", []),
    "oca_original_currency_no_header.csv": (BY_PLACE, "landed", None, ["1525.00"]),
    "oca_sample_statement_credit_card_inverse_sign_en.csv": (
        IN_CURRENCIES.replace("amount: Amount", "amount: {column: Amount, flip: true}"),
        "landed", None, ["-33.50", "1525.00"],
    ),
    "oca_sample_statement_en.csv": (IN_CURRENCIES, "landed", None, ["-33.50", "1525.00"]),
    "oca_sample_statement_en.xlsx": (
        IN_CURRENCIES.replace("target: bank", XLSX), "landed", None, ["-33.5", "1525"],
    ),
    "oca_sample_statement_en_empty_values.xlsx": (SPANISH, "held", "ROWS_REFUSED", []),
    "oca_test_qif.qif": (PLAIN, "rejected", "FILE_TYPE", []),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("bank_tables")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


def settings_for(desk: Desk, folder: Path, file: str) -> Settings:
    """A deployment that declares the bank of a file."""
    path = folder / "some_bank.yml"
    path.write_text(EXPECTED[file][0], encoding="utf-8")
    return desk.settings.model_copy(update={"sources": {"some_bank": Source(manifest=path)}})


def land(desk: Desk, folder: Path, file: str) -> LandingResult:
    """Lands a file of a bank that its manifest declares."""
    settings = settings_for(desk, folder, file)
    return land_file(settings, desk.warehouse, "some_bank", SAMPLES / file)


def signed(row: dict[str, Any]) -> Decimal:
    """Credit positive, debit negative."""
    return Decimal(row["amount"]) * (-1 if row["credit_debit"] == "DBIT" else 1)


@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_file(desk: Desk, tmp_path: Path, file: str) -> None:
    _, state, code, amounts = EXPECTED[file]
    result = land(desk, tmp_path, file)
    assert (result.state, result.code) == (state, code), result.message
    assert [signed(row) for row in desk.raw(result, "bank_entries")] == [
        Decimal(a) for a in amounts
    ]


def test_a_released_one_has_the_balances_its_rows_give(desk: Desk, tmp_path: Path) -> None:
    """Published with 31070.11 after rows that come to 31070.09."""
    file = "oca_meta_data_separated_credit_debit.csv"
    document = land(desk, tmp_path, file).document_id
    released = release(settings_for(desk, tmp_path, file), desk.warehouse, document)
    amounts = [signed(row) for row in desk.raw(released, "bank_entries")]
    assert amounts == [Decimal(a) for a in ("-50.00", "-100.00", "-80.68", "1300.00")]
    found = desk.warehouse.rows(
        "select statement_id, account, balance_type, amount from raw.bank_balances"
        " where _document_id = $1 order by balance_date, balance_type desc",
        [document],
    )
    assert [(f["statement_id"], f["balance_type"], Decimal(f["amount"])) for f in found] == [
        ("2020-04-01/EUR", "OPBD", Decimal("30000.77")),
        ("2020-04-01/EUR", "CLBD", Decimal("29850.77")),
        ("2020-04-02/EUR", "OPBD", Decimal("29850.77")),
        ("2020-04-02/EUR", "CLBD", Decimal("31070.09")),
    ]
    assert {f["account"] for f in found} == {"08088804068"}


def test_no_table_is_forgotten() -> None:
    there = {path.name for path in SAMPLES.iterdir() if path.suffix != ".ofx"}
    assert there == set(EXPECTED)

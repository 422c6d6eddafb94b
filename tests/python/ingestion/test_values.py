"""Amounts, currencies, dates and keys (D1–D16, E1–E11, F1–F4): one file, every line judged."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from ingestion.faults import MASK_LENGTH, masked
from ingestion.landing.mapping import PSEUDONYM_KEY
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import CASH_HEADER, EARNED, STRIPE, books, cash, table

RAW = "internal_transactions"
REFUSED_AMOUNTS = {
    "1_000": "AMOUNT_NOT_DECIMAL",  # D1
    "1e3": "AMOUNT_NOT_DECIMAL",  # D2
    "1E-9": "AMOUNT_NOT_DECIMAL",
    "NaN": "AMOUNT_NOT_DECIMAL",  # D3
    "Infinity": "AMOUNT_NOT_DECIMAL",
    "0.000000001": "SCALE_TOO_FINE",  # D4
    "1,234.56": "AMOUNT_NOT_DECIMAL",  # D5
    "1.234,56": "AMOUNT_NOT_DECIMAL",
    "1 234.56": "AMOUNT_NOT_DECIMAL",
    "1'234.56": "AMOUNT_NOT_DECIMAL",
    "(5.00)": "AMOUNT_NOT_DECIMAL",  # D6
    "5-": "AMOUNT_NOT_DECIMAL",
    "5.00 CR": "AMOUNT_NOT_DECIMAL",
    "−5": "AMOUNT_NOT_DECIMAL",  # D7
    "１２": "AMOUNT_NOT_DECIMAL",
    "٣": "AMOUNT_NOT_DECIMAL",
    "$5": "AMOUNT_NOT_DECIMAL",  # D8
    "USD 5": "AMOUNT_NOT_DECIMAL",
    "0x10": "AMOUNT_NOT_DECIMAL",
    "--5": "AMOUNT_NOT_DECIMAL",
    "+5": "AMOUNT_NOT_DECIMAL",
    ".": "AMOUNT_NOT_DECIMAL",
    "5.": "AMOUNT_NOT_DECIMAL",
    ".5": "AMOUNT_NOT_DECIMAL",
    " 5": "AMOUNT_NOT_DECIMAL",
    "": "AMOUNT_MISSING",
    " ": "AMOUNT_MISSING",
    "9" * 16: "AMOUNT_RANGE",  # D11
    "1" * 400: "AMOUNT_RANGE",
    "10.005": "MINOR_UNIT",
}
KEPT_AMOUNTS = ["0", "0.00", "-5.00", "007.5", "10.050000", "9" * 15 + ".99", "-0"]  # D9 D10


def test_d1_to_d11_amounts_that_are_no_plain_decimals(desk: Desk) -> None:
    rows = [{"amount": amount} for amount in REFUSED_AMOUNTS]
    result = desk.land("internal", books(*rows, *[{"amount": amount} for amount in KEPT_AMOUNTS]))
    expected = [(n, 3, "amount", code) for n, code in enumerate(REFUSED_AMOUNTS.values(), start=2)]
    assert desk.quarantine(result) == expected
    assert [row["amount"] for row in desk.raw(result, RAW)] == KEPT_AMOUNTS


CURRENCIES = [
    ("JPY", "100.50", "MINOR_UNIT"),  # D12
    ("JPY", "100.00", None),
    ("jpy", "100", None),
    ("KWD", "1.2345", "MINOR_UNIT"),
    ("KWD", "1.234", None),
    ("CLF", "1.2345", None),
    ("CLF", "999999999999999", "AMOUNT_RANGE"),
    ("", "1", "CURRENCY_UNKNOWN"),  # D14
    ("XXX", "1", "CURRENCY_UNKNOWN"),
    ("XTS", "1", "CURRENCY_UNKNOWN"),
    ("DEM", "1", "CURRENCY_UNKNOWN"),
    ("EURO", "1", "CURRENCY_UNKNOWN"),
    ("€", "1", "CURRENCY_UNKNOWN"),
    ("usd", "1.01", None),
]


def test_d12_d14_units_and_currencies(desk: Desk) -> None:
    rows = [{"currency": code, "amount": amount, "fee": "0"} for code, amount, _ in CURRENCIES]
    result = desk.land("internal", books(*rows))
    expected = [(n, c) for n, (_, _, c) in enumerate(CURRENCIES, start=2) if c]
    assert [(line, code) for line, _, _, code in desk.quarantine(result)] == expected


def test_d16_net_is_gross_minus_fee(desk: Desk) -> None:
    rows = [
        {**STRIPE, "net": "9.71"},
        {**STRIPE, "gross": "-10.00", "fee": "15.00", "net": "-25.00"},
        {**STRIPE, "fee": "0.300", "net": "9.7"},
    ]
    result = desk.land("stripe", table(*rows))
    assert desk.quarantine(result) == [(2, 7, "net", "NET_MISMATCH")]


def test_second_amount_follows_its_own_currency(desk: Desk) -> None:
    facing = {"customer_facing_amount": "100.5", "customer_facing_currency": "jpy"}
    result = desk.land("stripe", table({**STRIPE, **facing}, STRIPE, columns=[*STRIPE, *facing]))
    assert [code for _, _, _, code in desk.quarantine(result)] == ["MINOR_UNIT"]


MOMENTS = {
    "03/04/2026": "DATE_AMBIGUOUS",  # E1
    "3.4.2026": "DATE_AMBIGUOUS",
    "2026/04/03": "DATE_AMBIGUOUS",
    "2026-02-29": "DATE_INVALID",  # E2
    "2026-13-01": "DATE_INVALID",
    "0000-00-00": "DATE_INVALID",
    "2026-10-01 24:00:00": "DATE_INVALID",  # E4
    "2026-12-31 23:59:60": "DATE_INVALID",
    "now": "DATE_INVALID",  # E5
    "today": "DATE_INVALID",
    "infinity": "DATE_INVALID",
    "epoch": "DATE_INVALID",
    "2026-10-01 10:00:00 PST": "DATE_INVALID",  # E6
    "2026-10-01 10:00:00+99:00": "DATE_INVALID",
    "2026-10-01 10:00": "DATE_INVALID",
    "45980": "DATE_INVALID",  # E11
    "1764547200": "DATE_INVALID",
    "0001-01-01": "DATE_RANGE",
    "9999-12-31": "DATE_RANGE",
    "": "DATE_MISSING",
}
KEPT_MOMENTS = [
    "2024-02-29",  # E3
    "2026-10-01T10:00:00Z",
    "2026-10-01 10:00:00+0530",
    "2026-10-01 10:00:00.123456789-02:00",  # E10
    "2026-10-25 02:30:00",  # E8
]


def test_e1_to_e11_moments(desk: Desk) -> None:
    rows = [{"transaction_date": text} for text in [*MOMENTS, *KEPT_MOMENTS]]
    result = desk.land("internal", books(*rows))
    expected = [
        (line, 7, "transaction_date", code) for line, code in enumerate(MOMENTS.values(), start=2)
    ]
    assert desk.quarantine(result) == expected
    assert [row["transaction_date"] for row in desk.raw(result, RAW)] == KEPT_MOMENTS


def test_f1_f2_f3_f12_text_is_kept_as_it_is(desk: Desk) -> None:
    texts = [
        "00123",
        "1E5",
        "12345678901234567890123",
        "NA",
        "null",
        "None",
        "N/A",
        "😀" * 300,
        " x ",
    ]
    result = desk.land("internal", books(*[{"merchant_id": text} for text in texts]))
    assert [row["merchant_id"] for row in desk.raw(result, RAW)] == texts


def test_f4_keys_that_are_empty(desk: Desk) -> None:
    keys = ["", " ", "\u00a0", "\u200b", "\t"]
    result = desk.land("internal", books(*[{"transaction_id": key} for key in keys], {}))
    assert [code for _, _, _, code in desk.quarantine(result)] == ["KEY_MISSING"] * len(keys)
    assert result.landed_rows == 1


def test_rows_of_another_tenant(desk: Desk) -> None:
    result = desk.land("internal", books({"tenant_id": "other"}, {"tenant_id": "default"}, {}))
    assert desk.quarantine(result) == [(2, 10, "tenant_id", "TENANT_MISMATCH")]


def test_one_line_is_quarantined_once_with_the_first_reason(desk: Desk) -> None:
    result = desk.land("internal", books({"amount": "x", "currency": "?", "fee": "y"}))
    assert desk.quarantine(result) == [(2, 3, "amount", "AMOUNT_NOT_DECIMAL")]
    assert (
        result.faults[0]
        .describe("file.csv")
        .startswith('file.csv:2:3(amount) AMOUNT_NOT_DECIMAL "x": amounts are plain decimals')
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1_000", "1_000"),
        ("4111 1111 1111 1111", "******1111"),
        ("a\nb\x1b[31m", "a\\x0ab\\x1b[31m"),
        ("x" * 100, "x" * 39 + "…"),
    ],
)
def test_values_are_shown_masked(value: str, shown: str) -> None:
    assert masked(value) == shown
    assert len(shown) <= MASK_LENGTH


def test_rewards_with_a_wrong_sign_or_an_unknown_word_land(desk: Desk) -> None:
    """Nothing drops them: the rewards room tells them as breaks. What is no amount is refused."""
    rows = [
        EARNED,
        (2, "spent", "2026-10-02 10:00:00", None, 7, 1, -16.07, ""),
        (3, "spent", "2026-10-02 10:00:00", None, 7, 1, 1, ""),
        (4, "earned", "2026-10-02 10:00:00", None, 7, 1, -1, ""),
        (5, "given", "2026-10-02 10:00:00", None, 7, 1, 1, ""),
        (6, None, "2026-10-02 10:00:00", None, 7, 1, 1, ""),
        (7, "spent", "2026-10-02 10:00:00", None, 7, 1, None, ""),
    ]
    result = desk.land("thrive_cash", cash(*rows), "cash.xlsx")
    assert [(line, column, code) for line, column, _, code in desk.quarantine(result)] == [
        (7, CASH_HEADER.index("TCTYPE") + 1, "VALUE_MISSING"),
        (8, CASH_HEADER.index("AMOUNT") + 1, "AMOUNT_MISSING"),
    ]
    landed = [row["trans_id"] for row in desk.raw(result, "thrive_cash_transactions")]
    assert landed == ["1", "2", "3", "4", "5"]


def test_personal_columns_land_as_keyed_hashes_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PSEUDONYM_KEY, raising=False)
    plain = desk.land("thrive_cash", cash(EARNED, ("9", *EARNED[1:])), "cash.xlsx")
    (customer,) = desk.raw(plain, "thrive_cash_customers")
    assert (customer["email"], customer["firstname"], customer["_extra"]) == (None, None, None)
    for key in ("short", "k" * 100):
        monkeypatch.setenv(PSEUDONYM_KEY, key)
        keyed = desk.land("thrive_cash", cash(EARNED, (key, *EARNED[1:])), "cash.xlsx")
        (customer,) = desk.raw(keyed, "thrive_cash_customers")
        expected = hmac.new(key.encode(), b"jo@example.org", hashlib.sha256).hexdigest()
        assert customer["email"] == expected

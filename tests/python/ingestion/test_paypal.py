"""PayPal's reports: every spelling of the header, footers as totals, sections, files of one day."""

from __future__ import annotations

import pytest

from ingestion.formats.paypal import knows_paypal
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make_paypal import (
    STL,
    TRR,
    body,
    report,
    row,
    section,
    text,
    whole,
)

RAW = "paypal_transactions"
NAME = "STL-20261005.01.009.CSV"


def test_a_whole_report_lands_as_it_is_written(desk: Desk) -> None:
    result = desk.land("paypal", whole(row(1, custom="web"), row(2, side="DR")), NAME)
    assert (result.state, result.code, result.landed_rows) == ("landed", None, 2)
    first, second = desk.raw(result, RAW)
    assert (first["gross_amount"], first["credit_debit"], first["fee_amount"]) == (
        "5200",
        "CR",
        "225",
    )
    assert (second["credit_debit"], second["_source_line"]) == ("DR", 6)
    assert first["completion_date"] == "2026-10-05 09:15:00-0700"
    assert '"2026/10/05 09:15:00 -0700"' in first["_extra"]
    wanted = ("STL", "009", "01", "1", "MARLOWMILLS01", "2026-10-05 00:00:00-0700")
    names = (
        "report",
        "report_version",
        "file_number",
        "section_number",
        "account_id",
        "period_start",
    )
    assert tuple(first[name] for name in names) == wanted


@pytest.mark.parametrize(
    "spelling",
    [
        lambda name: name.replace("Transaction ID", "TransactionID"),
        lambda name: name.replace(" ", "  "),
        lambda name: name.upper(),
        lambda name: f" {name} ",
        lambda name: name.replace("PayPal Reference ID", "Reference ID"),
    ],
    ids=["glued", "two blanks", "capitals", "padded", "older names"],
)  # fmt: skip
def test_headers_are_known_however_they_are_spelled(desk: Desk, spelling: object) -> None:
    assert callable(spelling)
    columns = [spelling(name) for name in STL]
    lines = section([row(1, reference="8MM0")])
    lines[1] = ["CH", *columns]
    result = desk.land("paypal", text(lines), NAME)
    assert (result.state, result.landed_rows) == ("landed", 1)
    (landed,) = desk.raw(result, RAW)
    assert (landed["transaction_id"], landed["reference_id"]) == ("8MM00000000000001", "8MM0")


@pytest.mark.parametrize("columns", [STL[:13], STL[:17], STL, TRR, list(reversed(STL))])
def test_columns_go_by_name_in_any_number_and_order(desk: Desk, columns: list[str]) -> None:
    result = desk.land("paypal", whole(row(1, status="S"), columns=columns), NAME)
    assert [r["gross_amount"] for r in desk.raw(result, RAW)] == ["5200"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("utf-16", ","), ("utf-8", "\t"), ("utf-16", "\t")],
)
def test_encodings_and_delimiters(desk: Desk, encoding: str, delimiter: str) -> None:
    rows = [row(7, custom=f"Käfer {encoding} {ord(delimiter)}")]
    content = text(report(section(rows), rows=rows), delimiter).decode().encode(encoding)
    result = desk.land("paypal", content, "STL-20261005.01.009.TAB")
    assert (result.state, result.code) == ("landed", None)
    assert desk.raw(result, RAW)[0]["custom_field"].startswith("Käfer")


@pytest.mark.parametrize(
    ("content", "report_type"),
    [("STL-20261005.01.009.CSV", "STL"), ("TRR-20261005.01.012.CSV", "TRR"), ("x.csv", "TRR")],
)
def test_which_report_it_is_says_the_name_or_the_columns(
    desk: Desk, content: str, report_type: str
) -> None:
    rows = [row(1, status="S", custom=content)]
    result = desk.land("paypal", whole(*rows, columns=TRR), content)
    assert desk.raw(result, RAW)[0]["report"] == report_type


def test_a_detail_row_without_a_status_is_refused(desk: Desk) -> None:
    lines = section([row(1, status="S"), row(2, status=" ")], columns=TRR)
    result = desk.land("paypal", text(lines), "TRR-20261009.01.012.CSV")
    assert [r["transaction_id"][-1] for r in desk.raw(result, RAW)] == ["1"]
    assert [found for _, _, _, found in desk.quarantine(result)] == ["VALUE_MISSING"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"side": ""}, "DIRECTION_MISSING"),
        ({"side": "XX"}, "VALUE_UNKNOWN"),
        ({"fee_side": ""}, "DIRECTION_MISSING"),
        ({"fee_currency": "EUR"}, "FEE_CURRENCY"),
        ({"amount": "-5200"}, "SIGN_MISMATCH"),
        ({"amount": "52.00"}, "AMOUNT_NOT_INTEGER"),
        ({"amount": "5,200"}, "AMOUNT_NOT_DECIMAL"),
        ({"amount": ""}, "AMOUNT_MISSING"),
        ({"currency": "JPY", "amount": "15050", "fee": ""}, "MINOR_UNIT"),
        ({"currency": "ZZZ"}, "CURRENCY_UNKNOWN"),
        ({"at": "05/10/2026 09:15:00 -0700"}, "DATE_AMBIGUOUS"),
        ({"at": "2026/02/30 09:15:00 -0700"}, "DATE_INVALID"),
        ({"at": ""}, "DATE_MISSING"),
        ({"id": ""}, "KEY_MISSING"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(
    desk: Desk, changes: dict[str, str], code: str
) -> None:
    lines = [*section([])[:2], *body([row(1), row(2, **changes)])]
    result = desk.land("paypal", text(lines), NAME)
    assert [r["transaction_id"][-1] for r in desk.raw(result, RAW)] == ["1"]
    assert [(line, found) for line, _, _, found in desk.quarantine(result)] == [(4, code)]


def test_lines_that_are_no_rows_are_refused_by_line(desk: Desk) -> None:
    lines = section([row(1), row(2)])[:4]
    lines[3] = lines[3][:-1]
    lines.append(["ZZ", "what", "is", "this"])
    result = desk.land("paypal", text(lines), NAME)
    assert [(line, code) for line, _, _, code in desk.quarantine(result)] == [
        (4, "FIELD_COUNT"),
        (5, "LINE_UNKNOWN"),
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([["SH", "", ""], ["SB", "1"]], "REPORT_ORDER"),
        ([["CH", "Transaction ID", "Item"], ["SB", "1", "x"]], "HEADER_MISSING"),
        ([["CH", *STL, "TransactionID"], ["SB", *[""] * 22]], "HEADER_DUPLICATE"),
        ([["CH", "Subscription ID", "Period"], ["SB", "1", "1 M"]], "REPORT_WITHOUT_MONEY"),
        ([["RH", "2026/10/06 02:05:05 -0700", "A", "X", "009"], ["FH", "01"]], "FILE_TYPE"),
        ([*section([row()])[:3], ["SF", "USD", "a lot", "0", "0", "0"]], "TRAILER_INVALID"),
    ],
)  # fmt: skip
def test_whole_files_that_are_rejected(desk: Desk, lines: list[list[str]], code: str) -> None:
    result = desk.land("paypal", text(lines), "report.csv")
    assert (result.state, result.code) == ("rejected", code)


def test_an_agreement_report_says_that_it_holds_no_money(desk: Desk) -> None:
    lines = section([row()], columns=["Subscription ID"])
    result = desk.land("paypal", text(lines), "SAR-20261005.01.008.CSV")
    assert (result.state, result.code) == ("rejected", "REPORT_WITHOUT_MONEY")
    assert "(STL)" in (result.message or "")


def test_payers_land_as_a_keyed_hash_or_not_at_all(desk: Desk) -> None:
    rows = [row(1, status="S", payer="kay@kiln.example", first="Kay")]
    result = desk.land("paypal", whole(*rows, columns=TRR), "TRR-20261005.01.012.CSV")
    (landed,) = desk.raw(result, RAW)
    assert "kay" not in str(landed).lower()


@pytest.mark.parametrize("column", ["First Name", "Something New", "Custom Field"])
def test_a_card_number_is_found_in_every_column(desk: Desk, column: str) -> None:
    columns = [*dict.fromkeys([*STL, column])]
    lines = section([{**row(1), column: "4000 0566 5566 5556"}], columns=columns)
    result = desk.land("paypal", text(lines), NAME)
    assert (result.state, result.code) == ("rejected", "PAN_FOUND")


def test_only_paypals_first_lines_are_known() -> None:
    assert knows_paypal(b'"RH",2026')
    assert knows_paypal(b"\xef\xbb\xbfCH\tTransaction ID")
    assert knows_paypal("SH,x".encode("utf-16"))
    assert not knows_paypal(b"CHARGE,1")
    assert not knows_paypal(b'{"object": "SH"}')


def test_a_zero_byte_is_refused_by_its_line(desk: Desk) -> None:
    lines = [*section([])[:2], *body([row(1), row(2, custom="a\0b")])]
    result = desk.land("paypal", text(lines), NAME)
    assert [(line, code) for line, _, _, code in desk.quarantine(result)] == [(4, "NUL_BYTE")]

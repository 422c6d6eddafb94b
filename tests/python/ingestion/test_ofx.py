"""OFX as SGML and XML: values without ends, amounts and days as written, no document types."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from ofxparse import OfxParser

from ingestion.formats.ofx_elements import tree
from tests.python.ingestion.conftest import Desk

HEADER = "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"
ENTRY = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261002<TRNAMT>{amount}<FITID>F1<NAME>N<MEMO>M</STMTTRN>"


def sgml(*entries: str, account: str = "<ACCTID>A1", currency: str = "<CURDEF>USD") -> bytes:
    """A download of one account."""
    return (
        f"{HEADER}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        "<DTSERVER>20261003120000</SONRS></SIGNONMSGSRSV1>"
        f"<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>"
        f"{currency}<BANKACCTFROM><BANKID>1{account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>"
        f"<DTSTART>20261001<DTEND>20261003{''.join(entries)}</BANKTRANLIST><LEDGERBAL>"
        "<BALAMT>-7.5<DTASOF>20261003</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode("cp1252")


def xml(content: bytes) -> bytes:
    """The same download with every value closed, as version 2 has it."""
    names = ("DTSERVER", "TRNUID", "CODE", "SEVERITY", "CURDEF", "BANKID", "ACCTID", "ACCTTYPE",
             "DTSTART", "DTEND", "TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "NAME", "MEMO", "BALAMT",
             "DTASOF")  # fmt: skip
    text = content.decode("cp1252").removeprefix(HEADER)
    parts = text.split("<")
    closed = "<".join(
        f"{part}</{part.partition('>')[0]}>" if part.partition(">")[0] in names else part
        for part in parts
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<?OFX VERSION="211"?>\n{closed}'.encode()


@pytest.mark.parametrize("form", [lambda content: content, xml], ids=["SGML", "XML"])
def test_both_forms_say_the_same(desk: Desk, form: object) -> None:
    assert callable(form)
    result = desk.land("bank", form(sgml(ENTRY.format(amount="-12.30"))), "a.ofx")
    (row,) = desk.raw(result, "bank_entries")
    names = (
        "account", "amount", "credit_debit", "booking_date", "servicer_reference",
        "counterparty_name", "remittance", "proprietary_code",
    )  # fmt: skip
    assert [row[n] for n in names] == [
        "A1", "12.30", "DBIT", "2026-10-02", "F1", "N", "M", "DEBIT",
    ]  # fmt: skip
    (balance,) = desk.raw(result, "bank_balances")
    assert (balance["amount"], balance["credit_debit"]) == ("7.5", "DBIT")


@pytest.mark.parametrize(
    ("written", "landed"),
    [("5", "5"), ("+5.25", "5.25"), ("-5,25", "5.25"), (".5", "0.5"), ("-1200.00", "1200.00")],
)
def test_amounts_as_they_are_written(desk: Desk, written: str, landed: str) -> None:
    content = sgml(ENTRY.format(amount=written))
    (row,) = desk.raw(desk.land("bank", content, "a.ofx"), "bank_entries")
    assert (row["amount"], row["credit_debit"] == "DBIT") == (landed, written[0] == "-")
    read = OfxParser.parse(io.BytesIO(content)).account.statement.transactions[0].amount
    assert abs(read) == Decimal(landed)


@pytest.mark.parametrize("written", ["1,234", "1,234.56", "1.234,56", "5 USD", "null", "", "1e3"])
def test_an_amount_that_must_be_guessed_holds_the_file(desk: Desk, written: str) -> None:
    """The control: another reader guesses, and takes 1,234 for one and a bit."""
    result = desk.land("bank", sgml(ENTRY.format(amount=written)), "a.ofx")
    assert (result.state, result.code) == ("held", "ROWS_REFUSED")
    if written == "1,234":
        content = io.BytesIO(sgml(ENTRY.format(amount=written)))
        guessed = OfxParser.parse(content).account.statement.transactions[0].amount
        assert guessed == Decimal("1.234")


@pytest.mark.parametrize(
    "written", ["20261002", "20261002233000[-8:PST]", "20261002000500.000[+14:X]"]
)
def test_the_day_is_the_banks_own(desk: Desk, written: str) -> None:
    entry = ENTRY.format(amount="5").replace("<DTPOSTED>20261002", f"<DTPOSTED>{written}")
    (row,) = desk.raw(desk.land("bank", sgml(entry), "a.ofx"), "bank_entries")
    assert row["booking_date"] == "2026-10-02"


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        (b"<!DOCTYPE OFX [<!ENTITY e 'x'>]>" + sgml(), "rejected", "XML_FORBIDDEN"),
        (sgml(ENTRY.format(amount="5"))[:-40], "rejected", "OFX_INVALID"),
        (sgml("</STMTTRN>"), "rejected", "OFX_INVALID"),
        (b"OFXHEADER:100\n\nnothing", "rejected", "OFX_INVALID"),
        (b"<OFX>" + b"<A>" * 80 + b"</A>" * 80 + b"</OFX>", "rejected", "OFX_INVALID"),
        (b"<OFX><SONRS></SONRS></OFX>", "rejected", "OFX_NO_STATEMENT"),
        (sgml().replace(b"STMTRS>", b"INVSTMTRS>"), "rejected", "OFX_NO_STATEMENT"),
        (sgml(ENTRY.format(amount="5"), account=""), "held", "ROWS_REFUSED"),
        (sgml(ENTRY.format(amount="5"), currency=""), "held", "ROWS_REFUSED"),
        (
            sgml(ENTRY.format(amount="5").replace("<NAME>", "<CORRECTFITID>F0<NAME>")),
            "held",
            "OFX_CORRECTION",
        ),
    ],
)
def test_refused_and_held(desk: Desk, content: bytes, state: str, code: str) -> None:
    result = desk.land("bank", content, "a.ofx")
    assert (result.state, result.code) == (state, code)


def test_pending_entries_and_comments(desk: Desk) -> None:
    pending = ENTRY.format(amount="5").replace("STMTTRN", "STMTTRNP")
    content = sgml(ENTRY.format(amount="1"), pending, "<!-- <STMTTRN> -->")
    rows = desk.raw(desk.land("bank", content, "a.ofx"), "bank_entries")
    assert [row["status"] for row in rows] == ["BOOK", "PDNG"]


def test_an_empty_value_without_an_end_swallows_nothing() -> None:
    root = tree("<OFX><A><MEMO>\n<FITID>1\n<NAME>x &amp; y</A><B><MEMO></MEMO><C>2</C></B></OFX>")
    assert [e.text("FITID", "C") for e in root.children] == ["1", "2"]
    assert root.children[0].text("NAME") == "x & y"


def test_qif_is_refused_with_what_to_ask_for(desk: Desk) -> None:
    result = desk.land("bank", b"!Type:Bank\nD8/12/13\nT-1,000.00\n^\n", "a.qif")
    assert (result.state, result.code) == ("rejected", "FILE_TYPE")
    assert "OFX" in str(result.message)

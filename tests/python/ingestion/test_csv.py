"""Bytes and structure of delimited files (B1–B8, C1–C16), on both readers."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from ingestion.catalogue import source_spec
from ingestion.faults import FileFault
from ingestion.formats import delimited
from ingestion.formats.delimited import parse_delimited
from ingestion.formats.delimited_fast import read_fast
from ingestion.formats.parsed import Scratch, Work, scratch_database
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import (
    BOOK_HEADER,
    BOOK_LINE,
    PAYOUT,
    STRIPE,
    book_lines,
    books,
    table,
)

GOOD = book_lines(BOOK_LINE)
TABLE = "internal_transactions"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(codecs.BOM_UTF8 + GOOD, id="B1 mark"),
        pytest.param(GOOD.decode().encode("utf-16"), id="B2 UTF-16 LE"),
        pytest.param(codecs.BOM_UTF16_BE + GOOD.decode().encode("utf-16-be"), id="B2 UTF-16 BE"),
        pytest.param(GOOD.replace(b"\n", b"\r"), id="B6 CR only"),
        pytest.param(GOOD.replace(b"\n", b"\r\n"), id="B6 CRLF"),
        pytest.param(GOOD.replace(b"\n", b"\r\n", 1), id="B6 mixed"),
        pytest.param(BOOK_HEADER.encode() + b"\n\n" + BOOK_LINE.encode() + b"\n\n", id="C14"),
    ],
)
def test_harmless_bytes_give_the_same_row(desk: Desk, content: bytes) -> None:
    result = desk.land("internal", content)
    assert (result.state, result.landed_rows, result.quarantined_rows) == ("landed", 1, 0)
    (row,) = desk.raw(result, TABLE)
    assert [row[name] for name in BOOK_HEADER.split(",")] == BOOK_LINE.split(",")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        pytest.param(
            GOOD.decode().encode("utf-16-le"), "ENCODING_MISMATCH", "mark", id="B2 no mark"
        ),
        pytest.param(
            codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00", "ENCODING_INVALID", "UTF-16", id="B2 broken"
        ),
        pytest.param(
            book_lines(BOOK_LINE, "é,x").replace("é".encode(), b"\xe9"),
            "ENCODING_INVALID",
            f":3:1 ENCODING_INVALID byte {len(GOOD)} (0xe9)",
            id="B3 latin-1",
        ),
        pytest.param(
            GOOD.replace(b"fee", b"amount", 1), "HEADER_DUPLICATE", "columns 3, 9", id="C1"
        ),
        pytest.param(
            GOOD.replace(b"amount", b"Amount", 1),
            "HEADER_MISSING",
            'lacks amount; nearest to "amount" is "Amount"',
            id="C2 C5",
        ),
        pytest.param(BOOK_LINE.encode() + b"\n", "HEADER_MISSING", "lacks transaction_id", id="C6"),
        pytest.param(
            GOOD.replace(b",", b";"), "HEADER_MISSING", "delimiter looks like ';'", id="C10"
        ),
        pytest.param(
            GOOD.replace(b",", b"\t"), "HEADER_MISSING", "delimiter looks like a tab", id="C10 tab"
        ),
        pytest.param(b"# made today\n" + GOOD, "HEADER_MISSING", "Found: # made today", id="C13"),
        pytest.param(
            book_lines(BOOK_LINE, BOOK_LINE.replace("M1", '"M1'), BOOK_LINE),
            "CSV_QUOTE",
            ":3 CSV_QUOTE",
            id="C8 unclosed",
        ),
        pytest.param(
            book_lines(BOOK_LINE.replace("M1", '"M1'), *[BOOK_LINE] * 3, '"T3"'),
            "CSV_QUOTE",
            ":2 CSV_QUOTE",
            id="C8 closed by a later quote",
        ),
        pytest.param(b'"' + GOOD, "CSV_QUOTE", "header", id="C8 in the header"),
    ],
)
def test_whole_file_is_refused(desk: Desk, content: bytes, code: str, words: str) -> None:
    result = desk.land("internal", content)
    assert (result.state, result.code) == ("rejected", code)
    assert words in str(result.message)
    assert desk.raw(result, TABLE) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param(BOOK_LINE.replace("M1", "M\0"), "NUL_BYTE", id="B4"),
        pytest.param("\x1a", "FIELD_COUNT", id="B7 end of file mark"),
        pytest.param("\\.", "FIELD_COUNT", id="B8 copy terminator"),
        pytest.param("T3,stripe", "FIELD_COUNT", id="C7 short"),
        pytest.param(BOOK_LINE + ",more", "FIELD_COUNT", id="C7 long"),
        pytest.param(BOOK_LINE.replace("M1", 'M"1'), "CSV_QUOTE", id="C9 inside"),
        pytest.param(BOOK_LINE.replace("M1", ' "M1"'), "CSV_QUOTE", id="C9 after a blank"),
        pytest.param(BOOK_LINE.replace("M1", '"M"1'), "CSV_QUOTE", id="C9 half quoted"),
        pytest.param(BOOK_LINE.replace("10.00", "10,00"), "FIELD_COUNT", id="C11 decimal comma"),
        pytest.param("TOTAL,1,10.00", "FIELD_COUNT", id="C12 footer"),
    ],
)
def test_one_line_is_refused_and_named(desk: Desk, line: str, code: str) -> None:
    result = desk.land("internal", book_lines(BOOK_LINE, line, BOOK_LINE))
    assert (result.state, result.landed_rows) == ("landed", 2)
    assert [(place, found) for place, _, _, found in desk.quarantine(result)] == [(3, code)]
    assert "file.csv:3" in result.faults[0].describe("file.csv")


def test_b5_embedded_newline_is_one_record_at_its_first_line(desk: Desk) -> None:
    line = BOOK_LINE.replace("M1", '"M\n1"')
    result = desk.land("internal", book_lines(line, BOOK_LINE, BOOK_LINE.replace("10.00", "x")))
    assert [row["_source_line"] for row in desk.raw(result, TABLE)] == [2, 4]
    assert desk.raw(result, TABLE)[0]["merchant_id"] == "M\n1"
    assert desk.quarantine(result) == [(5, 3, "amount", "AMOUNT_NOT_DECIMAL")]


def test_c3_c4_columns_in_any_order_and_unknown_ones_kept(desk: Desk) -> None:
    mixed = {"colour": 'a "red" one', **dict(reversed(STRIPE.items())), "customer_email": "a@b.c"}
    result = desk.land("stripe", table(mixed))
    (row,) = desk.raw(result, "stripe_balance_changes")
    assert (row["balance_transaction_id"], row["net"]) == ("txn_1", "9.70")
    assert row["_extra"] == '{"colour":"a \\"red\\" one"}'


def test_header_decides_the_stripe_record(desk: Desk) -> None:
    result = desk.land("stripe", table(PAYOUT))
    assert len(desk.raw(result, "stripe_payouts")) == 1
    assert desk.raw(result, "stripe_balance_changes") == []


def test_first_filled_alias_wins_and_the_others_are_kept(desk: Desk) -> None:
    rows = [
        {**STRIPE, "payment_metadata[reference]": "second", "order_id": "third"},
        {**STRIPE, "balance_transaction_id": "txn_2", "order_id": "only"},
    ]
    result = desk.land("stripe", table(*rows))
    found = desk.raw(result, "stripe_balance_changes")
    assert [row["merchant_reference"] for row in found] == ["second", "only"]
    assert found[0]["_extra"] == '{"order_id":"third"}'


def test_c15_a_type_that_changes_late_changes_nothing(desk: Desk) -> None:
    rows = [{"merchant_id": "007"}] * 3_000 + [{"merchant_id": "M-7"}]
    result = desk.land("internal", books(*rows))
    found = desk.raw(result, TABLE)
    assert (result.landed_rows, found[0]["merchant_id"], found[-1]["merchant_id"]) == (
        3_001, "007", "M-7",
    )  # fmt: skip


@pytest.mark.parametrize("quoted", [False, True])
def test_c16_repeated_header_is_held_and_never_data(fresh_desk: Desk, quoted: bool) -> None:
    header = BOOK_HEADER.replace("fee", '"fee"') if quoted else BOOK_HEADER
    result = fresh_desk.land("internal", book_lines(BOOK_LINE, header, BOOK_LINE))
    assert (result.state, result.code) == ("held", "REPEATED_HEADER")
    assert "line 3" in str(result.message)


CASES = {
    "plain": GOOD,
    "quoted": book_lines('"T1","stripe","10.00","EUR","settled","M ""1""","2026-10-01","","0"'),
    "crlf": book_lines(BOOK_LINE, ending="\r\n"),
    "trailer": book_lines(BOOK_LINE, "TRAILER,1,EUR=10.00"),
    "trailer crlf": book_lines(BOOK_LINE, "TRAILER,1,10.00", ending="\r\n"),
    "trailer without end": book_lines(BOOK_LINE, "TRAILER,1")[:-1],
    "trailer in the middle": book_lines("TRAILER,1", BOOK_LINE),
    "two trailers": book_lines(BOOK_LINE, "TRAILER,1", "TRAILER,1"),
    "empty": book_lines(),
    "empty trailer": book_lines("TRAILER,0"),
    "no end": GOOD[:-1],
    "blank line": book_lines(BOOK_LINE, "", BOOK_LINE),
    "space before quote": book_lines(BOOK_LINE.replace("M1", ' "M1"')),
    "quote inside": book_lines(BOOK_LINE.replace("M1", 'M"1')),
    "over two lines": book_lines(BOOK_LINE.replace("M1", '"M\n1"')),
    "short and blank": book_lines("T1", "", BOOK_LINE),
    "unit separator": book_lines(BOOK_LINE.replace("M1", "M\x1f1")),
    "null words": book_lines(BOOK_LINE.replace("M1", "null").replace("R1", "NA")),
    "padded": book_lines(BOOK_LINE.replace("M1", "  M1 ").replace("R1", "\tR1")),
    "odd ends": book_lines(BOOK_LINE.replace("M1", "M\x851").replace("R1", "R\u20281\x0b\x0c")),
}


@pytest.mark.parametrize("name", CASES)
def test_both_readers_give_the_same(tmp_path: Path, name: str) -> None:
    answers = [read(tmp_path, CASES[name], fast) for fast in (True, False)]
    assert answers[0] == answers[1]


def read(folder: Path, content: bytes, fast: bool, scratch: Scratch | None = None) -> object:
    """Everything a reader says of some bytes, or its fault."""
    if scratch is None:
        with scratch_database(folder) as own:
            return read(folder, content, fast, own)
    path = folder / "bytes"
    path.write_bytes(content)
    try:
        parsed = parse_delimited(Work(path, folder), source_spec("internal"), scratch, fast)
    except FileFault as fault:
        return fault.code, fault.line, fault.column
    (found,) = parsed.tables
    rows = scratch.all(f"select * from {found.table} order by _source_line")
    scratch.connection.execute(f"drop table {found.table}")
    parts = (parsed.faults, parsed.suspicions, parsed.totals, parsed.ends_cleanly)
    return rows, found.headers, parts


@pytest.mark.parametrize("name", ["plain", "quoted", "crlf", "trailer", "trailer crlf", "padded"])
def test_plain_files_do_take_the_fast_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    answered = []

    def spy(*words: object) -> object:
        answered.append(read_fast(*words))  # type: ignore[arg-type]
        return answered[-1]

    monkeypatch.setattr(delimited, "read_fast", spy)
    read(tmp_path, CASES[name], fast=True)
    assert answered
    assert answered[0] is not None


def test_the_fast_reader_alone_would_lose_a_line(tmp_path: Path) -> None:
    """The control: DuckDB itself drops a blank before a quote and skips blank lines silently."""
    path = tmp_path / "bytes"
    path.write_bytes(b'a,b\n1, "x"\n\n2,y\n')
    with scratch_database(tmp_path) as scratch:
        rows = scratch.all(
            "select * from read_csv(?, skip = 1, header = false, auto_detect = false,"
            " columns = {'a': 'varchar', 'b': 'varchar'}, strict_mode = true)",
            [str(path)],
        )
    assert rows == [("1", "x"), ("2", "y")]

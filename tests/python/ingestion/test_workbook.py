"""Workbooks (G1–G10) and Parquet: exact text from cells, nothing lost without a word."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.formats.workbook import number_text
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import (
    BOOKS,
    CASH_HEADER,
    CUSTOMERS,
    EARNED,
    SALES,
    cash,
    saved,
    workbook,
)

RAW = "thrive_cash_transactions"


def rezipped(content: bytes, part: str, change: Any) -> bytes:
    """The workbook with one part of its zip changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_g1_wrong_dimension_reads_every_row(desk: Desk) -> None:
    rows = [(n, *EARNED[1:]) for n in range(1, 101)]
    lying = rezipped(
        cash(*rows),
        SHEET,
        lambda x: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B3"', x),
    )
    result = desk.land("thrive_cash", lying, "cash.xlsx")
    assert len(desk.raw(result, RAW)) == 100


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        pytest.param({"xl/workbook.xml": b"0" * 300_000_000}, "more than", id="G2 bomb"),
        pytest.param({"xl/workbook.xml": b"0" * 5_000_000}, "100 to 1", id="G2 ratio"),
        pytest.param({f"x{n}": b"" for n in range(1001)}, "many members", id="G2 members"),
        pytest.param({"../x": b"1"}, "outside", id="A14 path"),
    ],
)
def test_g2_a14_refused_from_the_directory(
    desk: Desk, members: dict[str, bytes], reason: str
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    for source, name in (("thrive_cash", "cash.xlsx"), ("bank", "statement.zip")):
        result = desk.land(source, out.getvalue(), name)
        assert (result.state, result.code) == ("rejected", "FILE_ARCHIVE_UNSAFE")
        assert reason in str(result.message)


def test_g3_g4_cells_without_a_usable_value(desk: Desk) -> None:
    def row(key: int, amount: Any) -> tuple[Any, ...]:
        return (key, *EARNED[1:6], amount, "Refund")

    rows = [row(1, "=1+1"), row(2, "#N/A"), row(3, True), row(4, 1)]
    result = desk.land("thrive_cash", cash(*rows), "cash.xlsx")
    assert desk.quarantine(result) == [
        (2, 7, "AMOUNT", "CELL_NO_VALUE"),
        (3, 7, "AMOUNT", "CELL_ERROR"),
        (4, 7, "AMOUNT", "CELL_ERROR"),
    ]


def test_g5_g6_ids_as_numbers_and_as_text(desk: Desk) -> None:
    keys = [1234567890123456789, "1234567890123456789", 12345.0, "00123", 123456789012345, "1E5"]
    result = desk.land("thrive_cash", cash(*[(key, *EARNED[1:]) for key in keys]), "cash.xlsx")
    assert desk.quarantine(result) == [(2, 1, "TRANS_ID", "ID_PRECISION_LOST")]
    assert [row["trans_id"] for row in desk.raw(result, RAW)] == [
        "1234567890123456789", "12345", "00123", "123456789012345", "1E5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("16.07", "16.07"),
        ("16.070000000000001", "16.07"),
        ("-16.069999999999997", "-16.07"),
        ("0.30000000000000004", "0.3"),
        ("123456789.12", "123456789.12"),
        ("1.2011454E7", "12011454"),
        ("12345.0", "12345"),
        ("1e-07", "0.0000001"),
        ("0", "0"),
        ("-0.0", "0"),
    ],
)
def test_numbers_keep_the_digits_excel_shows(stored: str, text: str) -> None:
    assert number_text(stored) == text


def test_numbers_of_a_sheet_do_not_pass_through_a_float(desk: Desk) -> None:
    stored = [123456789.12, 0.1 + 0.2, 16.07]
    result = desk.land(
        "thrive_cash",
        cash(*[(n, *EARNED[1:6], amount, "x") for n, amount in enumerate(stored, 1)]),
        "cash.xlsx",
    )
    assert [row["amount"] for row in desk.raw(result, RAW)] == ["123456789.12", "0.3", "16.07"]


def test_g7_hidden_rows_count_blank_ones_do_not(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(cash(EARNED, [None] * 8, (2, *EARNED[1:]))))
    book["TC_Data"].row_dimensions[2].hidden = True
    book.create_sheet("Notes").sheet_state = "hidden"
    result = desk.land("thrive_cash", saved(book), "cash.xlsx")
    assert [row["_source_line"] for row in desk.raw(result, RAW)] == [2, 4]


def test_g8_missing_sheet_lists_those_there_are(desk: Desk) -> None:
    content = workbook(TC_Data=[CASH_HEADER, EARNED], Verkauf=SALES, Customers=CUSTOMERS)
    result = desk.land("thrive_cash", content, "cash.xlsx")
    assert (result.state, result.code) == ("rejected", "SHEET_MISSING")
    assert "no sheet Sales; the workbook has TC_Data, Verkauf, Customers" in str(result.message)


@pytest.mark.parametrize("is_1904", [False, True])
def test_g9_dates_as_dates_as_text_and_as_bare_serials(desk: Desk, is_1904: bool) -> None:
    book = openpyxl.load_workbook(io.BytesIO(cash(EARNED)))
    if is_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book["TC_Data"]
    days = 45980 - (1462 if is_1904 else 0)
    for key, moment in enumerate((dt.datetime(2025, 11, 19, 12), "2025-11-19", days + 0.5), 2):
        sheet.append((key, "earned", moment, None, 7, None, 1, "x"))
    result = desk.land("thrive_cash", saved(book), "cash.xlsx")
    assert [row["createdat"] for row in desk.raw(result, RAW)][1:] == [
        "2025-11-19 12:00:00", "2025-11-19", "2025-11-19 12:00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0 old excel",
        b"a,b\n1,2\n",
        b"PK\x03\x04 broken",
        b"PK\x05\x06" + b"\0" * 18,
    ],
)
def test_g10_other_files_named_xlsx(desk: Desk, content: bytes) -> None:
    result = desk.land("thrive_cash", content, "cash.xlsx")
    assert (result.state, result.code) == ("rejected", "FILE_TYPE")


def test_a_sheet_that_starts_lower_and_further_right(desk: Desk) -> None:
    rows: list[list[Any]] = [[], [], [None, None, *BOOKS]]
    rows.append([None, None, *BOOKS.values()])
    result = desk.land("internal", workbook(Sheet1=rows), "books.xlsx")
    assert (result.state, result.landed_rows) == ("landed", 1)
    (row,) = desk.raw(result, "internal_transactions")
    assert (row["transaction_id"], row["_source_line"]) == ("T1", 4)


def parquet(**columns: Any) -> bytes:
    """A Parquet file with the columns of one row of own books, some of them changed."""
    arrays = {name: [value] for name, value in BOOKS.items()} | columns
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out)
    return out.getvalue()


def test_parquet_exact_kinds_become_text(desk: Desk) -> None:
    moment = dt.datetime(2026, 10, 1, 10, 0, 0, 250_000, tzinfo=dt.UTC)
    content = parquet(
        amount=pa.array([Decimal("10.10")], pa.decimal128(12, 4)),
        transaction_date=pa.array([moment], pa.timestamp("us", tz="Europe/Berlin")),
        merchant_id=pa.array([12345], pa.int64()),
        is_new=pa.array([True]),
    )
    result = desk.land("internal", content, "books.parquet")
    (row,) = desk.raw(result, "internal_transactions")
    assert (row["amount"], row["merchant_id"], row["_extra"]) == (
        "10.1000", "12345", '{"is_new":"true"}',
    )  # fmt: skip
    assert row["transaction_date"] == "2026-10-01 10:00:00.25+00:00"


def test_parquet_floats_are_no_money(desk: Desk) -> None:
    result = desk.land("internal", parquet(amount=pa.array([10.1])), "books.parquet")
    assert (result.state, result.code) == ("rejected", "FLOAT_AMOUNT")
    zero = desk.land("internal", parquet(merchant_id=["a\0b"]), "books.parquet")
    assert (zero.state, zero.code) == ("rejected", "NUL_BYTE")
    cut = desk.land("internal", parquet()[:-20], "books.parquet")
    assert (cut.state, cut.code) == ("rejected", "FILE_TYPE")

"""The structure of delimited files (C1–C16): by name, strictly, and never by a guess."""

from __future__ import annotations

import pytest

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOK_HEADER, BOOK_LINE, book_lines

GOOD = book_lines(BOOK_LINE)
RAW = "internal_transactions"


def refused(desk: Desk, content: bytes) -> tuple[str | None, str]:
    """Code and message of a file that is refused as a whole."""
    result = desk.land("internal", content)
    assert result.state == "rejected"
    assert desk.raw(result, RAW) == []
    return result.code, str(result.message)


def lines(desk: Desk, *texts: str) -> list[tuple[int, str]]:
    """Line and code of what is refused between two good lines, which both land."""
    result = desk.land("internal", book_lines(BOOK_LINE, *texts, BOOK_LINE.replace("T1", "T9")))
    assert (result.state, result.landed_rows) == ("landed", 2)
    return [(line, code) for line, _, _, code in desk.quarantine(result)]


def test_c1_a_column_that_stands_twice(desk: Desk) -> None:
    code, message = refused(desk, GOOD.replace(b"fee", b"amount", 1))
    assert (code, "columns 3, 9" in message) == ("HEADER_DUPLICATE", True)


def test_c2_a_missing_column_is_named_with_the_nearest(desk: Desk) -> None:
    code, message = refused(desk, GOOD.replace(b"merchant_id", b"merchnt_id", 1))
    assert code == "HEADER_MISSING"
    assert 'nearest to "merchant_id" is "merchnt_id"' in message


@pytest.mark.parametrize(
    "word", ["Amount", "AMOUNT", " amount", "amount ", "amo_unt", "amount\u200b"]
)
def test_c5_another_spelling_is_another_column(desk: Desk, word: str) -> None:
    assert refused(desk, GOOD.replace(b"amount", word.encode(), 1))[0] == "HEADER_MISSING"


def test_c6_without_a_header_no_row_is_taken_for_one(desk: Desk) -> None:
    assert refused(desk, (BOOK_LINE + "\n").encode() * 3)[0] == "HEADER_MISSING"


def test_c7_short_and_long_lines(desk: Desk) -> None:
    found = lines(desk, "T2,stripe", BOOK_LINE + ",more", ",")
    assert found == [(3, "FIELD_COUNT"), (4, "FIELD_COUNT"), (5, "FIELD_COUNT")]


def test_c8_a_quote_that_never_ends_names_where_it_opened(desk: Desk) -> None:
    content = book_lines(BOOK_LINE, BOOK_LINE.replace("M1", '"M1'), BOOK_LINE, BOOK_LINE)
    code, message = refused(desk, content)
    assert (code, ":3 CSV_QUOTE" in message) == ("CSV_QUOTE", True)


@pytest.mark.parametrize("cell", ['M"1', ' "M1"', '"M"1', '"M" ', 'M""1'])
def test_c9_a_quote_inside_a_field(desk: Desk, cell: str) -> None:
    assert lines(desk, BOOK_LINE.replace("M1", cell)) == [(3, "CSV_QUOTE")]


@pytest.mark.parametrize(("mark", "name"), [(b";", "';'"), (b"\t", "a tab"), (b"|", "'|'")])
def test_c10_another_delimiter_is_hinted_at_and_not_guessed(
    desk: Desk, mark: bytes, name: str
) -> None:
    code, message = refused(desk, GOOD.replace(b",", mark))
    assert code == "HEADER_MISSING"
    assert f"delimiter looks like {name}" in message


def test_c11_a_decimal_comma_moves_no_column(desk: Desk) -> None:
    assert lines(desk, BOOK_LINE.replace("10.00", "1,50")) == [(3, "FIELD_COUNT")]


def test_c12_a_footer_counts_only_as_declared(desk: Desk) -> None:
    assert lines(desk, "TOTAL,2,20.00") == [(3, "FIELD_COUNT")]
    full = BOOK_LINE.replace("T1", "TOTAL").replace("2026-10-01 10:00:00", "")
    assert lines(desk, full) == [(3, "DATE_MISSING")]


@pytest.mark.parametrize("preamble", ["# made today", "Report of 2026-10-01", "sep=,"])
def test_c13_lines_before_the_header_are_skipped_only_by_a_rule(desk: Desk, preamble: str) -> None:
    assert refused(desk, f"{preamble}\n".encode() + GOOD)[0] == "HEADER_MISSING"


@pytest.mark.parametrize("blank", ["", "\r"])
def test_c14_blank_lines_are_no_rows_and_shift_no_line_number(desk: Desk, blank: str) -> None:
    content = f"{BOOK_HEADER}\n{BOOK_LINE}\n{blank}\n\n{BOOK_LINE.replace('10.00', 'x')}\n"
    result = desk.land("internal", content.encode())
    assert (result.landed_rows, desk.quarantine(result)) == (
        1,
        [(5, 3, "amount", "AMOUNT_NOT_DECIMAL")],
    )
    assert desk.document(result)["line_count"] == 2

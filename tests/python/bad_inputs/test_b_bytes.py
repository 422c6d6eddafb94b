"""Bytes that are not what they should be (B1–B8, B11), on both engines where it could matter."""

from __future__ import annotations

import codecs

import pytest

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOK_HEADER, BOOK_LINE, book_lines

GOOD = book_lines(BOOK_LINE)
RAW = "internal_transactions"


def codes(desk: Desk, content: bytes, name: str = "file.csv") -> tuple[str, str | None, list[str]]:
    """What became of a file and of its lines."""
    result = desk.land("internal", content, name)
    return result.state, result.code, [code for *_, code in desk.quarantine(result)]


def test_b1_a_mark_at_the_start_is_no_part_of_the_header(desk: Desk) -> None:
    result = desk.land("internal", codecs.BOM_UTF8 + GOOD)
    assert desk.raw(result, RAW)[0]["transaction_id"] == "T1"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_b2_utf_16_with_its_mark_is_read_and_without_refused(desk: Desk, encoding: str) -> None:
    text = GOOD.decode().replace("M1", "Zoë")
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    good = desk.land("internal", mark + text.encode(encoding))
    assert desk.raw(good, RAW)[0]["merchant_id"] == "Zoë"
    bare = desk.land("internal", text.encode(encoding))
    assert (bare.state, bare.code) == ("rejected", "ENCODING_MISMATCH")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_b3_another_encoding_names_byte_line_and_column(desk: Desk, encoding: str) -> None:
    result = desk.land("internal", book_lines(BOOK_LINE, "é,x").decode().encode(encoding))
    assert (result.state, result.code) == ("rejected", "ENCODING_INVALID")
    assert f":3:1 ENCODING_INVALID byte {len(GOOD)} (0xe9)" in str(result.message)


def test_b4_a_zero_byte_is_refused_before_either_engine_sees_it(engine_desk: Desk) -> None:
    line = BOOK_LINE.replace("M1", "M\0")
    assert codes(engine_desk, book_lines(line, BOOK_LINE)) == ("landed", None, ["NUL_BYTE"])


ENDS = [("\n",) * 3, ("\r",) * 3, ("\r\n", "\n", "\r"), ("\n", "\r\n", "\n")]


@pytest.mark.parametrize("ends", ENDS)
def test_b6_any_line_ends_give_the_same_rows(desk: Desk, ends: tuple[str, ...]) -> None:
    rows = [BOOK_HEADER, BOOK_LINE, BOOK_LINE.replace("T1", f"T{ends!r}".replace(",", ""))]
    content = "".join(line + end for line, end in zip(rows, ends, strict=True)).encode()
    result = desk.land("internal", content)
    assert (result.landed_rows, desk.document(result)["line_count"]) == (2, 2)


@pytest.mark.parametrize("mark", [b"\x1a", b"\x0c"])
def test_b7_an_end_of_file_mark_is_a_line_that_is_refused(desk: Desk, mark: bytes) -> None:
    state, _, found = codes(desk, GOOD + mark + b"\n")
    assert (state, found) == ("landed", ["FIELD_COUNT"])
    state, code, _ = codes(desk, GOOD + mark)
    assert (state, code) == ("held", "FILE_TRUNCATED_SUSPECT")


def test_b8_the_end_mark_of_copy_hides_no_line_after_it(engine_desk: Desk) -> None:
    result = engine_desk.land(
        "internal", book_lines(BOOK_LINE, "\\.", BOOK_LINE.replace("T1", "T2"))
    )
    assert [row["transaction_id"] for row in engine_desk.raw(result, RAW)] == ["T1", "T2"]
    assert engine_desk.quarantine(result) == [(3, None, None, "FIELD_COUNT")]
    kept = engine_desk.land("internal", book_lines(BOOK_LINE.replace("M1", "\\.")))
    assert engine_desk.raw(kept, RAW)[0]["merchant_id"] == "\\."


@pytest.mark.parametrize("half", ["\\ud800", "\\udc00", "a\\ud83d", "\\ud800\\ud800"])
def test_b11_half_a_character_is_refused_before_it_is_written(engine_desk: Desk, half: str) -> None:
    line = '{"transaction_id": "T", "merchant_id": "' + half + '"}\n'
    good = BOOK_LINE.split(",")
    pairs = ", ".join(f'"{n}": "{v}"' for n, v in zip(BOOK_HEADER.split(","), good, strict=True))
    content = ("{" + pairs + "}\n" + line).encode()
    assert codes(engine_desk, content, "b.ndjson") == ("landed", None, ["ENCODING_INVALID"])

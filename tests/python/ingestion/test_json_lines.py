"""NDJSON (B11, H8–H11): numbers by their text, one bad line does not hide the others."""

from __future__ import annotations

import json

import pytest

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOKS

LINE = json.dumps({**BOOKS, "amount": 10.5})
RAW = "internal_transactions"


def lines(*texts: str, end: str = "\n") -> bytes:
    """An NDJSON file."""
    return ("\n".join(texts) + end).encode()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param('{"transaction_id": "\\ud800"}', "ENCODING_INVALID", id="B11"),
        pytest.param('{"amount": "1", "amount": "2"}', "DUPLICATE_KEY", id="H8"),
        pytest.param('{"more": {"a": 1, "a": 2}}', "DUPLICATE_KEY", id="H8 inside"),
        pytest.param('{"amount": NaN}', "JSON_NUMBER", id="H9 NaN"),
        pytest.param('{"amount": -Infinity}', "JSON_NUMBER", id="H9 infinity"),
        pytest.param(LINE.replace("10.5", "1e999"), "AMOUNT_NOT_DECIMAL", id="H9 1e999"),
        pytest.param("{}{}", "JSON_INVALID", id="H11 two"),
        pytest.param('{"a": ', "JSON_INVALID", id="H11 cut"),
        pytest.param("[1]", "JSON_INVALID", id="no object"),
        pytest.param('{"a":' * 5_000 + "1" + "}" * 5_000, "JSON_INVALID", id="H3 deep"),
        pytest.param('{"merchant_id": "a\\u0000b"}', "NUL_BYTE", id="B4"),
        pytest.param("{}", "KEY_MISSING", id="empty object"),
        pytest.param(LINE.replace("10.5", "null"), "AMOUNT_MISSING", id="null"),
        pytest.param(LINE.replace("10.5", "true"), "AMOUNT_NOT_DECIMAL", id="true"),
    ],
)
def test_one_line_is_refused(desk: Desk, line: str, code: str) -> None:
    result = desk.land("internal", lines(LINE, "", line, LINE), "books.ndjson")
    assert (result.state, result.landed_rows) == ("landed", 2)
    assert [(place, found) for place, _, _, found in desk.quarantine(result)] == [(3, code)]


def test_h10_numbers_keep_the_text_they_were_written_with(desk: Desk) -> None:
    first = json.dumps({**BOOKS, "amount": 0}).replace('"amount": 0', '"amount": 10.10')
    huge = json.dumps(BOOKS).replace('"M1"', "1" * 5_000)
    result = desk.land("internal", b"\xef\xbb\xbf" + lines(first, huge), "books.ndjson")
    rows = desk.raw(result, RAW)
    assert (rows[0]["amount"], rows[1]["merchant_id"]) == ("10.10", "1" * 5_000)


def test_unknown_names_are_kept(desk: Desk) -> None:
    text = json.dumps({**BOOKS, "tags": ["a", 1.50], "ok": True})
    result = desk.land("internal", lines(text.replace("1.5", "1.50")), "books.ndjson")
    assert json.loads(desk.raw(result, RAW)[0]["_extra"]) == {"tags": ["a", "1.50"], "ok": True}


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        (lines(LINE, LINE[:50], end=""), "held", "FILE_TRUNCATED_SUSPECT"),
        (b"[\n" + lines(LINE + ",", "]"), "rejected", "FILE_NOT_NDJSON"),
        (b'[{"a": 1}]\n', "rejected", "FILE_NOT_NDJSON"),
        (lines('{"id": 1}'), "rejected", "HEADER_MISSING"),
    ],
)
def test_whole_files(desk: Desk, content: bytes, state: str, code: str) -> None:
    result = desk.land("internal", content, "books.ndjson")
    assert (result.state, result.code) == (state, code)

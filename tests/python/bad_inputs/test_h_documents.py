"""XML and JSON that are too deep, doubled, cut or joined (H3, H8, H9, H11), and bombs of both."""

from __future__ import annotations

import json
import resource
import time

import pytest

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOKS, camt, entry, tied

DEEP = 200_000
LINE = json.dumps(BOOKS)
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


def codes(desk: Desk, line: str) -> list[tuple[int, str]]:
    """Line and code of what is refused between two good lines of NDJSON, which both land."""
    content = f"{LINE}\n{line}\n{LINE}\n".encode()
    result = desk.land("internal", content, "books.ndjson")
    assert (result.state, result.landed_rows) == ("landed", 2)
    return [(place, code) for place, _, _, code in desk.quarantine(result)]


@pytest.mark.parametrize(
    ("source", "name", "content"),
    [
        ("bank", "a.xml", b"<a>" * DEEP + b"</a>" * DEEP),
        ("bank", "a.xml", b"<a>" * DEEP),
        ("internal", "a.ndjson", b"[" * DEEP + b"]" * DEEP),
        ("internal", "a.ndjson", b'{"a":' * DEEP + b"1" + b"}" * DEEP),
        ("stripe", "a.json", b"[" * DEEP + b"]" * DEEP),
        ("stripe", "a.json", b'{"data":' * DEEP + b"1" + b"}" * DEEP),
        ("stripe", "a.json", b'{"object": "event", "data": {"object":' * DEEP),
    ],
)
def test_h3_what_is_nested_too_deep_is_refused(
    desk: Desk, source: str, name: str, content: bytes
) -> None:
    result = desk.land(source, content, name)
    assert result.state == "rejected"
    assert result.code != "PARSER_FAILED"


def test_h3_one_deep_line_does_not_cost_the_others(desk: Desk) -> None:
    assert codes(desk, '{"a": ' + "[" * DEEP + "]" * DEEP + "}") == [(2, "JSON_INVALID")]


def test_h1_entities_that_grow_are_refused_at_once(desk: Desk) -> None:
    prolog = f'<!DOCTYPE d [<!ENTITY a0 "ha">{LAUGHS}]>'
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    result = desk.land("bank", camt(tied(entry("&a11;")), prolog=prolog), "bomb.xml")
    assert (result.state, result.code) == ("rejected", "XML_FORBIDDEN")
    assert time.monotonic() - start < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


@pytest.mark.parametrize("line", ['{"amount": "1", "amount": "2"}', '{"a": {"b": 1, "b": 1}}'])
def test_h8_a_name_that_stands_twice(desk: Desk, line: str) -> None:
    assert codes(desk, line) == [(2, "DUPLICATE_KEY")]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", "1E400"])
def test_h9_numbers_that_are_none(desk: Desk, word: str) -> None:
    line = LINE.replace('"10.00"', word)
    expected = "AMOUNT_NOT_DECIMAL" if word[0] == "1" else "JSON_NUMBER"
    assert codes(desk, line) == [(2, expected)]


def test_h10_no_digit_of_a_long_number_is_lost(desk: Desk) -> None:
    line = LINE.replace('"10.00"', "10.10").replace('"M1"', "9" * 5_000)
    result = desk.land("internal", f"{line}\n".encode(), "books.ndjson")
    (row,) = desk.raw(result, "internal_transactions")
    assert (row["amount"], row["merchant_id"]) == ("10.10", "9" * 5_000)


@pytest.mark.parametrize("line", ["{}{}", LINE + LINE, LINE[:-1], LINE + ",", "null", "[]", '"a"'])
def test_h11_lines_that_are_cut_or_joined(desk: Desk, line: str) -> None:
    assert codes(desk, line) == [(2, "JSON_INVALID")]


def test_h11_a_file_cut_in_its_last_line_is_held(desk: Desk) -> None:
    content = f"{LINE}\n{LINE[:40]}".encode()
    assert desk.land("internal", content, "cut.ndjson").code == "FILE_TRUNCATED_SUSPECT"

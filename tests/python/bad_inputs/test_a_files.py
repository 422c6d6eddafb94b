"""Files as they arrive (A1–A5, A10, A13): empty, cut, pages, late, and far too much of it."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest

from ingestion.landing.land import land_file
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOK_HEADER, BOOK_LINE, book_lines, books

TWO = book_lines(BOOK_LINE, BOOK_LINE.replace("T1", "T2"))
RAW = "internal_transactions"


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["a.csv", "a.ndjson", "a.txt"])
def test_a1_a_file_without_bytes_is_refused(desk: Desk, content: bytes, name: str) -> None:
    result = desk.land("internal", content, name)
    assert result.state == "rejected"
    assert result.code in {"FILE_EMPTY", "FILE_NOT_NDJSON"}
    assert desk.raw(result, RAW) == []


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PK\x03\x04"])
@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.xml", "a.zip"])
def test_a1_binary_kinds_without_content_are_refused(desk: Desk, content: bytes, name: str) -> None:
    source = {"xlsx": "thrive_cash", "parquet": "internal"}.get(name[2:], "bank")
    assert desk.land(source, content, name).state == "rejected"


def test_a2_a_header_alone_is_held_unless_somebody_says_zero(fresh_desk: Desk) -> None:
    assert fresh_desk.land("internal", book_lines()).code == "FILE_NO_ROWS"
    said = fresh_desk.land("internal", book_lines(), "b.csv", b'{"rows": 0}')
    assert (said.state, said.landed_rows) == ("landed", 0)
    by_trailer = fresh_desk.land("internal", book_lines("TRAILER,0"), "c.csv")
    assert (by_trailer.state, by_trailer.landed_rows) == ("landed", 0)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>503</body></html>",
        b"\n  <html>busy</html>",
        b'{"error": {"code": 401}}',
        b'[{"error": 1}]',
        b"%PDF-1.7",
        b"\x1f\x8b\x08",
        b"Service Unavailable\n",
    ],
)
def test_a3_a_page_or_an_error_saved_as_csv(desk: Desk, content: bytes) -> None:
    result = desk.land("internal", content)
    assert result.state == "rejected"
    assert desk.raw(result, RAW) == []


def test_a5_a_file_cut_anywhere_is_never_landed_as_if_it_were_whole(fresh_desk: Desk) -> None:
    """Cut at every byte: held, refused, or the cut falls on a line end and a trailer is missing."""
    whole = TWO + b"TRAILER,2,EUR=20.00\n"
    start = len(BOOK_HEADER) + 1
    for end in [*range(start, len(whole) - 1, 7), len(whole) - 3]:
        result = fresh_desk.land("internal", whole[:end], f"cut_{end}.csv")
        is_on_a_line_end = whole[end - 1 : end] == b"\n" and end > start
        expected = {"landed"} if is_on_a_line_end else {"held", "rejected"}
        assert result.state in expected, end


def test_a13_a_file_over_the_limit_is_refused_where_it_lies(
    fresh_desk: Desk, tmp_path: Path
) -> None:
    limits = fresh_desk.settings.limits
    assert limits.max_bytes == 20_000_000_000
    limits = limits.model_copy(update={"max_bytes": 2_000_000_000})  # to hash 20 takes a minute
    fresh_desk.settings = fresh_desk.settings.model_copy(update={"limits": limits})
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(TWO)
        os.truncate(file.fileno(), fresh_desk.settings.limits.max_bytes + 1)
    start = time.monotonic()
    result = land_file(fresh_desk.settings, fresh_desk.warehouse, "internal", path)
    assert (result.state, result.code) == ("rejected", "FILE_TOO_LARGE")
    assert time.monotonic() - start < 60
    kept = [p for p in fresh_desk.settings.archive.rglob("*") if p.is_file()]
    assert sum(p.stat().st_blocks for p in kept) < 10_000


@pytest.mark.parametrize("name", ["long.csv", "long.ndjson"])
def test_a13_a_line_of_100_megabytes_is_refused_in_bounded_memory(
    fresh_desk: Desk, name: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = book_lines(BOOK_LINE.replace("M1", "x" * 100_000_000))
    result = fresh_desk.land("internal", content, name)
    assert (result.state, result.code) == ("rejected", "LINE_TOO_LONG")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 1_200_000  # kilobytes; the test itself holds the line three times


def test_a13_three_million_rows_stream_in_bounded_memory(fresh_desk: Desk, tmp_path: Path) -> None:
    path, rows = tmp_path / "big.csv", 3_000_000
    with path.open("w", encoding="utf-8") as file:
        file.write(BOOK_HEADER + "\n")
        for start in range(0, rows, 100_000):
            lines = (BOOK_LINE.replace("T1", f"T{n}") for n in range(start, start + 100_000))
            file.write("\n".join(lines) + "\n")
        file.write(f"TRAILER,{rows},EUR={rows * 10}.00\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = land_file(fresh_desk.settings, fresh_desk.warehouse, "internal", path)
    assert (result.state, result.landed_rows, result.quarantined_rows) == ("landed", rows, 0)
    assert fresh_desk.count(f"raw.{RAW}") == rows
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4_000_000


def test_a10_a_late_file_lands_and_says_when_it_came(engine_desk: Desk) -> None:
    """A day long past is no reason to refuse; the register keeps the day it came on."""
    late = engine_desk.land("internal", books({"transaction_date": "2026-01-05 10:00:00"}))
    document = engine_desk.document(late)
    (row,) = engine_desk.raw(late, RAW)
    assert (late.state, document["received_at"].isoformat()) == ("landed", "2026-11-01T04:00:00")
    assert row["transaction_date"] == "2026-01-05 10:00:00"

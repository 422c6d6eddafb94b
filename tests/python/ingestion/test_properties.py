"""What must hold for any bytes: a fault with a code or rows, never a crash, never a lost line."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingestion.catalogue import source_spec
from ingestion.faults import FileFault
from ingestion.formats.camt import parse_camt
from ingestion.formats.parse import parse
from ingestion.formats.parsed import Scratch, Work
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import (
    BOOK_HEADER,
    BOOK_LINE,
    BOOKS,
    EARNED,
    balance,
    book_lines,
    books,
    camt,
    cash,
    entry,
    tied,
)
from tests.python.ingestion.test_csv import read
from tests.python.ingestion.test_workbook import parquet

FEW = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
LESS = settings(FEW, max_examples=30)

SCRATCH = Scratch(Path(tempfile.gettempdir()))  # one for all examples: opening it is the slow part
SEEDS = {
    "books.csv": ("internal", book_lines(BOOK_LINE, BOOK_LINE.replace("M1", '"M,1"'))),
    "books.ndjson": ("internal", (json.dumps(BOOKS) + "\n").encode() * 2),
    "books.parquet": ("internal", parquet()),
    "cash.xlsx": ("thrive_cash", cash(EARNED)),
    "statement.xml": ("bank", camt(tied(entry()))),
}


def outcome(source: str, name: str, content: bytes) -> str:
    """The code of a fault, or "rows"; anything else a parser raises is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bytes"
        path.write_bytes(content)
        try:
            parse(Work(path, Path(folder)), name, source_spec(source), SCRATCH)
        except FileFault as fault:
            return fault.code
    return "rows"


@pytest.mark.parametrize("name", SEEDS)
def test_an_unharmed_file_gives_rows(name: str) -> None:
    source, content = SEEDS[name]
    assert outcome(source, name, content) == "rows"


@pytest.mark.parametrize("name", SEEDS)
@LESS
@given(data=st.data())
def test_fuzzed_files_never_crash_a_parser(name: str, data: st.DataObject) -> None:
    source, seed = SEEDS[name]
    content = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 8))
        content[place : place + length] = data.draw(st.binary(max_size=8))
    assert outcome(source, name, bytes(content))


@LESS
@given(content=st.binary(max_size=200), name=st.sampled_from(list(SEEDS)))
def test_any_bytes_never_crash_a_parser(content: bytes, name: str) -> None:
    assert outcome(SEEDS[name][0], name, content)


CELL = st.text(st.sampled_from('ab1,"\n\r\t \\\x1f\x00é\u2028;TRAILER'), max_size=5)
LINE = st.one_of(
    st.just(BOOK_LINE),
    st.just(BOOK_HEADER),
    st.just("TRAILER,1"),
    st.lists(CELL, min_size=9, max_size=9).map(",".join),
    CELL,
)


@FEW
@given(lines=st.lists(LINE, max_size=6), ending=st.sampled_from(["\n", "\r\n", "\r"]))
@example(lines=[BOOK_LINE.replace("M1", '"M"')], ending="\r\n")
def test_the_fast_reader_equals_the_careful_one(lines: list[str], ending: str) -> None:
    content = book_lines(*lines, ending=ending)
    with tempfile.TemporaryDirectory() as folder:
        fast, careful = (read(Path(folder), content, is_fast, SCRATCH) for is_fast in (True, False))
    assert fast == careful


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@FEW
@given(rows=st.lists(st.tuples(*[TEXT] * 9), min_size=1, max_size=5))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(BOOKS)
    writer.writerows(rows)
    kept = [row for row in rows if row[0] != "TRAILER"]
    if len(kept) < len(rows):
        return
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), out.getvalue().encode(), True, SCRATCH)
    assert isinstance(found, tuple)
    assert [row[:-1] for row in found[0]] == rows


@settings(LESS, max_examples=5)
@given(cuts=st.lists(st.integers(1, 39), max_size=4, unique=True))
def test_any_split_of_the_rows_lands_the_same_set(fresh_desk: Desk, cuts: list[int]) -> None:
    changes = [{"transaction_id": f"S{n}", "amount": f"{n}.50"} for n in range(40)]
    whole = {(row["transaction_id"], row["amount"]) for row in changes}
    fresh_desk.warehouse.execute("delete from raw.internal_transactions")
    places = [0, *sorted(cuts), 40]
    mark = repr(places)
    for start, end in pairwise(places):
        part = [{**row, "description": mark} for row in changes[start:end]]
        assert fresh_desk.land("internal", books(*part)).state == "landed"
    rows = fresh_desk.warehouse.rows("select transaction_id, amount from raw.internal_transactions")
    assert len(rows) == 40
    assert {(row["transaction_id"], row["amount"]) for row in rows} == whole


@FEW
@given(
    amounts=st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=12), data=st.data()
)
def test_a_statement_ties_only_with_its_true_closing(
    amounts: list[Decimal], data: st.DataObject
) -> None:
    total = sum(amounts, Decimal(0))
    error = data.draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("-5")]))

    def signed(amount: Decimal) -> tuple[str, str]:
        return f"{abs(amount):f}", "DBIT" if amount < 0 else "CRDT"

    entries = [entry(*signed(a)) for a in amounts]
    content = camt(
        tied(*entries).replace(
            balance("CLBD", "110.00"), balance("CLBD", *signed(Decimal(100) + total + error))
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bytes"
        path.write_bytes(content)
        parsed = parse_camt(Work(path, Path(folder)), source_spec("bank"), SCRATCH)
    assert bool(parsed.suspicions) == (error != 0)

"""The same entries in every statement format land as the same money, days and references."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.catalogue import source_spec
from ingestion.formats.parse import parse
from ingestion.formats.parsed import Parsed, Scratch, Work, scratch_database
from tests.python.ingestion.bank_files import (
    Line,
    Part,
    bai2_file,
    camt_file,
    cut,
    days,
    mt940_file,
    ofx_file,
)

Fact = tuple[Decimal, str, str | None]
MANY = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
START = date(2026, 12, 29)  # over the turn of a year
LINES = st.lists(
    st.builds(
        Line,
        st.integers(0, 6).map(lambda n: START + timedelta(n)),
        st.sampled_from([-100_000_00, -12_34, -1, 1, 5_00, 5_00, 99, 1_000_000_00]),
        st.one_of(st.none(), st.integers(1, 10**9).map(lambda n: f"R{n}")),
        st.sampled_from(["CASH", "RENT, 12/26", "A B"]),
    ),
    min_size=1,
    max_size=12,
).map(lambda lines: sorted(lines, key=lambda line: line.day))


def facts(scratch: Scratch, parsed: Parsed) -> list[Fact]:
    """Signed amount, booking date and reference of every entry, sorted."""
    table = next(table for table in parsed.tables if table.record == "bank_entries")
    places = dict(zip(table.headers, table.columns(), strict=True))
    names = ("amount", "credit_debit", "booking_date", "servicer_reference")
    rows = scratch.all(f"select {', '.join(places[name] for name in names)} from {table.table}")
    found = [
        (Decimal(amount) * (-1 if way == "DBIT" else 1), day, reference)
        for amount, way, day, reference in rows
    ]
    return sorted(found, key=str)


def read(files: list[bytes]) -> tuple[list[Fact], list[str]]:
    """The entries of some files, and why they would be held."""
    entries: list[Fact] = []
    held: list[str] = []
    for content in files:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bytes"
            path.write_bytes(content)
            with scratch_database(Path(folder)) as scratch:
                parsed = parse(Work(path, Path(folder)), "file", source_spec("bank"), scratch)
                entries += facts(scratch, parsed)
                held += [suspicion.code for suspicion in parsed.suspicions]
                held += [t.scope for t in parsed.totals if t.is_enforced and t.declared != t.found]
    return sorted(entries, key=str), held


@MANY
@given(lines=LINES, opening=st.integers(-(10**6), 10**6), data=st.data())
def test_every_format_and_every_cut_says_the_same(
    lines: list[Line], opening: int, data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(1, len(lines)), max_size=4))
    whole, parts, by_day = (
        Part(opening, tuple(lines)),
        cut(opening, lines, places),
        days(opening, lines),
    )
    pages = [
        camt_file("A1", part, "S", (n, n == len(parts))) for n, part in enumerate(parts, start=1)
    ]
    expected = sorted(
        ((Decimal(line.cents) / 100, str(line.day), line.reference) for line in lines), key=str
    )
    wanted = [(amount.quantize(Decimal("0.01")), day, ref) for amount, day, ref in expected]
    for files in (
        [camt_file("A1", whole, "S")],
        pages,
        [mt940_file("A1", [whole])],
        [mt940_file("A1", parts)],
        [mt940_file("A1", [part], n) for n, part in enumerate(parts, start=1)],
        [bai2_file("A1", by_day)],
        [ofx_file("A1", part) for part in parts],
    ):
        entries, held = read(files)
        assert sorted(entries, key=str) == sorted(wanted, key=str)
        assert held == []


@pytest.mark.parametrize("written", [camt_file, mt940_file, bai2_file])
def test_a_lost_entry_is_noticed_in_every_format_with_balances(written: Any) -> None:
    """The control: the same file without one of its entries is held."""
    lines = [Line(START, 500), Line(START, 500), Line(START, -7)]
    whole = Part(1000, tuple(lines))
    content: bytes = written("A1", whole, "S") if written is camt_file else written("A1", [whole])
    assert read([content])[1] == []
    for entry in (
        (content[content.find(b"<Ntry>") : content.find(b"</Ntry>") + 7]),
        content[content.find(b":61:") : content.find(b":61:", content.find(b":61:") + 1)],
        content[content.find(b"16,") : content.find(b"\n", content.find(b"16,")) + 1],
    ):
        if entry[:4] in (b"<Ntr", b":61:", b"16,1"):
            assert read([content.replace(entry, b"", 1)])[1] != []
            return
    raise AssertionError("no entry was found to lose")

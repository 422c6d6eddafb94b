"""Any bytes give rows or a fault with a code, in bounded time.

The long run is tests/fuzz/run.py; what it found stands in test_found_by_fuzzing.py.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.catalogue import catalogue
from tests.fuzz.harness import Bench, Seed, manifests, seeds

FEW = settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
BENCH = Bench()
SLOW = 20.0
JUNK = [
    b"",
    b"\0",
    b"\xff\xfe",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"9" * 60,
    b"-",
    b"{",
    b"<",
    b"PK\x03\x04",
]


def seconds_of(seed: Seed, content: bytes) -> float:
    """How long one input takes; what a parser raises comes through."""
    start = time.monotonic()
    assert BENCH.outcome(seed.spec, seed.name, content, is_judged=False)
    return time.monotonic() - start


def test_there_is_a_seed_for_every_source() -> None:
    assert {seed.spec.source for seed in seeds()} >= set(catalogue())


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.title)
def test_an_unharmed_file_is_never_refused(seed: Seed) -> None:
    assert BENCH.outcome(seed.spec, seed.name, seed.content, is_judged=False) == "rows"


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.title)
@FEW
@given(data=st.data())
def test_a_changed_file_never_breaks_its_parser(seed: Seed, data: st.DataObject) -> None:
    content = bytearray(seed.content)
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from([0, 1, 2, 8, 40, 400]))
        content[place : place + length] = data.draw(
            st.one_of(st.sampled_from(JUNK), st.binary(max_size=6))
        )
    assert seconds_of(seed, bytes(content)) < SLOW


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.title)
def test_a_file_cut_anywhere_never_breaks_its_parser(seed: Seed) -> None:
    for part in (1, 4, 7):
        assert seconds_of(seed, seed.content[: len(seed.content) * part // 8]) < SLOW


@pytest.mark.parametrize("source", sorted(catalogue()))
@FEW
@given(data=st.data())
def test_another_sources_file_never_breaks_a_parser(source: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(seeds()))
    start = time.monotonic()
    assert BENCH.outcome(catalogue()[source], seed.name, seed.content, is_judged=False)
    assert time.monotonic() - start < SLOW


@pytest.mark.parametrize("file", manifests(), ids=lambda file: file.stem)
@settings(FEW, max_examples=12)
@given(data=st.data())
def test_a_changed_manifest_is_refused_or_declares_a_source(
    file: Path, data: st.DataObject
) -> None:
    table = next(seed for seed in seeds() if seed.spec.source == file.stem)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    number = data.draw(st.integers(0, len(lines) - 1))
    junk = st.sampled_from(["", "- x\n", "columns: 1\n", "  '\n", lines[0], "\t\n", "? [a]\n"])
    lines[number] = data.draw(st.one_of(junk, st.text(max_size=8)))
    content = "".join(lines).encode(errors="surrogatepass")
    assert BENCH.outcome_of_manifest(content, table.name, table.content)


@pytest.mark.parametrize("source", sorted(catalogue()))
@FEW
@given(content=st.binary(max_size=300))
def test_any_bytes_never_break_a_parser(source: str, content: bytes) -> None:
    for name in ("file.csv", "file.json"):
        assert BENCH.outcome(catalogue()[source], name, content, is_judged=False)

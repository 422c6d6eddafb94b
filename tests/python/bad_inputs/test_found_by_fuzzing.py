"""What the long fuzzing found (tests/fuzz/run.py), each as the smallest file that shows it."""

from __future__ import annotations

from tests.fuzz.harness import seeds
from tests.python.ingestion.conftest import Desk


def seed(ending: str) -> bytes:
    """A valid sample file of the source `generic`."""
    return next(
        s.content for s in seeds() if s.spec.source == "generic" and s.name.endswith(ending)
    )


def test_a_parquet_file_that_breaks_the_scratch_database_costs_only_itself(desk: Desk) -> None:
    """One byte of a length: DuckDB ends with an internal error and takes its database along."""
    content = bytearray(seed(".parquet"))
    content[589] ^= 1
    broken = desk.land("generic", bytes(content), "broken.parquet")
    assert (broken.state, broken.code) == ("rejected", "FILE_TYPE")
    assert desk.land("generic", seed(".parquet"), "good.parquet").state == "landed"

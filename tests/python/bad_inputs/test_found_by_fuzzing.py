"""What the long fuzzing found (tests/fuzz/run.py), each as the smallest file that shows it."""

from __future__ import annotations

import pytest

from ingestion.landing.land import land_all
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


@pytest.mark.parametrize("ending", ["parcel_of_1.zip", "parcel_of_2.zip"])
def test_a_zip_with_bytes_gone_from_its_middle_costs_only_itself(desk: Desk, ending: str) -> None:
    """Its directory leads before its first byte: an error of the system, and the run ended."""
    content = seed(ending)[:100] + seed(ending)[101:]
    path = desk.put("broken.zip", content)
    *_, broken = land_all(desk.settings, desk.warehouse, "generic", path)
    assert (broken.state, broken.code) == ("rejected", "FILE_ARCHIVE_UNSAFE")


def test_a_zip_whose_member_has_no_name_costs_only_itself(desk: Desk) -> None:
    """Whether it is a folder was asked of its last letter, and the run ended."""
    content = bytearray(seed("parcel_of_2.zip"))
    place = content.rindex(b"PK\x01\x02")  # the directory's last member: its name's length, cut
    name = bytes(content[place + 46 : place + 51])
    content[place + 28 : place + 30], content[place + 32 : place + 34] = b"\0\0", b"\x05\0"
    assert name == b"b.csv"  # a comment now
    path = desk.put("nameless.zip", bytes(content))
    (broken,) = land_all(desk.settings, desk.warehouse, "generic", path)
    assert (broken.state, broken.code) == ("rejected", "FILE_ARCHIVE_UNSAFE")

"""Moments as senders write them come back as far as their pattern says them; others are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingestion.formats.spelling_sql import moment, trimmed
from ingestion.spellings import Cell

DATABASE = duckdb.connect(":memory:")
MOMENTS = {
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY HH:mm": "%m/%d/%Y %H:%M",
    "YYYYMMDD": "%Y%m%d",
    "YYYY.MM.DDTHH:mm:ss": "%Y.%m.%dT%H:%M:%S",
    "DD-MMM-YY hh:mm A": "%d-%b-%y %I:%M %p",
    "epoch": "epoch",
    "epoch_ms": "epoch_ms",
}


def moment_of(text: str, *patterns: str) -> str | None:
    """The ISO text of a cell; None when it is refused."""
    read = moment(trimmed("x"), patterns)
    sql = f"select case when {read.fits} then {read.plain} end from (select ?::varchar as x)"
    (found,) = DATABASE.execute(sql, [text]).fetchall()
    return None if found[0] is None else str(found[0])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 3_500_000_000), st.sampled_from(sorted(MOMENTS)))
def test_a_moment_comes_back_as_far_as_its_pattern_says_it(seconds: int, pattern: str) -> None:
    """To 2066: from 2069 on, Python reads two digits of a year as the century before."""
    when = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds % 2_100_000_000)
    form = MOMENTS[pattern]
    factor = {"epoch": 1, "epoch_ms": 1000}.get(pattern)
    text = f"{int(when.timestamp()) * factor}" if factor else when.strftime(form)
    found = moment_of(text, pattern)
    assert found is not None
    if factor:
        assert datetime.fromisoformat(found) == when
        return
    kept = datetime.strptime(text, form).replace(tzinfo=None)
    assert datetime.fromisoformat(found) == kept


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2026-10-05", "DD/MM/YYYY"),
        ("5/10/2026", "DD/MM/YYYY"),
        ("05/10/26", "DD/MM/YYYY"),
        ("05/10/2026 10:00", "DD/MM/YYYY"),
        ("20261005x", "YYYYMMDD"),
        ("1790000000.5", "epoch"),
        ("05-Okt-2026", "DD-MMM-YYYY"),
    ],
)
def test_a_moment_in_another_spelling_is_refused(text: str, pattern: str) -> None:
    assert moment_of(text, pattern) is None


@pytest.mark.parametrize(
    "dates",
    [("DD/MM/YYYY", "MM/DD/YYYY"), ("YYYYMMDD", "DDMMYYYY"), ("D/M/YYYY", "MM/DD/YYYY")],
)
def test_two_patterns_that_one_date_fits_are_refused(dates: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="one date would fit two"):
        Cell(column="x", dates=dates)


@pytest.mark.parametrize(
    "pattern", ["DD/MM", "YYYY-MM-DD hh:mm", "YYYY-MM-DD HH", "YYYY-MM-DD week", "dd.mm.yyyy"]
)
def test_a_pattern_that_says_too_little_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        Cell(column="x", dates=(pattern,))

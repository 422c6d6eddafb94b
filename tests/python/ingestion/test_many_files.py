"""A day with very many small files: all land, in any order, and memory and handles stay bounded.

A thousand are measured by hand: python -m benchmarks.small_files.
"""

from __future__ import annotations

from benchmarks.small_files import measured
from dbt_project.settings import Settings

FILES = 120


def test_fault_f29_many_small_files_land_and_nothing_grows_with_their_number(
    duckdb_settings: Settings,
) -> None:
    found = measured(duckdb_settings, FILES)
    assert found.landed == FILES
    assert found.rows == found.sent_rows
    assert found.amount == found.sent_amount
    assert found.left_over == 0
    assert found.more_handles <= 2
    assert found.more_megabytes < 150

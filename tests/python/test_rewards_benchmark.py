"""The rewards benchmark in small: pandas' loops and the bare query give the same allocations.

Nothing is timed here, and Tieout is not built: what it gives is compared in each run.
Run alone: pytest tests/python/test_rewards_benchmark.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.rewards.loops import main as loop
from benchmarks.rewards.stages import alone_sql
from benchmarks.rewards.world import world_of

ROWS = 4_000
TYPED = """
create schema bench;
create table bench.typed as
select trans_id, customerid as customer_id, tctype = 'earned' as is_lot,
    cast(cast(amount as decimal(18, 2)) * 100 as bigint) as amount_minor,
    cast(createdat as timestamp) as created_at
from world
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with the typed rows of a small world."""
    place = tmp_path / "world.duckdb"
    with duckdb.connect(str(place)) as connection:
        world_of(connection, {"rows": ROWS, "seed": 1, "odd": 5, "from_row": 0, "to_row": ROWS})
        connection.execute(TYPED)
    return place


def allocations(file: Path, table: str) -> list[tuple[Any, ...]]:
    """A table's allocations, sorted."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(
            "select earned_trans_id, redeemed_trans_id, cast(units as bigint)"
            f" from bench.{table} order by all"
        ).fetchall()


def test_loops_and_bare_query_agree(file: Path) -> None:
    for name in ("frames", "columns"):
        assert loop(name, str(file))["allocations"] > ROWS / 4
    with duckdb.connect(str(file)) as connection:
        connection.execute(alone_sql("bare.sql"))
    assert allocations(file, "loop_frames") == allocations(file, "loop_columns")
    assert allocations(file, "bare") == allocations(file, "loop_columns")


def test_another_amount_is_another_answer(file: Path) -> None:
    """The control of the test above."""
    loop("columns", str(file))
    with duckdb.connect(str(file)) as connection:
        connection.execute("update bench.typed set amount_minor = amount_minor + 1 where is_lot")
        connection.execute(alone_sql("bare.sql"))
    assert allocations(file, "bare") != allocations(file, "loop_columns")

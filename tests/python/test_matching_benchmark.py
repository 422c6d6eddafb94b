"""The matching benchmark in small: both sides agree, and a plan that pairs all with all is seen.

Nothing is timed here.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.matching.deployment import AS_OF, deployment
from benchmarks.matching.floor import run_floor
from benchmarks.matching.plans import check, offences
from benchmarks.matching.same import agreement
from benchmarks.matching.stages import land
from benchmarks.matching.times import by_kind, nodes
from benchmarks.matching.world import write_world
from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import DuckDBWarehouse

EVENTS = 3_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    """Tieout's warehouse and the floor's file over the same few thousand events."""
    folder = tmp_path_factory.mktemp("matching")
    write_world(folder / "files", EVENTS, seed=1)
    run_floor(folder / "floor", folder / "files")
    settings = deployment(folder / "tieout")
    settings.warehouse.parent.mkdir()
    land(settings, folder / "files")
    words = {"as_of": f"{AS_OF:%Y-%m-%d %H:%M:%S}"}
    assert run_dbt(settings, ["seed"]).succeeded
    ran = run_dbt(settings, ["run", "--select", "+path:models/marts/matching"], words)
    assert ran.succeeded, ran.output
    return settings, folder / "floor" / "floor.duckdb"


def test_the_floor_and_tieout_find_the_same(built: tuple[Settings, Path]) -> None:
    settings, floor = built
    found = agreement(settings.warehouse, floor)
    assert found.differences == []
    assert {pair["pass"] for pair in found.pairs} == {1, 2, 3}
    assert sum(pair["pairs"] for pair in found.pairs) > EVENTS * 0.95
    assert sum(pair["wrong"] for pair in found.pairs) == 0
    assert found.open_items > 0


def test_a_pair_that_only_one_side_has_is_listed(
    built: tuple[Settings, Path], tmp_path: Path
) -> None:
    settings, floor = built
    other = tmp_path / "floor.duckdb"
    other.write_bytes(floor.read_bytes())
    with duckdb.connect(str(other)) as connection:
        connection.execute("update matches set told_id = 'ch_0' where books_id = 'B7'")
    found = agreement(settings.warehouse, other)
    assert not found.is_whole
    assert {row[0] for row in found.differences} == {"tieout only", "floor only"}


def test_no_model_of_the_room_pairs_all_with_all(built: tuple[Settings, Path]) -> None:
    settings, _ = built
    models, found = check(settings, many=EVENTS // 2)
    assert models > 40
    assert found == []


def test_a_planted_cross_join_is_found() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table a as select range as i from range(5000)")
        connection.execute("create table b as select range as j from range(100)")
        warehouse = DuckDBWarehouse(connection)
        crossed = "select count(*) as n from a inner join b on a.i % 7 > b.j % 5"
        (found,) = offences(warehouse, "planted", crossed, many=1000)
        assert (found.model, found.rows) == ("planted", 5000)
        assert offences(warehouse, "small", crossed, many=10_000) == []
        keyed = "select count(*) as n from a inner join b on a.i = b.j"
        assert offences(warehouse, "keyed", keyed, many=1000) == []


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("once", 1), ("again", 1), ("other", 2)):
        write_world(tmp_path / name, 500, seed)
    once, again, other = (
        sorted((tmp_path / name / "books_00.csv").read_text(encoding="utf-8").splitlines())
        for name in ("once", "again", "other")
    )
    assert once == again
    assert once != other


def test_the_table_of_times_is_read_from_dbts_results(built: tuple[Settings, Path]) -> None:
    settings, _ = built
    found = nodes(settings.target_path / "run_results.json")
    assert found[0].seconds >= found[-1].seconds
    assert by_kind(found)["model"][0] == len(found)

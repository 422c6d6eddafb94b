"""One run: the world, the room in full, a day, the room again, the same in full; what others take.

In: Wish. Out: Measured, nothing printed. Every stage is a process of its own.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.matching.deployment import deployment
from benchmarks.matching.plans import Offence, offences
from benchmarks.matching.process import Cost, cost_of, share_memory
from benchmarks.matching.times import Node, nodes
from benchmarks.rewards.stages import FIRST, LAST, MARTS, between
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.fingerprint import Fingerprint, fingerprint

ROOM = (
    "history",
    "build",
    "outputs",
    "day",
    "day_build",
    "day_outputs",
    "idle_build",
    "refresh",
)
BESIDE = ("allocation", "floor", "bare")
# As many rows, and the same sum of their prints: no two tables of a hundred million side by side.
PRINT = """
select count(*) as n, coalesce(sum(hash(earned_trans_id, redeemed_trans_id, units)), 0) as print
from {table} as moves
{of_whom} where {customer_id} not in (
    select customer_id from intermediate.int_rewards__histories_in_turns where mode = 'amount_true'
)
"""
OF_WHOM = "inner join bench.typed as typed on moves.earned_trans_id = typed.trans_id"


@dataclass(frozen=True)
class Wish:
    """What to run."""

    rows: int
    seed: int
    folder: Path
    memory: str = ""
    loops: tuple[str, ...] = ()
    stages: tuple[str, ...] = (*ROOM, *BESIDE)
    models_at_once: str = ""


@dataclass
class Measured:
    """What the stages cost, whether the answers are the same, and what the plans hold."""

    wish: Wish
    costs: dict[str, Cost] = field(default_factory=dict)
    slowest: dict[str, list[Node]] = field(default_factory=dict)
    different: dict[str, int] = field(default_factory=dict)
    offences: list[Offence] = field(default_factory=list)
    customers: int = 0
    touched: int = 0
    rows_of_touched: int = 0
    same_as_refresh: bool = False
    megabytes: float = 0
    load: tuple[float, float] = (0, 0)


def measured(wish: Wish) -> Measured:
    """Runs everything that the wish names."""
    found, before = Measured(wish), os.getloadavg()[0]
    place = wish.folder / f"rewards_{wish.rows}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    os.environ["TIEOUT_PARSED"] = str(wish.folder / "parsed")
    share_memory(wish.memory, wish.models_at_once)
    settings = deployment(place)
    _stage(found, settings, "parse")
    _room(found, settings)
    _others(found, settings)
    found.megabytes = settings.warehouse.stat().st_size / 1e6
    found.load = (before, os.getloadavg()[0])
    return found


def _room(found: Measured, settings: Settings) -> None:
    kept: dict[str, Fingerprint] = {}
    for stage in [stage for stage in ROOM if stage in found.wish.stages]:
        _stage(found, settings, stage)
        if stage not in {"history", "day"}:
            found.slowest[stage] = nodes(settings.target_path / "run_results.json")
        if stage == "day_build":
            kept = _prints(settings) if "refresh" in found.wish.stages else {}
            _count_touched(found, settings)
    found.same_as_refresh = "refresh" not in found.wish.stages or kept == _prints(settings)


def _stage(found: Measured, settings: Settings, stage: str) -> None:
    wish, name = found.wish, stage.removeprefix("day_").removeprefix("idle_")
    words = (str(settings.warehouse.parent), str(wish.rows), str(wish.seed))
    found.costs[stage] = cost_of("benchmarks.rewards.stages", name, *words)


def _others(found: Measured, settings: Settings) -> None:
    """The rest reads what the room wrote when it was made in full, so its SQL is of that run."""
    beside = [stage for stage in BESIDE if stage in found.wish.stages]
    for stage in beside:
        _stage(found, settings, stage)
    for loop in found.wish.loops:
        words = (loop, str(settings.warehouse))
        found.costs[f"loop_{loop}"] = cost_of("benchmarks.rewards.loops", *words)
    if "allocation" not in beside:
        return
    others = ["bench.bare"] if "bare" in beside else []
    others += [f"bench.loop_{loop}" for loop in found.wish.loops]
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        ours = _print(connection, "bench.allocated", "", "moves.customer_id")
        for other in others:
            theirs = _print(connection, other, OF_WHOM, "typed.customer_id")
            found.different[other] = 0 if ours == theirs else max(abs(ours[0] - theirs[0]), 1)
    with open_warehouse(settings, read_only=True) as warehouse:
        for name, sql in between(settings, FIRST, LAST):
            found.offences += offences(warehouse, name, sql, found.wish.rows // 10)


def _print(connection: Any, table: str, of_whom: str, customer_id: str) -> tuple[int, int]:
    sql = PRINT.format(table=table, of_whom=of_whom, customer_id=customer_id)
    (row,) = connection.execute(sql).fetchall()
    return int(row[0]), int(row[1])


def _prints(settings: Settings) -> dict[str, Fingerprint]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return {mart: fingerprint(warehouse, f"marts.{mart}") for mart in MARTS}


def _count_touched(found: Measured, settings: Settings) -> None:
    with open_warehouse(settings, read_only=True) as warehouse:
        (row,) = warehouse.rows(
            "select count(distinct customer_id) as customers,"
            " count(distinct touched_key) as touched, count(touched_key) as rows_of_touched"
            " from intermediate.int_rewards__events as events left join ("
            "   select distinct tenant_id, touched_key from ops.touched_keys"
            "   where touched_column = 'customer_id'"
            " ) as keys on events.tenant_id = keys.tenant_id"
            " and events.customer_id = keys.touched_key"
        )
    found.customers, found.touched = int(row["customers"]), int(row["touched"])
    found.rows_of_touched = int(row["rows_of_touched"])

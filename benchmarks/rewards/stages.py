"""The parts of a run, each in a process of its own, so that seconds, CPU and memory are its own.

    python -m benchmarks.rewards.stages STAGE FOLDER ROWS SEED

The stages: parse (dbt reads the project, and keeps what it read), history (raw rows but those of
the last day), day (those), build (the room as it has to be now), outputs (what reads it), refresh
(the room made anew), allocation (the SQL of its models from a customer's events in order to the
allocations with their ids, alone), bare (one query), floor (read, sort, write).

Prints one line of JSON at the end: what the stage itself measured.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.matching.deployment import AS_OF, deployment
from benchmarks.rewards.world import add_day, write_history
from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings

MARTS = (
    "reward_transactions",
    "reward_allocations",
    "reward_balance_history",
    "reward_current_balances",
    "reward_mode_differences",
)
ROOM = tuple(f"+{mart}" for mart in MARTS)
OUTPUTS = tuple(
    f"+path:models/marts/rewards/{folder}"
    for folder in ("books", "reports", "validation", "workbook")
)
FIRST, LAST = "int_rewards__events_in_order", "int_rewards__allocations"
TYPED = """
create schema if not exists bench;
create or replace table bench.typed as
select trans_id, customer_id, is_lot, amount_minor, created_at
from intermediate.int_rewards__events
where problem is null
"""
# The models name an event by its number; the bare query and the loops name it by its id.
NAMED = """
create or replace table bench.allocated as
select moves.customer_id, lots.trans_id as earned_trans_id, users.trans_id as redeemed_trans_id,
    moves.units
from bench.int_rewards__allocations as moves
inner join bench.int_rewards__events_in_order as lots
    on moves.tenant_id = lots.tenant_id and moves.currency = lots.currency
    and moves.customer_id = lots.customer_id and moves.lot_number = lots.event_number
inner join bench.int_rewards__events_in_order as users
    on moves.tenant_id = users.tenant_id and moves.currency = users.currency
    and moves.customer_id = users.customer_id and moves.redemption_number = users.event_number
where moves.mode = 'amount_true'
"""
FLOOR = """
create or replace table bench.floor as
select * from bench.typed
order by customer_id, created_at, case when is_lot then 0 else 1 end, length(trans_id), trans_id
"""


def build(settings: Settings, *more: str) -> dict[str, Any]:
    """Seeds and models of the room, without tests."""
    return _built(settings, *more, "--select", *ROOM)


def parse(settings: Settings) -> dict[str, Any]:
    """One seed, and with it the parse that all later calls find."""
    return _built(settings, "--select", "currencies")


def outputs(settings: Settings) -> dict[str, Any]:
    """What reads the room: orders, groups, reports, validations, the books and the workbook."""
    return _built(settings, "--select", *OUTPUTS, "--exclude", *ROOM)


def _built(settings: Settings, *more: str) -> dict[str, Any]:
    words = ["build", "--resource-type", "model", "--resource-type", "seed", *more]
    ran = run_dbt(settings, words, {"as_of": f"{AS_OF:%Y-%m-%d %H:%M:%S}"})
    if not ran.succeeded:
        raise SystemExit(ran.output)
    return {}


def allocation(settings: Settings) -> dict[str, Any]:
    """The models' own SQL, one after the other, as tables beside those that dbt made."""
    told = {}
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'; create schema if not exists bench")
        for name, sql in between(settings, FIRST, LAST):
            told[name] = _timed(connection, f"create or replace table bench.{name} as ({sql})")
        told["ids"] = _timed(connection, NAMED)
        for name in told.keys() - {"ids"}:
            connection.execute(f"drop table bench.{name}")  # a hundred million rows want the place
    return {"seconds": sum(t[0] for t in told.values()), "models": told} | {
        "cpu": sum(t[1] for t in told.values())
    }


def between(settings: Settings, first: str, last: str) -> list[tuple[str, str]]:
    """The compiled SQL of the models from one to the other, in an order in which they can run."""
    document = json.loads((settings.target_path / "manifest.json").read_text(encoding="utf-8"))
    nodes = {node["name"]: node for node in document["nodes"].values()}
    by_id = {node["unique_id"]: name for name, node in nodes.items()}
    found: list[str] = []

    def follow(name: str) -> bool:
        if name in found:
            return True
        above = nodes[name]["depends_on"].get("nodes", ())
        parents = [by_id[key] for key in above if key in by_id]
        is_below = [follow(parent) for parent in parents]
        if name == first or any(is_below):
            found.append(name)
        return name in found

    follow(last)
    folder = settings.target_path / "compiled" / "tieout"
    places = {name: folder / nodes[name]["original_file_path"] for name in found}
    return [(name, place.read_text(encoding="utf-8")) for name, place in places.items()]


def alone(settings: Settings, sql: str) -> dict[str, Any]:
    """One statement over the typed rows."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(TYPED)
        connection.execute("checkpoint")
        seconds, cpu = _timed(connection, sql)
        connection.execute("drop table if exists bench.floor")
    return {"seconds": seconds, "cpu": cpu}


def _timed(connection: Any, sql: str) -> tuple[float, float]:
    started, used = time.perf_counter(), _cpu()
    connection.execute(sql)
    return time.perf_counter() - started, _cpu() - used


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


STAGES: dict[str, Callable[[Settings], dict[str, Any]]] = {
    "parse": parse,
    "build": build,
    "outputs": outputs,
    "refresh": lambda settings: build(settings, "--full-refresh"),
    "allocation": allocation,
    "bare": lambda settings: alone(settings, alone_sql("bare.sql")),
    "floor": lambda settings: alone(settings, FLOOR),
}


def alone_sql(name: str) -> str:
    """A file of SQL beside this one."""
    return (PROJECT_ROOT / "benchmarks" / "rewards" / name).read_text(encoding="utf-8")


def main() -> None:
    """One stage."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("stage", choices=("history", "day", *STAGES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("seed", type=int)
    given = parser.parse_args()
    settings = deployment(given.folder)
    if given.stage in STAGES:
        said = STAGES[given.stage](settings)
    else:
        write = write_history if given.stage == "history" else add_day
        write(settings, given.rows, given.seed)
        said = {}
    print(json.dumps(said))  # noqa: T201


if __name__ == "__main__":
    main()

"""Pass 3 alone: a million open rows a side that no key finds.

A fixed query before and after says how busy the machine was meanwhile: how much longer it took by
the clock than its CPU seconds shared out over the cores, which is 1 on an idle machine.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import duckdb

from benchmarks.matching.deployment import deployment
from benchmarks.matching.floor import cpu
from benchmarks.matching.process import cost_of
from benchmarks.matching.run import write
from benchmarks.matching.times import nodes
from dbt_project.warehouse import open_warehouse

MOST_SECONDS = 10.0
REFERENCE = """
select count(*), sum(a.value)
from (select range as id, hash(range) % 1000 as value from range(6000000)) as a
inner join (select range * 3 as id from range(2000000)) as b on a.id = b.id
"""


def busyness() -> float:
    """How many times longer a fixed query takes than on the idle machine."""
    with duckdb.connect() as connection:
        started, used = time.perf_counter(), cpu()
        connection.execute(REFERENCE).fetchall()
        wall, busy = time.perf_counter() - started, cpu() - used
    return max(1.0, wall * (os.cpu_count() or 1) / busy)


def run(folder: Path, rows: int, seed: int) -> bool:
    """Prints the seconds of pass 3's models, as they were and at the machine's quiet speed."""
    files, place = folder / f"keyless_{rows}_{seed}", folder / "keyless"
    write(files, rows, seed, "keyless")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for stage in ("land", "keyless"):
        cost_of("benchmarks.matching.stages", stage, str(place), str(files))
    before = busyness()
    cost = cost_of("benchmarks.matching.stages", "pass_3", str(place), str(files))
    slower = (before + busyness()) / 2
    settings = deployment(place)
    found = nodes(settings.target_path / "run_results.json")
    seconds = sum(node.seconds for node in found)
    with open_warehouse(settings, read_only=True) as warehouse:
        (counts,) = warehouse.rows(
            "select (select count(*) from intermediate.int_matching__fuzzy_rows) as open_rows,"
            " (select count(*) from intermediate.int_matching__fuzzy_near) as compared,"
            " (select count(*) from intermediate.int_matching__pass_3_fuzzy) as matched"
        )
    told = {
        "seconds": round(seconds, 2),
        "at_quiet_speed": round(seconds / slower, 2),
        "times_slower_than_idle": round(slower, 2),
        "cpu_with_dbt": round(cost.cpu, 1),
        "megabytes": round(cost.megabytes),
        "models": {node.name: round(node.seconds, 2) for node in found},
        **counts,
    }
    (folder / "pass_3.json").write_text(json.dumps(told, indent=2), encoding="utf-8")
    print(json.dumps(told, indent=2))  # noqa: T201
    return seconds / slower <= MOST_SECONDS

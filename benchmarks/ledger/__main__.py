"""How long N transactions take to post and to export, beside the bare join of them and their legs.

    python -m benchmarks.ledger --rows 1000000 --folder /tmp/bench

The stages, each a process of its own: world (tables made empty, then N settled processor rows in
marts.transactions), post (the models from there to ledger_entries and account_balances), again
(the same with nothing new), bare (the join, written once), and an export for each format asked for.
Exit 1 when lines are missing.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.matching.deployment import AS_OF, deployment
from benchmarks.matching.process import NO_DEPLOYMENT, cost_of, folder_megabytes
from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery.ledger.export import TARGETS, export_ledger
from delivery.ledger.selection import Selection
from ingestion.landing.schema import ensure_schema

HERE = Path(__file__).parent
ROOM = "path:models/intermediate/ledger"
POSTED = ("ledger_entries", "account_balances")
MODELS = (*(f"+{mart},{ROOM}" for mart in POSTED), *POSTED)
COUNT = "select count(*) as n, coalesce(sum(abs(amount_minor)), 0) as total from {table}"


def _dbt(settings: Settings, *words: str) -> None:
    ran = run_dbt(settings, list(words), {"as_of": f"{AS_OF:%Y-%m-%d %H:%M:%S}"})
    if not ran.succeeded:
        raise SystemExit(ran.output)


def _counted(settings: Settings, table: str) -> dict[str, Any]:
    with open_warehouse(settings, read_only=True) as warehouse:
        [row] = warehouse.rows(f"{COUNT.format(table=table)} where amount_minor != 0")
    return {"lines": int(row["n"]), "total": int(row["total"])}


def world(settings: Settings, rows: int) -> dict[str, Any]:
    """All that the books read, empty; then the transactions."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        warehouse.execute((HERE / "document.sql").read_text())
    _dbt(settings, "seed")
    _dbt(settings, "run", "--empty", "--select", *(f"+{mart}" for mart in POSTED))
    with open_warehouse(settings) as warehouse:
        warehouse.execute((HERE / "world.sql").read_text().format(rows=rows))
    return {}


def post(settings: Settings, rows: int) -> dict[str, Any]:
    """The models from transactions to entries and balances."""
    _dbt(settings, "run", "--select", *MODELS)
    return _counted(settings, "marts.ledger_entries")


def bare(settings: Settings, rows: int) -> dict[str, Any]:
    """One join, in one statement."""
    began = time.perf_counter()
    with open_warehouse(settings) as warehouse:
        warehouse.execute("create schema if not exists bench")
        warehouse.execute((HERE / "bare.sql").read_text())
    seconds = time.perf_counter() - began
    return {**_counted(settings, "bench.legs"), "seconds": seconds}


def export(settings: Settings, target: str) -> dict[str, Any]:
    """A month for one program."""
    wanted = Selection(target=target, tenant=settings.tenant, period="2026-10")
    made = export_ledger(settings, wanted, settings.reports)
    return {
        "lines": made.manifest["lines"],
        "files": len(made.manifest["files"]),
        "megabytes": round(folder_megabytes(made.folder)),
    }


STAGES: dict[str, Callable[[Settings, int], dict[str, Any]]] = {
    "world": world,
    "post": post,
    "again": post,
    "bare": bare,
}


def main() -> int:
    """0 when every line was posted and left."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the warehouse and the files here")
    parser.add_argument("--memory", default="80%", help="DuckDB's memory_limit, such as 7GB")
    parser.add_argument("--formats", nargs="*", choices=tuple(TARGETS), default=["sap", "netsuite"])
    parser.add_argument("--stage", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("TIEOUT_")]:
        del os.environ[name]  # nobody's deployment reaches the benchmark
    os.environ["TIEOUT_CONFIG"] = str(NO_DEPLOYMENT)
    if given.stage:
        settings = deployment(given.folder, memory=given.memory)
        stage = STAGES.get(given.stage)
        said = stage(settings, given.rows) if stage else export(settings, given.stage)
        print(json.dumps(said))  # noqa: T201
        return 0
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        return _told(given.rows, folder, given.memory, given.formats)


def _told(rows: int, folder: Path, memory: str, formats: list[str]) -> int:
    costs = {}
    for stage in (*STAGES, *formats):
        words = ["--stage", stage, "--folder", str(folder), "--rows", str(rows)]
        cost = costs[stage] = cost_of("benchmarks.ledger", *words, "--memory", memory)
        print(  # noqa: T201
            f"{stage:<20} {cost.wall:8.1f} s {cost.cpu:8.1f} CPU s {cost.megabytes:8.0f} MB"
            f"  {json.dumps(cost.said)}"
        )
    least = costs["bare"].said["seconds"]
    for stage in ("post", "again", *formats):
        print(f"{stage} by the bare join: {costs[stage].wall / least:.1f}")  # noqa: T201
    lines = {costs[stage].said["lines"] for stage in ("post", "again", *formats)}
    return 0 if lines == {costs["bare"].said["lines"]} else 1


if __name__ == "__main__":
    raise SystemExit(main())

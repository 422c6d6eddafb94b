"""The diary of runs, ops.runs: who ran what, when, and how it ended.

In: an open warehouse. Out: rows of ops.runs. The table is made by ingestion.landing.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from orchestration.outcome import Exit

_RESULTS = "build_{}.json"
_STATUS = {Exit.GOOD: "succeeded", Exit.ATTENTION: "attention", Exit.FAILED: "failed"}


@dataclass(frozen=True)
class RunStart:
    """A run that began: its id, its command, the moment it speaks of, and the clock's time."""

    run_id: str
    command: str
    as_of: datetime | None
    started_at: datetime


def started(command: str, as_of: datetime | None = None, run_id: str | None = None) -> RunStart:
    """A new run. Its times are the real clock's even when the deployment's clock is pinned."""
    return RunStart(run_id or f"run_{uuid.uuid4().hex[:24]}", command, as_of, wall_clock())


def wall_clock() -> datetime:
    """The real time in UTC, without zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def open_entry(
    warehouse: Warehouse, settings: Settings, run: RunStart, is_partial: bool = False
) -> None:
    """Writes the run's first line; a run that dies shows as running with no end.

    A partial one builds some of the models: where it ends well, others may still be half built.
    """
    warehouse.execute(
        "insert into ops.runs (run_id, command, target, as_of, started_at, status, is_partial)"
        " values ($1, $2, $3, $4, $5, 'running', $6)",
        [run.run_id, run.command, settings.target, run.as_of, run.started_at, is_partial],
    )


def close_entry(
    warehouse: Warehouse, run: RunStart, exit_code: Exit, detail: Mapping[str, Any]
) -> None:
    """Writes how the run ended."""
    warehouse.execute(
        "update ops.runs set finished_at = $2, status = $3, exit_code = $4, detail = $5"
        " where run_id = $1",
        [run.run_id, wall_clock(), _STATUS[exit_code], int(exit_code), json.dumps(dict(detail))],
    )


def keep_results(settings: Settings, run: RunStart) -> None:
    """Keeps dbt's results of this build apart from target/, where the next dbt call writes."""
    settings.state.mkdir(parents=True, exist_ok=True)
    for older in settings.state.glob(_RESULTS.format("*")):
        older.unlink()
    results = settings.target_path / "run_results.json"
    if results.exists():
        shutil.copyfile(results, settings.state / _RESULTS.format(run.run_id))


def last_build(warehouse: Warehouse, settings: Settings) -> tuple[dict[str, Any], Path] | None:
    """The diary's line of the last build and its kept results, or None."""
    rows = warehouse.rows("select * from ops.runs order by started_at desc, run_id")
    for row in rows:
        results = settings.state / _RESULTS.format(row["run_id"])
        if results.exists():
            return row, results
    return None


def last_run(warehouse: Warehouse) -> dict[str, Any] | None:
    """The latest line of the diary with its detail as a dictionary, or None."""
    rows = warehouse.rows("select * from ops.runs order by started_at desc, run_id limit 1")
    if not rows:
        return None
    return {**rows[0], "detail": json.loads(rows[0]["detail"] or "{}")}

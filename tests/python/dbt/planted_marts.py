"""Tables that dbt would have built, planted by hand: what a room reads, without the rooms before.

In: Settings of an engine whose dbt project was parsed, a model's name, rows. Out: the table, with
the columns of the model's contract (or those given), and the rows in it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dbt_project.project import manifest
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.worlds import insert

Row = dict[str, Any]


def plant(
    settings: Settings,
    model: str,
    rows: Sequence[Row],
    columns: Mapping[str, str] | None = None,
) -> None:
    """Makes the model's table anew with these rows."""
    node = _nodes(settings)[f"model.tieout.{model}"]
    types = columns or {name: c["data_type"] for name, c in node["columns"].items()}
    table = f"{node['schema']}.{model}"
    with open_warehouse(settings) as warehouse:
        warehouse.execute(f"create schema if not exists {node['schema']}")
        warehouse.execute(f"drop table if exists {table} cascade")
        described = ", ".join(f"{name} {kind}" for name, kind in types.items())
        warehouse.execute(f"create table {table} ({described})")
        if rows:
            insert(warehouse, table, rows)


def _nodes(settings: Settings) -> dict[str, Any]:
    """The nodes of dbt's manifest, read once as long as it stays the same."""
    file = settings.target_path / "manifest.json"
    if not file.exists():
        manifest(settings)
    return _read(file, file.stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _read(file: Path, _written_at: int) -> dict[str, Any]:
    nodes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["nodes"]
    return nodes

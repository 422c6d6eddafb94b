"""No model of the matching room may pair rows by trying all with all, where there are many.

In: a built DuckDB warehouse and dbt's compiled SQL. Out: Offences: a model, the operator, and how
many rows it looked at. The queries are run (EXPLAIN ANALYZE): estimates of joins on many columns
are off by far. On PostgreSQL, where that would take too long, the estimates count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import Warehouse, open_warehouse

ALL_WITH_ALL = ("NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "IE_JOIN", "PIECEWISE")
MANY = 1_000_000
FEW = 16  # a list of numbers written into the query is no second table
ROOM = ("models/intermediate/matching", "models/marts/matching")


@dataclass(frozen=True)
class Offence:
    """One operator that looks at too many rows."""

    model: str
    operator: str
    rows: int


def compiled(settings: Settings) -> dict[str, str]:
    """The room's models by name, as SQL for this warehouse."""
    document = json.loads((settings.target_path / "manifest.json").read_text(encoding="utf-8"))
    found = {}
    for node in document["nodes"].values():
        file = PROJECT_ROOT / str(node["original_file_path"])
        in_room = any(str(node["original_file_path"]).startswith(folder) for folder in ROOM)
        if node["resource_type"] == "model" and in_room:
            place = settings.target_path / "compiled" / "tieout" / file.relative_to(PROJECT_ROOT)
            found[str(node["name"])] = place.read_text(encoding="utf-8")
    return found


def operators(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operator of a plan."""
    yield plan
    for child in plan.get("children", ()):
        yield from operators(child)


def looked_at(operator: dict[str, Any]) -> int:
    """How many rows came out of an operator."""
    return int(operator.get("intermediate_rows") or 0)


def offences(warehouse: Warehouse, model: str, sql: str, many: int = MANY) -> list[Offence]:
    """The operators of one query that try all with all above `many` rows."""
    (row,) = warehouse.rows(f"explain (analyze, format json) {sql}")
    text = next(value for value in row.values() if str(value).lstrip().startswith(("[", "{")))
    found = []
    for operator in (o for root in json.loads(text)["operator"] for o in operators(root)):
        sides = sorted(looked_at(child) for child in operator.get("children", ()))
        is_small = not sides or sides[0] <= FEW or sides[-1] <= many
        if str(operator["type"]).startswith(ALL_WITH_ALL) and not is_small:
            found.append(Offence(model, str(operator["type"]), sides[-1]))
    return found


def check(settings: Settings, many: int = MANY) -> tuple[int, list[Offence]]:
    """How many models were looked at, and what they do that they should not."""
    with open_warehouse(settings, read_only=True) as warehouse:
        models = compiled(settings)
        found = [o for name, sql in models.items() for o in offences(warehouse, name, sql, many)]
    return len(models), found

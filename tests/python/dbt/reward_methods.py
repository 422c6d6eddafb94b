"""The built rewards room under another method: what dbt ran, run again over other readings.

`under(built, warehouse, method)` is a block in which the room's tables are as that method makes
them; with `in_turns` every history goes in turns, with `merges` some customers are others.
Afterwards all is as before. What dbt itself
makes of the variable is one row of int_rewards__readings, and has a unit test.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import Warehouse
from tests.python.dbt.reward_builds import MARTS, Built

GIVEN = ("documents", "rows", "readings")
Merges = Mapping[str, str]
READINGS = "intermediate.int_rewards__readings"


@contextmanager
def under(
    built: Built,
    warehouse: Warehouse,
    method: str,
    in_turns: bool = False,
    merges: Merges | None = None,
) -> Iterator[None]:
    """The room as the method makes it, until the block ends."""
    warehouse.execute("begin transaction")
    if warehouse.engine == "postgres":
        warehouse.execute("set local enable_nestloop = off")  # as the macro joined_in_bulk
    try:
        _read_by(warehouse, method)
        for customer, merged_into in (merges or {}).items():
            warehouse.execute(
                "insert into seeds.reward_customer_merges (tenant_id, customer_id, merged_into)"
                f" values ('default', '{customer}', '{merged_into}')"
            )
        views = _views(warehouse)
        for result in built.run.results:
            relation = _relation(result.unique_id, result.name)
            if relation and relation not in views:
                warehouse.execute(f"delete from {relation}")
                warehouse.execute(f"insert into {relation} {result.compiled_code}")
                warehouse.execute(f"analyze {relation}")  # as after dbt: PostgreSQL plans by it
            if in_turns and result.name == "int_rewards__histories_in_turns":
                _all_in_turns(warehouse, relation)
        yield
    finally:
        warehouse.execute("rollback")


def law(built: Built, name: str, method: str = "fifo") -> str:
    """The SQL dbt ran for a law, under a method."""
    found = next(r.compiled_code for r in built.run.results if r.name.startswith(name))
    return found.replace("'fifo'", f"'{method}'")


def _read_by(warehouse: Warehouse, method: str) -> None:
    path = PROJECT_ROOT / "seeds/reward_methods.csv"
    rows = {row["method_id"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
    warehouse.execute(f"delete from {READINGS}")
    for name in sorted({method, "one_to_one"}):
        row = rows[name]
        mode = "amount_true" if row["counts"] == "money" else "one_to_one"
        values = (mode, name, row["counts"], row["lot_order"], row["expired_rows"])
        words = ", ".join(f"'{value}'" for value in values)
        warehouse.execute(f"insert into {READINGS} values ({words}, {name == method})")


def _relation(unique_id: str, name: str) -> str:
    """Where a model of the room stands; nothing of others and of what nothing here changes."""
    if unique_id.startswith("model.") and name in MARTS:
        return f"marts.{name}"
    room, _, rest = name.partition("int_rewards__")
    is_ours = unique_id.startswith("model.") and not room and rest
    return f"intermediate.{name}" if is_ours and rest not in GIVEN else ""


def _views(warehouse: Warehouse) -> set[str]:
    """What is made anew by being read."""
    rows = warehouse.rows("select table_schema, table_name from information_schema.views")
    return {f"{row['table_schema']}.{row['table_name']}" for row in rows}


def _all_in_turns(warehouse: Warehouse, relation: str) -> None:
    warehouse.execute(f"delete from {relation}")
    warehouse.execute(
        f"insert into {relation} select readings.mode, tenant_id, currency, customer_id,"
        " max(case when type = 'reversed' then 1 else 0 end) = 1"
        f" from intermediate.int_rewards__events_in_order cross join {READINGS} as readings"
        " group by readings.mode, tenant_id, currency, customer_id"
    )

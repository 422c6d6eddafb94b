"""A law is the SQL of a dbt test; its control is damage that it must see."""

from __future__ import annotations

from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse


def found_by(law: str, fault: str, settings: Settings) -> list[dict[str, Any]]:
    """The rows that the law finds with the damage done; without it there must be none.

    The damage is undone again, so that one warehouse serves every law.
    """
    with open_warehouse(settings) as warehouse:
        assert warehouse.rows(law) == []
        warehouse.execute("begin transaction")
        warehouse.execute(fault)
        found = warehouse.rows(law)
        warehouse.execute("rollback")
    return found

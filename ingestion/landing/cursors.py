"""How far each polled door has come: one row a door and stream, in ops.cursors.

In: an open warehouse. A cursor moves only inside the transaction that registers the last page of
what it stands for, so that a run killed between two pages asks for the whole interval again.
"""

from __future__ import annotations

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.landing.result import Also

WHOLE = "whole"  # the cursor of a parcel at a door: every file in it came


def cursor_of(settings: Settings, warehouse: Warehouse, door: str) -> str | None:
    """Where a door's stream stands; None before its first interval."""
    rows = warehouse.rows(
        "select cursor from ops.cursors where tenant_id = $1 and door = $2",
        [settings.tenant, door],
    )
    return str(rows[0]["cursor"]) if rows else None


def moves(settings: Settings, door: str, cursor: str) -> Also:
    """What writes a cursor, for the transaction of a landing."""

    def move(warehouse: Warehouse) -> None:
        warehouse.execute(
            "insert into ops.cursors (tenant_id, door, cursor, updated_at) values ($1, $2, $3, $4)"
            " on conflict (tenant_id, door) do update"
            " set cursor = excluded.cursor, updated_at = excluded.updated_at",
            [settings.tenant, door, cursor, settings.clock()],
        )

    return move

"""Of which run the books are, and whether they are whole: what ops.runs says.

In: an open warehouse. Out: what a manifest tells of its run. Every run of the diary builds the
marts. dbt called alone writes nothing there; that is allowed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dbt_project.warehouse import Warehouse
from delivery.ledger.book import ExportRefusedError

GOOD = ("succeeded", "attention")
_NEWEST = "select run_id from ops.runs order by started_at desc, run_id limit 1"
# A run of some models alone (tieout build --select) that ended well mends nothing that a run before
# it left half built.
_DECISIVE = (
    "select run_id, command, status, started_at from ops.runs"
    " where status not in ('succeeded', 'attention') or coalesce(not is_partial, true)"
    " order by started_at desc, run_id limit 1"
)
# An entry is of the moment its build speaks of: as_of, or where none was asked for dbt's own start,
# which lies within the run. A build that failed may have written it; then it is the first good one
# after that which stands for it. Nothing that comes later changes which run this is.
_OF_MOMENT = """
with moments as (
    select
        run_id, as_of, started_at, status,
        coalesce(as_of, started_at) as first_moment, coalesce(as_of, finished_at) as last_moment
    from ops.runs
),
writing as (
    select min(started_at) as started_at from moments where first_moment <= $1 and last_moment >= $1
)
select moments.run_id, moments.as_of, moments.started_at
from moments
cross join writing
where
    moments.status in ('succeeded', 'attention') and moments.last_moment >= $1
    and moments.started_at >= coalesce(writing.started_at, moments.started_at)
order by moments.started_at, moments.run_id limit 1
"""


def newest(warehouse: Warehouse, target: str) -> str:
    """The newest run by its id, or nothing; refuses books that one left half built or unproven."""
    if behind := left_behind(warehouse):
        raise ExportRefusedError(
            f"{target}: {behind}, so the books may be half built or unproven. Mend what tieout"
            " status names, call tieout build, export then."
        )
    rows = warehouse.rows(_NEWEST)
    return str(rows[0]["run_id"]) if rows else ""


def left_behind(warehouse: Warehouse) -> str:
    """A run that did not end well, which stands against taking figures from the marts; or ""."""
    rows = warehouse.rows(_DECISIVE)
    if not rows or rows[0]["status"] in GOOD:
        return ""
    run = rows[0]
    ended = "failed" if run["status"] == "failed" else "has not ended"
    begun = f"begun {run['started_at']:%Y-%m-%d %H:%M:%S}"
    return f"{run['run_id']} (tieout {run['command']}, {begun}) {ended}"


def of_moment(warehouse: Warehouse, moment: datetime | None) -> dict[str, str | None] | None:
    """The run that the latest entry is of; none where dbt alone built the books, or none left."""
    for run in warehouse.rows(_OF_MOMENT, [moment]) if moment else ():
        return {name: written(run[name]) for name in ("run_id", "as_of", "started_at")}
    return None


def written(value: Any) -> Any:
    """A moment as a manifest has it, to the microsecond; anything else as it is."""
    return f"{value:%Y-%m-%dT%H:%M:%S.%f}" if isinstance(value, datetime) else value

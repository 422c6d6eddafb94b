"""From doors to the warehouse: every file that waits is landed, then its door is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dbt_project.settings import Door, Settings
from dbt_project.warehouse import Warehouse
from ingestion.faults import SourceChangedError
from ingestion.landing.one_file import land_file
from ingestion.landing.result import LandingResult
from ingestion.sources.doors import fetched, settled, waiting_at
from ingestion.sources.files import Waiting


def fetch_doors(
    settings: Settings,
    warehouse: Warehouse,
    sources: Collection[str] | None = None,
    places: Collection[str] | None = None,
) -> Iterator[LandingResult]:
    """Lands what waits at the doors of some sources (None: all), or only at some places.

    A file that still changes is left for the next time. A rejected one does not stop the others.
    """
    doors = [d for d in settings.all_doors() if sources is None or d.source in sources]
    found = [(door, file) for door in doors for file in waiting_at(door)]
    chosen = [(d, f) for d, f in found if not places or f.place in places]
    for door, file in settled(chosen):
        result = _take(settings, warehouse, door, file)
        if result:
            yield result


def land_door(settings: Settings, warehouse: Warehouse, door: Door) -> Iterator[LandingResult]:
    """Lands what waits at one door."""
    for _, file in settled([(door, file) for file in waiting_at(door)]):
        result = _take(settings, warehouse, door, file)
        if result:
            yield result


def _take(
    settings: Settings, warehouse: Warehouse, door: Door, file: Waiting
) -> LandingResult | None:
    if door.kind == "s3" and _is_known(warehouse, file):
        return None
    try:
        with fetched(door, file) as local:
            result = land_file(
                settings, warehouse, door.source, local.path, file.name, file.passed_through
            )
            local.leave(result.state in ("landed", "duplicate"))
            return result
    except SourceChangedError:
        return None


def _is_known(warehouse: Warehouse, file: Waiting) -> bool:
    """Whether this version of an object came before: objects stay in their bucket."""
    rows = warehouse.rows(
        "select 1 from ops.deliveries where source = $1 and door = $2 limit 1",
        [file.source, file.passed_through],
    )
    return bool(rows)

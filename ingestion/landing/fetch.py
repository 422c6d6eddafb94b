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
from ingestion.sources.s3 import UNREACHABLE
from ingestion.webhooks.drain import drain_all


class DoorError(Exception):
    """Some doors or files could not be reached; what they hold waits for the next run."""


def fetch_doors(
    settings: Settings,
    warehouse: Warehouse,
    sources: Collection[str] | None = None,
    places: Collection[str] | None = None,
) -> Iterator[LandingResult]:
    """Lands what waits at the doors of some sources (None: all), or only at some places.

    Webhooks come first: their events lie here already.
    A file that still changes is left for the next time. A rejected one does not stop the others,
    nor does a door that cannot be reached: DoorError is raised when all others are landed.
    """
    yield from drain_all(settings, warehouse, sources, places)
    doors = [d for d in settings.all_doors() if sources is None or d.source in sources]
    yield from _land(settings, warehouse, doors, places)


def land_door(settings: Settings, warehouse: Warehouse, door: Door) -> Iterator[LandingResult]:
    """Lands what waits at one door. Raises DoorError as fetch_doors does."""
    yield from _land(settings, warehouse, [door], None)


def _land(
    settings: Settings,
    warehouse: Warehouse,
    doors: Collection[Door],
    places: Collection[str] | None,
) -> Iterator[LandingResult]:
    failures: list[str] = []
    found: list[tuple[Door, Waiting]] = []
    for door in doors:
        try:
            found += [(door, f) for f in waiting_at(door) if not places or f.place in places]
        except UNREACHABLE as error:
            failures.append(f"the {door.kind} door of {door.source}: {error}")
    for door, file in settled(found):
        try:
            result = _take(settings, warehouse, door, file)
        except UNREACHABLE as error:
            failures.append(f"{file.place}: {error}")
            continue
        if result:
            yield result
    if failures:
        raise DoorError("; ".join(failures))


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

"""From doors to the warehouse: every file that waits is landed, then its door is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dbt_project.settings import Settings
from dbt_project.settings_doors import Door
from dbt_project.warehouse import Warehouse
from ingestion.faults import SourceChangedError
from ingestion.landing.cursors import WHOLE, moves
from ingestion.landing.failpoints import reached
from ingestion.landing.parcels import land_all
from ingestion.landing.result import Also, LandingResult
from ingestion.sources.doors import is_watched, opened
from ingestion.sources.farewell import leaves, prove_archived, stored_too
from ingestion.sources.files import (
    LANDED,
    Here,
    Local,
    OpenDoor,
    TransferError,
    Waiting,
    is_whole,
)
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
    Places are those of watched doors, so the others are not even opened for them.
    """
    yield from drain_all(settings, warehouse, sources, places)
    doors = [d for d in settings.all_doors() if sources is None or d.source in sources]
    asked = [door for door in doors if not places or is_watched(door)]
    yield from _land(Here(settings, warehouse), asked, places)


def land_door(settings: Settings, warehouse: Warehouse, door: Door) -> Iterator[LandingResult]:
    """Lands what waits at one door. Raises DoorError as fetch_doors does."""
    yield from _land(Here(settings, warehouse), [door], None)


def _land(
    here: Here, doors: Collection[Door], places: Collection[str] | None
) -> Iterator[LandingResult]:
    failures: list[str] = []
    for door in doors:
        try:
            with opened(here, door) as peer:
                yield from _empty(here, door, peer, places, failures)
        except TransferError as error:
            failures.append(f"{door.title}: {error}")
    if failures:
        raise DoorError("; ".join(failures))


def _empty(
    here: Here,
    door: Door,
    peer: OpenDoor,
    places: Collection[str] | None,
    failures: list[str],
) -> Iterator[LandingResult]:
    """Lands each file that is ready; what goes wrong with one is noted, and the next is taken."""

    def is_wanted(file: Waiting) -> bool:
        return (not places or file.place in places) and not _is_done(here, door, file)

    for file in peer.ready(is_wanted):
        try:
            with peer.fetched(file) as local:
                results = list(_landed(here, door, file, local))
                try:
                    reached("before_leave")
                    prove_archived(here, door, results)
                    local.leave(_worst(results))
                    reached("after_leave")
                except TransferError as error:
                    failures.append(f"{file.place}: {error}")
            _note_parcel(here, file, results)
            yield from results
        except SourceChangedError:
            continue
        except TransferError as error:
            failures.append(f"{file.place}: {error}")


def _landed(here: Here, door: Door, file: Waiting, local: Local) -> Iterator[LandingResult]:
    """One result; of a zip with several files one for each."""
    return land_all(
        here.settings,
        here.warehouse,
        door.source,
        local.path,
        file.name,
        file.passed_through,
        within=file.within,
        also=_both(local.also, stored_too(here, door, file, local)),
    )


def _worst(results: list[LandingResult]) -> LandingResult:
    """What the door is told of a file: that of its parts which did not land, if there is one."""
    return next((result for result in results if result.state not in LANDED), results[-1])


def _both(first: Also | None, second: Also | None) -> Also | None:
    if first is None or second is None:
        return first or second

    def both(warehouse: Warehouse) -> None:
        first(warehouse)
        second(warehouse)

    return both


def _is_done(here: Here, door: Door, file: Waiting) -> bool:
    """Whether this version of a file came before and may stay: most files stay at their doors.

    One that is to leave its door and is still there is fetched again: a run was killed before it
    could tell the door, and nothing leaves a door unseen.
    """
    if "://" not in file.passed_through:
        return False
    rows = here.warehouse.rows(
        "select name, state from ops.deliveries where source = $1 and door = $2",
        [file.source, file.passed_through],
    )
    if any(row["name"] != file.name for row in rows) and not is_whole(here, file.passed_through):
        return False
    return any(not leaves(door) or row["state"] not in LANDED for row in rows)


def _note_parcel(here: Here, file: Waiting, results: list[LandingResult]) -> None:
    """Notes that every file of a parcel came; one killed in the middle is opened again."""
    if any(result.name != file.name for result in results):
        with here.warehouse.transaction():
            moves(here.settings, file.passed_through, WHOLE)(here.warehouse)

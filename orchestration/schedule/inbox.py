"""The inbox sensor: each new file of a folder or bucket starts one run, once it stopped changing.

In: the configured doors, and what the last tick saw. Out: one run request for the files that are
ready, or a reason to wait. A file is ready when two ticks in a row saw the same fingerprint; it is
asked for once, until it is gone from the door or its content changes. What a failed run left
behind, the daily run takes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from dagster import (
    DefaultSensorStatus,
    RunRequest,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from dbt_project.settings import Settings, load_settings
from ingestion.sources.doors import is_watched, place_of, waiting_at
from ingestion.sources.files import TransferError
from ingestion.webhooks.drain import fingerprints_of
from orchestration.schedule.config import WRITER_TAG
from orchestration.schedule.jobs import JOBS
from orchestration.schedule.raw import SOURCES

SECONDS_A_TICK = 30
Seen = dict[str, str]


@dataclass(frozen=True)
class Memory:
    """What the last tick saw, and what was asked for: fingerprints by `source|place`."""

    seen: Seen = field(default_factory=dict)
    asked: Seen = field(default_factory=dict)

    def text(self) -> str:
        """The cursor that Dagster keeps."""
        return json.dumps({"seen": self.seen, "asked": self.asked}, sort_keys=True)


def memory_of(cursor: str | None) -> Memory:
    """The memory in a cursor; an empty one at the first tick."""
    return Memory(**json.loads(cursor)) if cursor else Memory()


def look(memory: Memory, now: Mapping[str, str]) -> tuple[Seen, Memory]:
    """The files that are ready, and what to remember: only what is still there."""
    ready = {
        place: mark
        for place, mark in now.items()
        if memory.seen.get(place) == mark and memory.asked.get(place) != mark
    }
    asked = {**memory.asked, **ready}
    kept = {place: mark for place, mark in asked.items() if now.get(place) == mark}
    return ready, Memory(dict(now), kept)


def request_for(ready: Mapping[str, str]) -> RunRequest:
    """One run for a set of files; the same set with the same fingerprints has the same key.

    No asset selection: it would drag in every check of those assets and make dbt build a part.
    """
    files: dict[str, list[str]] = {source: [] for source in SOURCES}
    for place in sorted(ready):
        source, _, path = place.partition("|")
        files[source].append(path)
    identity = json.dumps(sorted(ready.items())).encode()
    return RunRequest(
        run_key=hashlib.sha256(identity).hexdigest(),
        run_config={
            "ops": {
                f"load_{source}": {"config": {"files": paths}} for source, paths in files.items()
            }
        },
        tags={**WRITER_TAG, "tieout/files": str(len(ready))},
    )


def fingerprints(settings: Settings, memory: Memory) -> tuple[Seen, list[str]]:
    """What waits at the watched doors now, and what is wrong with those that do not answer.

    The files of such a door count as they were, so that they are not asked for again afterwards.
    File servers, mailboxes and interfaces are asked by the timetable, not every few seconds.
    """
    now: Seen = fingerprints_of(settings)
    troubles = []
    for door in filter(is_watched, settings.all_doors()):
        try:
            for found in waiting_at(door):
                now[f"{found.source}|{found.place}"] = found.fingerprint
        except TransferError as error:
            troubles.append(f"{door.title}: {error}")
            there = f"{door.source}|{place_of(door)}"
            now |= {place: mark for place, mark in memory.seen.items() if place.startswith(there)}
    return now, troubles


@sensor(
    name="inbox",
    job=JOBS["inbox"],
    minimum_interval_seconds=SECONDS_A_TICK,
    default_status=DefaultSensorStatus.RUNNING,
)
def inbox_sensor(context: SensorEvaluationContext) -> SensorResult:
    """Runs each new file of the doors once."""
    before = memory_of(context.cursor)
    now, troubles = fingerprints(load_settings(), before)
    for trouble in troubles:
        context.log.warning("%s", trouble)
    ready, memory = look(before, now)
    if not ready:
        words = [f"{len(memory.seen)} files at the doors, none of them new and at rest", *troubles]
        return SensorResult(skip_reason=SkipReason("; ".join(words)), cursor=memory.text())
    return SensorResult(run_requests=[request_for(ready)], cursor=memory.text())

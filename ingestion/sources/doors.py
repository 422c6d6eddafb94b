"""What waits at the configured doors, whatever kind they are, and how to get at it.

In: Settings. Out: Waiting files with a fingerprint that changes when the bytes may have.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager

from dbt_project.settings import Door, Settings
from ingestion.sources.files import Local, Waiting
from ingestion.sources.folder import fetched_from_folder, is_unchanged, waiting_in_folder
from ingestion.sources.s3 import fetched_from_s3, waiting_in_s3


def waiting(settings: Settings, sources: Collection[str] | None = None) -> Iterator[Waiting]:
    """Everything that waits at the doors of some sources (None: all)."""
    for door in settings.all_doors():
        if sources is None or door.source in sources:
            yield from waiting_at(door)


def waiting_at(door: Door) -> Iterator[Waiting]:
    """Everything that waits at one door."""
    return waiting_in_s3(door) if door.kind == "s3" else waiting_in_folder(door)


def settled(found: Sequence[tuple[Door, Waiting]]) -> Iterator[tuple[Door, Waiting]]:
    """The files that have stopped changing; waits once for the young ones among them.

    An object in a bucket is whole from the start; a file in a folder may still be growing.
    """
    young = [
        door.settle_seconds - file.seconds_old
        for door, file in found
        if door.kind == "folder" and file.seconds_old is not None
    ]
    pause = max(young, default=0.0)
    if pause > 0:
        time.sleep(min(pause, max(door.settle_seconds for door, _ in found)))
    for door, file in found:
        if door.kind == "s3" or is_unchanged(file):
            yield door, file


def fetched(door: Door, file: Waiting) -> AbstractContextManager[Local]:
    """The file's bytes on this machine."""
    return fetched_from_s3(door, file) if door.kind == "s3" else fetched_from_folder(door, file)

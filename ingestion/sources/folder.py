"""The folder door: files dropped into a folder by hand, SFTP or a sync job.

A file is taken when it stopped changing. What landed moves to <folder>/../.done/<source>, what was
refused or held to <folder>/../.refused/<source>; the archive keeps the bytes in either case.
Links are never followed: they could point anywhere.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.settings_doors import FolderDoor
from ingestion.landing.archive import MANIFEST
from ingestion.landing.result import LandingResult
from ingestion.sources.files import LANDED, Here, Local, TransferError, Waiting, is_marked


@contextmanager
def open_folder(_: Here, door: FolderDoor) -> Iterator[Folder]:
    """The folder; one that is not there holds nothing."""
    yield Folder(door)


def try_folder(_: Settings, door: FolderDoor) -> str:
    """The folder's path. Raises TransferError when it cannot be read."""
    if not door.path.is_dir() or not os.access(door.path, os.R_OK):
        raise TransferError(str(door.path))
    return str(door.path)


class Folder:
    """A folder door while files are taken from it."""

    def __init__(self, door: FolderDoor) -> None:
        self.door = door

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """The files that have stopped changing; waits once for the young ones among them."""
        found = [file for file in waiting_in_folder(self.door) if is_wanted(file)]
        young = (self.door.settle_seconds - (file.seconds_old or 0.0) for file in found)
        pause = max(young, default=0.0)
        if pause > 0:
            time.sleep(min(pause, self.door.settle_seconds))
        yield from (file for file in found if is_unchanged(file))

    @contextmanager
    def fetched(self, file: Waiting) -> Iterator[Local]:
        """The file where it lies; leaving moves it, with its manifest, out of the inbox."""
        path = Path(file.place)

        def leave(result: LandingResult) -> None:
            if not is_unchanged(file):
                return  # another file of that name came while this one was landed
            kind = ".done" if result.state in LANDED else ".refused"
            target = self.door.path.parent / kind / self.door.source
            target.mkdir(parents=True, exist_ok=True)
            place = _free(target, path.name)
            path.replace(place)
            for ending in filter(None, (MANIFEST, self.door.done_marker)):
                beside = path.with_name(path.name + ending)
                if beside.is_file():
                    beside.replace(place.with_name(place.name + ending))

        yield Local(path, leave)


def waiting_in_folder(door: FolderDoor) -> Iterator[Waiting]:
    """The files that may be taken, by name; a folder that is not there holds none."""
    if not door.path.is_dir():
        return
    files = [p for p in sorted(door.path.iterdir()) if p.is_file() and not p.is_symlink()]
    names = {path.name for path in files}
    for path in files:
        if not is_marked(path.name, names, "*", door.done_marker):
            continue
        facts = path.stat()
        yield Waiting(
            source=door.source,
            place=str(path),
            name=os.fsencode(path.name).decode("utf-8", "backslashreplace"),
            fingerprint=f"{facts.st_size}:{facts.st_mtime_ns}",
            passed_through="folder",
            seconds_old=time.time() - facts.st_mtime,
        )


def is_unchanged(file: Waiting) -> bool:
    """Whether a folder's file is as it was when it was listed."""
    path = Path(file.place)
    if not path.is_file():
        return False
    facts = path.stat()
    return file.fingerprint == f"{facts.st_size}:{facts.st_mtime_ns}"


def _free(folder: Path, name: str) -> Path:
    """A place in the folder that no earlier file of that name has."""
    place, number = folder / name, 2
    while place.exists():
        place, number = folder / f"{number}_{name}"[:250], number + 1
    return place

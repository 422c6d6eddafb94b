"""The folder door: files dropped into a folder by hand, SFTP or a sync job.

A file is taken when it stopped changing. What landed moves to <folder>/../.done/<source>, what was
refused or held to <folder>/../.refused/<source>; the archive keeps the bytes in either case.
Links are never followed: they could point anywhere.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_project.settings import ConfigurationError, Door
from ingestion.landing.archive import MANIFEST
from ingestion.sources.files import Local, Waiting, is_data_name


def folder_of(door: Door) -> Path:
    """The door's folder. Raises ConfigurationError when it names none."""
    if door.path is None:
        raise ConfigurationError(f"doors: the folder door of {door.source} needs a path")
    return door.path


def waiting_in_folder(door: Door) -> Iterator[Waiting]:
    """The files that may be taken, by name; a folder that is not there holds none."""
    folder = folder_of(door)
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file() or not is_data_name(path.name):
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


@contextmanager
def fetched_from_folder(door: Door, file: Waiting) -> Iterator[Local]:
    """The file where it lies; leaving moves it, with its manifest, out of the inbox."""
    path = Path(file.place)

    def leave(is_landed: bool) -> None:
        kind = ".done" if is_landed else ".refused"
        target = folder_of(door).parent / kind / door.source
        target.mkdir(parents=True, exist_ok=True)
        place = _free(target, path.name)
        path.replace(place)
        manifest = path.with_name(path.name + MANIFEST)
        if manifest.is_file():
            manifest.replace(place.with_name(place.name + MANIFEST))

    yield Local(path, leave)


def _free(folder: Path, name: str) -> Path:
    """A place in the folder that no earlier file of that name has."""
    place, number = folder / name, 2
    while place.exists():
        place, number = folder / f"{number}_{name}"[:250], number + 1
    return place

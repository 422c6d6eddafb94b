"""A file that waits at a door, the same file once it lies here, and what every open door can do.

A kind of door is a module here with a function that opens it (a context manager) and one that
tries it for the doctor; both stand in `doors.KINDS`. Nothing else knows kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from dbt_project.settings import Settings, secret
from dbt_project.settings_doors import Door
from dbt_project.warehouse import Warehouse
from ingestion.landing.archive import MANIFEST
from ingestion.landing.cursors import cursor_of
from ingestion.landing.result import Also, LandingResult

PARTIAL = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
LANDED = ("landed", "duplicate")


class TransferError(Exception):
    """What came is not what was announced, or nothing came; it waits for the next run."""


@dataclass(frozen=True)
class Here:
    """This deployment, as doors see it."""

    settings: Settings
    warehouse: Warehouse


@dataclass(frozen=True)
class Waiting:
    """A file at a door. `place` finds it again, `passed_through` is what the register keeps.

    `within` is its folder at the door: a file of the same name elsewhere is another file.
    """

    source: str
    place: str
    name: str
    fingerprint: str
    passed_through: str
    seconds_old: float | None = None
    within: str = ""


@dataclass(frozen=True)
class Local:
    """The file's bytes here. `leave` tells the door what became of them.

    `also` is the door's own note, written in the transaction that registers the file.
    """

    path: Path
    leave: Callable[[LandingResult], None]
    also: Also | None = None


class OpenDoor(Protocol):
    """A door while it is open."""

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """The wanted files that are whole; it may wait for young ones. Raises TransferError."""

    def fetched(self, file: Waiting) -> AbstractContextManager[Local]:
        """The file's bytes on this machine. Raises TransferError, SourceChangedError."""


def is_data_name(name: str) -> bool:
    """Whether a name is one to take: not hidden, not half written, not another file's manifest."""
    return not name.startswith(".") and not name.lower().endswith((*PARTIAL, MANIFEST))


def is_plain_name(name: str) -> bool:
    """Whether what a peer lists is the name of a file, and no path or several lines."""
    return name not in ("", ".", "..") and not set(name) & set("/\\\0\r\n")


def is_marked(name: str, names: Collection[str], pattern: str, marker: str) -> bool:
    """Whether a file among others is one to take: by its name, and by the marker beside it."""
    if not is_data_name(name) or not fnmatchcase(name, pattern):
        return False
    return not marker or (not name.endswith(marker) and name + marker in names)


def within_of(same_name: str, folder: str, fingerprint: str) -> str:
    """The folder part of a file's name at its door, or more where one name means many files."""
    return folder if same_name == "replaces" else f"{folder}/{fingerprint}".lstrip("/")


def secret_of(door: Door, variable: str) -> str:
    """A secret by the name of its variable. Raises TransferError: other doors open all the same."""
    value = secret(variable)
    if value is None:
        raise TransferError(f"it needs the variable {variable}, which is not set")
    return value


def is_whole(here: Here, passed_through: str) -> bool:
    """Whether every file of a parcel at a door came, and not only the first ones of it."""
    return cursor_of(here.settings, here.warehouse, passed_through) is not None


@contextmanager
def answering(door: Door, *troubles: type[Exception]) -> Iterator[None]:
    """Turns a peer's own errors into TransferError, without any secret of the door in it."""
    try:
        yield
    except TransferError as error:
        words = _without_secrets(door, str(error))
        if words == str(error):
            raise
        raise TransferError(words) from None
    except troubles as error:
        words = " ".join(f"{type(error).__name__}: {error}".split())[:400]
        raise TransferError(_without_secrets(door, words)) from error


def _without_secrets(door: Door, words: str) -> str:
    for value in filter(None, map(secret, door.secrets)):
        words = words.replace(value, "***")
    return words

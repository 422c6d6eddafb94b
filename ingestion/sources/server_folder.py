"""A folder of a file server, whatever protocol it speaks: looked at twice, copied, left or moved.

A sender may still be writing: a file is taken when two looks `settle_seconds` apart show the same
size and time, when it is that size once it is here, and when it has not changed meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from dbt_project.settings_doors import ServerFolder
from ingestion.faults import SourceChangedError, escaped
from ingestion.landing.result import LandingResult
from ingestion.landing.snapshots import working_folder
from ingestion.landing.stores import MANIFEST, MANIFEST_BYTES
from ingestion.sources.farewell import dismiss
from ingestion.sources.files import (
    Here,
    Local,
    TransferError,
    Waiting,
    answering,
    is_marked,
    is_plain_name,
    within_of,
)
from ingestion.sources.transfer import Incoming, refuse_too_large, whole


@dataclass(frozen=True)
class Entry:
    """A plain file of the folder as the server describes it; links and folders are none."""

    size: int
    changed: str

    @property
    def fingerprint(self) -> str:
        """What changes when the bytes do."""
        return f"{self.size}:{self.changed}"


class Server(Protocol):
    """The few words a protocol must know. All names are of files in the door's folder."""

    troubles: tuple[type[Exception], ...]
    address: str

    def entries(self) -> dict[str, Entry]:
        """The plain files by name."""

    def download(self, name: str, target: Incoming) -> None:
        """The whole file."""

    def rename(self, name: str, folder: str, new: str) -> None:
        """Moves a file into a folder, which is made when it is not there."""

    def delete(self, name: str) -> None:
        """Removes a file."""


class ServerFolderDoor:
    """A server's folder while files are taken from it."""

    def __init__(self, here: Here, door: ServerFolder, server: Server) -> None:
        self.here, self.door, self.server = here, door, server

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """The wanted files that two looks saw alike."""
        waiting, odd = self._waiting()
        found = [file for file in waiting if is_wanted(file)]
        if found and self.door.settle_seconds:
            time.sleep(self.door.settle_seconds)
        still = {file.passed_through for file in self._waiting()[0]} if found else set()
        yield from (file for file in found if file.passed_through in still)
        if odd:
            raise TransferError(f"{self.server.address} lists what is no name: {', '.join(odd)}")

    @contextmanager
    def fetched(self, file: Waiting) -> Iterator[Local]:
        """A copy of the file, with its manifest beside it."""

        def leave(result: LandingResult) -> None:
            dismiss(self.door, result, lambda: self._dispose(file))

        with working_folder(self.here.settings) as folder:
            path = folder / "file"
            with self._answering():
                self._download(file, path)
            yield Local(path, leave)

    def _waiting(self) -> tuple[list[Waiting], list[str]]:
        """The files, and what is called like none: a path, or with a line end in it."""
        with self._answering():
            listed = self.server.entries()
        entries = {name: entry for name, entry in listed.items() if is_plain_name(name)}
        folder = PurePosixPath(self.door.folder).as_posix().strip("/.")
        odd = [escaped(name)[:80] for name in sorted(listed.keys() - entries.keys())]
        return [
            Waiting(
                source=self.door.source,
                place=f"{self.server.address}/{name}",
                name=name,
                fingerprint=entry.fingerprint,
                passed_through=f"{self.server.address}/{name}@{entry.fingerprint}",
                within=within_of(self.door.same_name, folder, entry.fingerprint),
            )
            for name, entry in sorted(entries.items())
            if is_marked(name, entries, self.door.files, self.door.done_marker)
        ], odd

    def _download(self, file: Waiting, path: Path) -> None:
        size = int(file.fingerprint.partition(":")[0])
        refuse_too_large(file.place, size, self.here.settings.limits.max_bytes)
        whole(file.place, size, path, lambda target: self.server.download(file.name, target))
        entries = self.server.entries()
        now = entries.get(file.name)
        if now is None or now.fingerprint != file.fingerprint:
            raise SourceChangedError(f"{file.place} changed while it was read; taken next time")
        if beside := entries.get(file.name + MANIFEST):
            name, place = file.name + MANIFEST, f"{file.place}{MANIFEST}"
            target = path.with_name(path.name + MANIFEST)
            refuse_too_large(place, beside.size, MANIFEST_BYTES)
            whole(place, beside.size, target, lambda into: self.server.download(name, into))

    def _dispose(self, file: Waiting) -> None:
        """Moves or deletes the file that was landed; another one of that name stays."""
        with self._answering():
            entries = self.server.entries()
            now = entries.get(file.name)
            if now is None or now.fingerprint != file.fingerprint:
                return
            beside = [file.name + end for end in (MANIFEST, self.door.done_marker) if end]
            for name in (file.name, *(name for name in beside if name in entries)):
                if self.door.after == "move":
                    stamp = f"{self.here.settings.clock():%Y%m%dT%H%M%S}"
                    self.server.rename(name, self.door.move_to or "", f"{stamp}_{name}")
                else:
                    self.server.delete(name)

    def _answering(self) -> AbstractContextManager[None]:
        return answering(self.door, *self.server.troubles)

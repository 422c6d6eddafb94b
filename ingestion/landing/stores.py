"""Where the archive keeps its bytes: a folder of this machine, or a bucket.

In: Settings. Out: a Store. Keys are the same in both:
<tenant>/<source>/<first two of sha256>/<sha256>__<safe name>, with `.manifest.json` and
`@facts.json` beside. What a store took it reads again and hashes before it says so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingestion.landing.facts import FACTS

MANIFEST = ".manifest.json"
MANIFEST_BYTES = 1_000_000  # a manifest says a few numbers
SIDECARS = (MANIFEST, FACTS)


@dataclass(frozen=True)
class Archived:
    """One file of the archive; `archived_as` is relative to the archive's root."""

    sha256: str
    archived_as: str
    byte_count: int


class Store(Protocol):
    """Keys to bytes; nothing is ever deleted."""

    def find(self, start: str, sha256: str) -> str | None:
        """The key that starts so and truly holds bytes of that hash, if there is one."""

    def put(self, key: str, file: Path, sha256: str, again: Future[str]) -> None:
        """Keeps a file's bytes. Raises OSError when what is kept is not what was given.

        `again` is the hash of `file` as it was read back from the disk.
        """

    def put_text(self, key: str, text: bytes, work: Path) -> None:
        """Keeps a sidecar, in the place of an older one."""

    def read_text(self, key: str) -> bytes | None:
        """A sidecar, if there is one."""

    def get(self, key: str, target: Path) -> None:
        """Copies a file out. Raises FileNotFoundError when there is none."""

    def keys(self) -> Iterator[tuple[str, int]]:
        """Every key with its length, sidecars left out, in order."""


class Folder:
    """A folder of this machine; files are read-only, written once, moved in by rename."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, start: str, sha256: str) -> str | None:
        """The key that starts so and truly holds bytes of that hash, if there is one."""
        place = self._root / start
        there = sorted(place.parent.glob(f"{place.name}*")) if place.parent.is_dir() else []
        for file in there:
            if not file.name.endswith(SIDECARS) and sha256_of(file) == sha256:
                return file.relative_to(self._root).as_posix()
        return None

    def put(self, key: str, file: Path, sha256: str, again: Future[str]) -> None:
        """Keeps a file's bytes: a second name for the same bytes where the disk knows links."""
        incoming = file.with_name("archived")
        incoming.unlink(missing_ok=True)
        try:
            incoming.hardlink_to(file)
            found = again.result()
        except OSError:  # a filesystem without hard links
            shutil.copyfile(file, incoming)
            found = sha256_of(incoming)
        if found != sha256:
            raise OSError(f"{incoming} does not hold what was written; check the disk")
        self._move_in(incoming, key)

    def put_text(self, key: str, text: bytes, work: Path) -> None:
        """Keeps a sidecar, in the place of an older one."""
        incoming = work / "sidecar"
        incoming.write_bytes(text)
        self._move_in(incoming, key)

    def read_text(self, key: str) -> bytes | None:
        """A sidecar, if there is one."""
        place = self._root / key
        return place.read_bytes() if place.is_file() else None

    def get(self, key: str, target: Path) -> None:
        """Copies a file out."""
        shutil.copyfile(self._root / key, target)

    def keys(self) -> Iterator[tuple[str, int]]:
        """Every key with its length, sidecars left out, in order."""
        folders = (f for f in self._root.glob("*/") if not f.name.startswith("."))
        for folder in sorted(folders):
            for path in sorted(folder.glob("*/*/*__*")):
                if not path.name.endswith(SIDECARS):
                    yield path.relative_to(self._root).as_posix(), path.stat().st_size

    def _move_in(self, incoming: Path, key: str) -> None:
        place = self._root / key
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with incoming.open("rb") as file:
            os.fsync(file.fileno())
        incoming.chmod(0o400)
        incoming.replace(place)
        for folder in (place.parent, *place.parent.parents):  # a new folder is a name in another
            _sync(folder)
            if folder == self._root:
                break


def _sync(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes as they are on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

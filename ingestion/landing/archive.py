"""The archive: every accepted byte, outside the database, found by its hash.

<archive>/<tenant>/<source>/<first two of sha256>/<sha256>__<safe name>, written once, read-only.
A file first lies in <archive>/.incoming, is hashed while it is copied, and moves in by rename.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.faults import SourceChangedError

BLOCK = 1 << 20
STALE_SECONDS = 86_400
INCOMING = ".incoming"
MANIFEST = ".manifest.json"


@dataclass(frozen=True)
class Snapshot:
    """Our own copy of the bytes, their hash and count, and a folder to unpack into."""

    path: Path
    folder: Path
    sha256: str
    byte_count: int


@dataclass(frozen=True)
class Archived:
    """One file of the archive; `archived_as` is relative to the archive's root."""

    sha256: str
    archived_as: str
    byte_count: int


@contextmanager
def snapshot(settings: Settings, path: Path) -> Iterator[Snapshot]:
    """Copies the file beside the archive while hashing it; what is left over is removed."""
    incoming = settings.archive / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(incoming)
    folder = Path(tempfile.mkdtemp(dir=incoming))
    try:
        before = path.stat()
        copy, digest, count = folder / "bytes", hashlib.sha256(), 0
        with path.open("rb") as source, copy.open("wb") as target:
            while block := source.read(BLOCK):
                digest.update(block)
                target.write(block)
                count += len(block)
            target.flush()
            os.fsync(target.fileno())
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceChangedError(f"{path} changed while it was read; it is taken next time")
        yield Snapshot(copy, folder, digest.hexdigest(), count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file name that is harmless on every system; the true name is kept as data only."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")
    return plain[-80:].lstrip("._-") or "file"


def keep(
    settings: Settings, source: str, taken: Snapshot, name: str, manifest: bytes | None
) -> str:
    """Puts the snapshot into the archive (once) and returns its place there."""
    folder = settings.archive / settings.tenant / source / taken.sha256[:2]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = [f for f in sorted(folder.glob(f"{taken.sha256}__*")) if not _is_manifest(f)]
    place = there[0] if there else folder / f"{taken.sha256}__{safe_name(name)}"
    if not there or sha256_of(place) != taken.sha256:
        incoming = taken.folder / "archived"
        _link_or_copy(taken.path, incoming)
        _move_in(incoming, place)
        if sha256_of(place) != taken.sha256:
            raise OSError(f"{place} does not hold what was written; check the disk")
    if manifest is not None:
        beside = taken.folder / "manifest"
        beside.write_bytes(manifest)
        _move_in(beside, place.with_name(place.name + MANIFEST))
    return place.relative_to(settings.archive).as_posix()


def _sweep(incoming: Path) -> None:
    """Removes what killed processes left; younger folders may belong to one that is at work."""
    for left in incoming.iterdir():
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a filesystem without hard links
        shutil.copyfile(source, target)


def _move_in(incoming: Path, place: Path) -> None:
    with incoming.open("rb") as file:
        os.fsync(file.fileno())
    incoming.chmod(0o400)
    incoming.replace(place)
    directory = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _is_manifest(path: Path) -> bool:
    return path.name.endswith(MANIFEST)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes as they are on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_archive(settings: Settings) -> list[Archived]:
    """Every file of every tenant, by what lies on the disk and not by the register."""
    folders = (f for f in settings.archive.glob("*/") if not f.name.startswith("."))
    return [
        Archived(path.name[:64], path.relative_to(settings.archive).as_posix(), path.stat().st_size)
        for folder in sorted(folders)
        for path in sorted(folder.glob("*/*/*__*"))
        if not _is_manifest(path)
    ]


def refresh_archive_listing(settings: Settings, warehouse: Warehouse) -> int:
    """Replaces ops.archive_listing by what the archive holds now; returns the number of files."""
    listed = list_archive(settings)
    now = settings.clock()
    with warehouse.transaction():
        warehouse.execute("delete from ops.archive_listing")
        for start in range(0, len(listed), 500):
            part = listed[start : start + 500]
            values = ", ".join(
                f"(${4 * i + 1}, ${4 * i + 2}, ${4 * i + 3}, ${4 * i + 4})"
                for i in range(len(part))
            )
            warehouse.execute(
                f"insert into ops.archive_listing values {values}",
                [v for a in part for v in (a.sha256, a.archived_as, a.byte_count, now)],
            )
    return len(listed)

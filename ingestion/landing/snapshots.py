"""Our own copy of a file while it is landed: hashed as it is copied, read back and hashed again.

Copies, and what doors fetch, lie in <archive>/.incoming, each in a folder that its process holds
locked; what a killed process left is removed by the next one.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dbt_project.settings import Limits, Settings
from ingestion.faults import FileFault, SourceChangedError
from ingestion.landing.failpoints import reached
from ingestion.landing.stores import sha256_of

BLOCK = 1 << 20
STALE_SECONDS = 86_400
INCOMING = ".incoming"
LOCK = "lock"
FREE_TIMES = 3  # archive copy, scratch and warehouse, each about the file's size


@dataclass(frozen=True)
class Snapshot:
    """Our own copy of the bytes, their hash and count, and a folder to unpack into.

    `again` is the hash of the copy as it was read back from the disk.
    """

    path: Path
    folder: Path
    sha256: str
    byte_count: int
    again: Future[str]


@contextmanager
def snapshot(settings: Settings, path: Path) -> Iterator[Snapshot]:
    """Copies the file beside the archive while hashing it; what is left over is removed."""
    before = path.stat()
    for place in (settings.archive, settings.warehouse.parent):
        refuse_full_disk(place, before.st_size)
    # hashing and reading wait for each other when one thread does both
    with working_folder(settings) as folder, ThreadPoolExecutor(1) as hasher:
        copy = folder / "bytes"
        sha256, count = _copied(path, copy, hasher)
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceChangedError(f"{path} changed while it was read; it is taken next time")
        reached("after_snapshot")
        yield Snapshot(copy, folder, sha256, count, hasher.submit(sha256_of, copy))


@contextmanager
def working_folder(settings: Settings) -> Iterator[Path]:
    """A folder for bytes on their way in; what a killed process leaves the next one removes."""
    incoming = settings.archive / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(incoming)
    folder = Path(tempfile.mkdtemp(dir=incoming))
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hashed(path: Path) -> Snapshot:
    """A file of our own making in a folder of its own, as if it had been copied there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    sha256, again = sha256_of(path), Future[str]()
    again.set_result(sha256)  # it was just read from there
    return Snapshot(path, path.parent, sha256, path.stat().st_size, again)


def _copied(path: Path, copy: Path, hasher: ThreadPoolExecutor) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    pending: Future[None] | None = None
    with path.open("rb") as source, copy.open("wb") as target:
        while block := source.read(BLOCK):
            if pending:
                pending.result()
            pending = hasher.submit(digest.update, block)
            target.write(block)
            count += len(block)
        target.flush()
        os.fsync(target.fileno())
    if pending:
        pending.result()
    return digest.hexdigest(), count


def refuse_full_disk(place: Path, byte_count: int) -> None:
    """Raises OSError before anything is written where a file would not fit three times."""
    place = next(p for p in (place, *place.parents) if p.exists())
    free = shutil.disk_usage(place).free
    if free < FREE_TIMES * byte_count:
        raise OSError(
            errno.ENOSPC,
            f"{free} bytes are free; a file of {byte_count} needs {FREE_TIMES} times its size for"
            " its archived copy, the scratch tables and its rows. Nothing was taken; make room and"
            " run again",
            str(place),
        )


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Shows that a living process is at work in the folder."""
    made = folder / "lock.new"
    with made.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.rename(folder / LOCK)  # never seen unlocked
        yield


def _sweep(incoming: Path) -> None:
    """Removes what killed processes left, and spares those that are at work."""
    for left in incoming.iterdir():
        if _is_left(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # not locked yet, or from before there were locks
        with suppress(OSError):
            return time.time() - folder.stat().st_mtime > STALE_SECONDS
        return False
    return True


def too_large(path: Path, limits: Limits) -> FileFault:
    """What a file over the limit is refused with."""
    most = f"limits.max_bytes in tieout.yml is {limits.max_bytes}"
    return FileFault("FILE_TOO_LARGE", f"{path.stat().st_size} bytes; {most}")


def in_place(path: Path) -> Snapshot:
    """A file hashed where it lies: what will be refused for its size must not fill the disk."""
    return Snapshot(path, path.parent, sha256_of(path), path.stat().st_size, Future[str]())

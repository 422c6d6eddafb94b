"""The archive: every accepted byte, outside the database, found by its hash.

A file first lies in <archive>/.incoming, is hashed while it is copied, read again and hashed again,
and is then given to the store (a folder or a bucket, see stores.py) with its facts beside it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dbt_project.settings import Limits, Settings
from dbt_project.warehouse import Warehouse
from ingestion.faults import FileFault, SourceChangedError
from ingestion.landing.bucket_store import Bucket
from ingestion.landing.facts import FACTS, Facts, facts_from
from ingestion.landing.failpoints import reached
from ingestion.landing.stores import MANIFEST, Archived, Folder, Store, sha256_of

__all__ = ["MANIFEST", "Archived", "sha256_of"]

BLOCK = 1 << 20
STALE_SECONDS = 86_400
INCOMING = ".incoming"
LOCK = "lock"
FREE_TIMES = 3  # archive copy, scratch and warehouse, each about the file's size


def store_of(settings: Settings) -> Store:
    """The deployment's archive: its bucket where it has one, else its folder."""
    bucket = settings.archive_bucket
    return Folder(settings.archive) if bucket is None else Bucket(bucket)


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
    incoming = settings.archive / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(incoming)
    before = path.stat()
    for place in (incoming, settings.warehouse.parent):
        refuse_full_disk(place, before.st_size)
    folder = Path(tempfile.mkdtemp(dir=incoming))
    try:
        # hashing and reading wait for each other when one thread does both
        with _held(folder), ThreadPoolExecutor(1) as hasher:
            copy = folder / "bytes"
            sha256, count = _copied(path, copy, hasher)
            after = path.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise SourceChangedError(f"{path} changed while it was read; it is taken next time")
            reached("after_snapshot")
            yield Snapshot(copy, folder, sha256, count, hasher.submit(sha256_of, copy))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hashed(path: Path) -> Snapshot:
    """A file of our own making in a folder of its own, as if it had been copied there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    sha256, again = sha256_of(path), Future[str]()
    again.set_result(sha256)  # it was just read from there
    return Snapshot(path, path.parent, sha256, path.stat().st_size, again)


def in_place(path: Path) -> Snapshot:
    """A file hashed where it lies: what will be refused for its size must not fill the disk."""
    return Snapshot(path, path.parent, sha256_of(path), path.stat().st_size, Future[str]())


def too_large(path: Path, limits: Limits) -> FileFault:
    """What a file over the limit is refused with."""
    most = f"limits.max_bytes in tieout.yml is {limits.max_bytes}"
    return FileFault("FILE_TOO_LARGE", f"{path.stat().st_size} bytes; {most}")


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


def safe_name(name: str) -> str:
    """A file name that is harmless on every system; the true name is kept as data only."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")
    return plain[-80:].lstrip("._-") or "file"


def keep(settings: Settings, taken: Snapshot, facts: Facts, manifest: bytes | None) -> str:
    """Puts the snapshot and its facts into the archive (once) and returns its place there."""
    store = store_of(settings)
    start = f"{facts.tenant}/{facts.source}/{taken.sha256[:2]}/{taken.sha256}__"
    there = store.find(start, taken.sha256)
    key = there or start + safe_name(facts.name)
    reached("before_archive")
    if manifest is not None:
        store.put_text(key + MANIFEST, manifest, taken.folder)
    store.put_text(key + FACTS, facts.as_bytes(), taken.folder)
    reached("after_sidecar")
    if there is None:
        store.put(key, taken.path, taken.sha256, taken.again)
    reached("after_archive")
    return key


def mend(settings: Settings, taken: Snapshot, archived_as: str) -> None:
    """Puts the bytes of a document back where they are gone or damaged; its facts stay."""
    store = store_of(settings)
    if store.find(archived_as, taken.sha256) is None:
        store.put(archived_as, taken.path, taken.sha256, taken.again)


def is_kept(settings: Settings, archived_as: str, sha256: str) -> bool:
    """Whether the archive, read again now, holds bytes of that hash in that place."""
    return store_of(settings).find(archived_as, sha256) is not None


@contextmanager
def taken_out(settings: Settings, archived_as: str) -> Iterator[Path]:
    """An archived file on this machine, with its manifest beside it, for as long as asked.

    Raises OSError when the archive has lost or damaged it.
    """
    store = store_of(settings)
    incoming = settings.archive / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=incoming) as folder:
        path = Path(folder) / "archived"
        store.get(archived_as, path)
        if sha256_of(path) != sha256_in(archived_as):
            raise OSError(f"{archived_as} in the archive has other bytes than its hash; restore it")
        if (manifest := store.read_text(archived_as + MANIFEST)) is not None:
            path.with_name(path.name + MANIFEST).write_bytes(manifest)
        yield path


def sha256_in(archived_as: str) -> str:
    """The hash that an archived file is called by."""
    return archived_as.rpartition("/")[2][:64]


def facts_of(settings: Settings, archived: Archived) -> Facts:
    """An archived file's facts; where the sidecar is lost, what its place tells."""
    text = store_of(settings).read_text(archived.archived_as + FACTS)
    if text is not None:
        return facts_from(text)
    tenant, source, _, name = archived.archived_as.split("/", 3)
    moment = settings.clock() if settings.now else datetime.now(UTC).replace(tzinfo=None)
    called = name.partition("__")[2]
    words = (called, tenant, source, archived.sha256, archived.byte_count, moment, moment)
    return Facts(*words, door="archive")


def note(settings: Settings, archived_as: str, facts: Facts) -> None:
    """Writes a file's facts anew, after a person decided about it."""
    incoming = settings.archive / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=incoming) as folder:
        store_of(settings).put_text(archived_as + FACTS, facts.as_bytes(), Path(folder))


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


def list_archive(settings: Settings) -> list[Archived]:
    """Every file of every tenant, by what lies in the archive and not by the register."""
    found = store_of(settings).keys()
    return [Archived(sha256_in(key), key, length) for key, length in found]


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

"""The archive: every accepted byte, outside the database, found by its hash.

A file first lies in <archive>/.incoming, is hashed while it is copied, read again and hashed again,
and is then given to the store (a folder or a bucket, see stores.py) with its facts beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.landing.bucket_store import Bucket
from ingestion.landing.facts import FACTS, Facts, facts_from
from ingestion.landing.failpoints import reached
from ingestion.landing.snapshots import Snapshot, working_folder
from ingestion.landing.stores import MANIFEST, Archived, Folder, Store, sha256_of

__all__ = ["MANIFEST", "Archived", "sha256_of"]


def store_of(settings: Settings) -> Store:
    """The deployment's archive: its bucket where it has one, else its folder."""
    bucket = settings.archive_bucket
    return Folder(settings.archive) if bucket is None else Bucket(bucket)


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
    with working_folder(settings) as folder:
        path = folder / "archived"
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
    with working_folder(settings) as folder:
        store_of(settings).put_text(archived_as + FACTS, facts.as_bytes(), folder)


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

"""What becomes of a file at its door once it is landed: a copy in a bucket, moved, or deleted.

Nothing leaves a door before the archive here was read again and holds its very bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from dbt_project.settings_doors import Door, Store
from dbt_project.warehouse import Warehouse
from ingestion.landing.archive import is_kept, safe_name, sha256_of
from ingestion.landing.bucket_store import Bucket
from ingestion.landing.documents import known
from ingestion.landing.result import Also, LandingResult
from ingestion.sources.files import LANDED, Here, Local, TransferError, Waiting, answering


def leaves(door: Door) -> bool:
    """Whether a landed file is to leave its door."""
    return getattr(door, "after", "keep") in ("move", "delete")


def prove_archived(here: Here, door: Door, results: Iterable[LandingResult]) -> None:
    """Reads the archive again before a file leaves its door. Raises TransferError.

    A file of which a part was refused stays, and a card number is in no archive.
    """
    found = list(results)
    will_leave = leaves(door) and all(result.state in LANDED for result in found)
    for result in found if will_leave else ():
        row = known(here.warehouse, result.document_id)
        place = row["archived_as"] if row else None
        if not place or not is_kept(here.settings, place, result.sha256):
            raise TransferError(
                f"ARCHIVE_UNPROVEN the archive does not hold {result.sha256} (as {place}); the file"
                " is left at its door. Restore the archive, then run again"
            )


def dismiss(door: Door, result: LandingResult, dispose: Callable[[], None]) -> None:
    """Lets a landed file leave its door, as `after` says; a refused one stays."""
    if result.state in LANDED and leaves(door):
        dispose()


def stored_too(here: Here, door: Door, file: Waiting, local: Local) -> Also | None:
    """What copies the file into the door's bucket while it is landed: both or neither."""
    store: Store | None = getattr(door, "archive_to", None)
    if store is None:
        return None

    def copy(_: Warehouse) -> None:
        with answering(door, ClientError, BotoCoreError, Boto3Error):
            digest = sha256_of(local.path)
            folder = f"{here.settings.tenant}/{door.source}/{digest[:2]}"
            _put(store, f"{folder}/{digest}__{safe_name(file.name)}", local.path, digest)

    return copy


def _put(store: Store, key: str, path: Path, digest: str) -> None:
    """Writes the object as the archive does: encrypted, in parts, and read back to its hash."""
    known: Future[str] = Future()
    known.set_result(digest)
    try:
        Bucket(store).put(key, path, digest, known)
    except OSError as error:
        raise TransferError(f"ARCHIVE_UNPROVEN {error}") from error

"""The S3 door: a bucket of AWS or any compatible store, with an optional prefix.

Objects stay where they are unless `after` says otherwise, so reading rights are enough; the
register keeps each object's place and ETag, and a version that came before is not fetched again.
One version is pinned between looking and reading, and its length and checksum are compared,
because a cut body is no error. The folder of the key belongs to the name: one report name in
dated folders is many files. Credentials come from the environment, as boto3 finds them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, IncompleteReadError

from dbt_project.settings import Settings
from dbt_project.settings_doors import S3Door
from ingestion.buckets import bucket_client
from ingestion.faults import SourceChangedError
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
    is_data_name,
    within_of,
)
from ingestion.sources.transfer import Incoming, refuse_too_large, whole

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

BLOCK = 1 << 20
PAGE_SIZE = 1_000
SHORT = Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 1})
TROUBLES = (ClientError, BotoCoreError)


def client_of(door: S3Door) -> S3Client:
    """The client of a door's endpoint."""
    return bucket_client(door.endpoint_url, door.region)


@contextmanager
def open_s3(here: Here, door: S3Door) -> Iterator[BucketDoor]:
    """The bucket."""
    yield BucketDoor(here, door)


def try_s3(_: Settings, door: S3Door) -> str:
    """The bucket's name. Raises TransferError when it does not answer."""
    client = boto3.client(
        "s3", endpoint_url=door.endpoint_url, region_name=door.region, config=SHORT
    )
    with answering(door, *TROUBLES):
        client.head_bucket(Bucket=door.bucket)
    return f"bucket {door.bucket} answers"


class BucketDoor:
    """A bucket while objects are taken from it. An object is whole from the start."""

    def __init__(self, here: Here, door: S3Door) -> None:
        self.here, self.door = here, door

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """The objects that are wanted."""
        yield from filter(is_wanted, waiting_in_s3(self.door))

    @contextmanager
    def fetched(self, file: Waiting) -> Iterator[Local]:
        """The object as a file in a folder of its own, with its manifest beside it."""
        key = file.place.removeprefix(f"s3://{self.door.bucket}/")

        def leave(result: LandingResult) -> None:
            dismiss(self.door, result, lambda: _dispose(self.door, key, file))

        with working_folder(self.here.settings) as folder:
            path = folder / "object"
            with answering(self.door, *TROUBLES):
                _download(self.here, self.door, key, file.fingerprint, path)
                _download_manifest(self.door, key, path)
            yield Local(path, leave)


def waiting_in_s3(door: S3Door) -> Iterator[Waiting]:
    """Every object under the prefix, page after page, that is a data file by its name."""
    with answering(door, *TROUBLES):
        pages = client_of(door).get_paginator("list_objects_v2")
        listed = pages.paginate(
            Bucket=door.bucket, Prefix=door.prefix, PaginationConfig={"PageSize": PAGE_SIZE}
        )
        found = [item for page in listed for item in page.get("Contents", [])]
    now = datetime.now(UTC)
    for item in found:
        key, etag = item["Key"], item["ETag"].strip('"')
        folder, _, name = key.rpartition("/")
        if not name or not is_data_name(name) or not fnmatchcase(name, door.files):
            continue
        yield Waiting(
            source=door.source,
            place=f"s3://{door.bucket}/{key}",
            name=name,
            fingerprint=etag,
            passed_through=f"s3://{door.bucket}/{key}@{etag}",
            seconds_old=(now - item["LastModified"]).total_seconds(),
            within=within_of(door.same_name, folder, etag),
        )


def _download(here: Here, door: S3Door, key: str, etag: str, path: Path) -> None:
    place = f"s3://{door.bucket}/{key}"
    client = client_of(door)
    pinned: dict[str, Any] = {"Bucket": door.bucket, "Key": key, "IfMatch": f'"{etag}"'}
    try:
        head = client.head_object(**pinned)
        if version := head.get("VersionId"):
            pinned["VersionId"] = version
        size = head["ContentLength"]
        refuse_too_large(place, size, here.settings.limits.max_bytes)
        digest = _brought(client, pinned, place, size, path)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 412):
            raise SourceChangedError(f"{place} changed; taken later") from error
        raise
    is_plain_md5 = re.fullmatch(r"[0-9a-f]{32}", etag) and not head.get("SSEKMSKeyId")
    if is_plain_md5 and not head.get("SSECustomerAlgorithm") and digest != etag:
        raise TransferError(f"{place}: the bytes do not match their ETag; run again")


def _brought(client: S3Client, pinned: dict[str, Any], place: str, size: int, path: Path) -> str:
    """The MD5 of the bytes, once all of them are here."""
    found = [hashlib.md5(usedforsecurity=False)]

    def bring(target: Incoming) -> None:
        found[0] = hashlib.md5(usedforsecurity=False)
        with suppress(IncompleteReadError):  # its bytes are counted all the same
            for block in client.get_object(**pinned)["Body"].iter_chunks(BLOCK):
                target.write(block)
                found[0].update(block)

    whole(place, size, path, bring)
    return found[0].hexdigest()


def _download_manifest(door: S3Door, key: str, path: Path) -> None:
    client = client_of(door)
    named: dict[str, Any] = {"Bucket": door.bucket, "Key": key + MANIFEST}
    try:
        head = client.head_object(**named)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
            return
        raise
    place, size = f"s3://{door.bucket}/{key}{MANIFEST}", head["ContentLength"]
    refuse_too_large(place, size, MANIFEST_BYTES)
    pinned = named | {"IfMatch": head["ETag"]}
    _brought(client, pinned, place, size, path.with_name(path.name + MANIFEST))


def _dispose(door: S3Door, key: str, file: Waiting) -> None:
    """Moves or deletes the version that was landed; another one that came meanwhile stays."""
    client = client_of(door)
    with answering(door, *TROUBLES):
        for each, etag in ((key, file.fingerprint), *_manifest_of(client, door, key)):
            if not _left(client, door, each, etag):
                return


def _left(client: S3Client, door: S3Door, key: str, etag: str) -> bool:
    """Whether an object left: the store itself is asked to compare its ETag as it deletes it."""
    pinned: dict[str, Any] = {"Bucket": door.bucket, "Key": key, "IfMatch": f'"{etag}"'}
    try:
        if door.after == "move":
            _copy(client, door, key, etag)
        client.head_object(**pinned)
        try:
            client.delete_object(**pinned)
        except ClientError as error:  # a store that cannot compare: it was the same just now
            if error.response["ResponseMetadata"]["HTTPStatusCode"] not in (400, 501):
                raise
            client.head_object(**pinned)
            client.delete_object(Bucket=door.bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 409, 412):
            return False
        raise
    return True


def _manifest_of(client: S3Client, door: S3Door, key: str) -> list[tuple[str, str]]:
    """The object's manifest, if it has one; what is only called nearly so is a file of its own."""
    beside = client.list_objects_v2(Bucket=door.bucket, Prefix=key + MANIFEST).get("Contents", [])
    return [(i["Key"], i["ETag"].strip('"')) for i in beside if i["Key"] == key + MANIFEST]


def _copy(client: S3Client, door: S3Door, key: str, etag: str) -> None:
    """A copy inside the store, in parts where it is too big for one (5 GB)."""
    client.copy(
        Bucket=door.bucket,
        Key=(door.move_to or "") + key.removeprefix(door.prefix).lstrip("/"),
        CopySource={"Bucket": door.bucket, "Key": key},
        ExtraArgs={"CopySourceIfMatch": f'"{etag}"'},
    )

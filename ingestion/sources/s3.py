"""The S3 door: a bucket of AWS or any compatible store, with an optional prefix.

Objects are left where they are, so reading rights are enough; the register keeps each object's
place and ETag, and a version that came before is not fetched again. One version is pinned between
looking and reading, and its length and checksum are compared, because a cut body is no error.
Credentials come from the environment, as boto3 finds them.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dbt_project.settings import ConfigurationError, Door
from ingestion.faults import SourceChangedError
from ingestion.landing.archive import MANIFEST
from ingestion.sources.files import Local, Waiting, is_data_name

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

BLOCK = 1 << 20
PAGE_SIZE = 1_000
TIMEOUTS = Config(
    connect_timeout=10, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 4}
)


class TransferError(Exception):
    """The bytes that came are not the bytes that were announced."""


UNREACHABLE = (ClientError, BotoCoreError, TransferError)


@lru_cache(maxsize=8)
def _client(endpoint_url: str | None, region: str) -> S3Client:
    return boto3.client("s3", endpoint_url=endpoint_url, region_name=region, config=TIMEOUTS)


def client_of(door: Door) -> S3Client:
    """The client of a door's endpoint. Raises ConfigurationError when the door has no bucket."""
    if not door.bucket:
        raise ConfigurationError(f"doors: the s3 door of {door.source} needs a bucket")
    return _client(door.endpoint_url, door.region)


def waiting_in_s3(door: Door) -> Iterator[Waiting]:
    """Every object under the prefix, page after page, that is a data file by its name."""
    pages = client_of(door).get_paginator("list_objects_v2")
    bucket = door.bucket or ""
    now = datetime.now(UTC)
    listed = pages.paginate(
        Bucket=bucket, Prefix=door.prefix, PaginationConfig={"PageSize": PAGE_SIZE}
    )
    for page in listed:
        for item in page.get("Contents", []):
            key, etag = item["Key"], item["ETag"].strip('"')
            name = key.rpartition("/")[2]
            if name and is_data_name(name):
                yield Waiting(
                    source=door.source,
                    place=f"s3://{bucket}/{key}",
                    name=name,
                    fingerprint=etag,
                    passed_through=f"s3://{bucket}/{key}@{etag}",
                    seconds_old=(now - item["LastModified"]).total_seconds(),
                )


@contextmanager
def fetched_from_s3(door: Door, file: Waiting) -> Iterator[Local]:
    """The object as a file in a folder of its own, with its manifest beside it."""
    key = file.place.removeprefix(f"s3://{door.bucket}/")
    with tempfile.TemporaryDirectory(prefix="tieout-s3-") as folder:
        path = Path(folder) / "object"
        _download(door, key, file.fingerprint, path)
        _download_manifest(door, key, path)
        yield Local(path, lambda _: None)


def _download(door: Door, key: str, etag: str, path: Path) -> None:
    client, bucket = client_of(door), door.bucket or ""
    pinned: dict[str, Any] = {"Bucket": bucket, "Key": key, "IfMatch": f'"{etag}"'}
    try:
        head = client.head_object(**pinned)
        if version := head.get("VersionId"):
            pinned["VersionId"] = version
        answer = client.get_object(**pinned)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 412):
            raise SourceChangedError(f"s3://{bucket}/{key} changed; taken next time") from error
        raise
    digest, count = hashlib.md5(usedforsecurity=False), 0
    with path.open("wb") as target:
        for block in answer["Body"].iter_chunks(BLOCK):
            digest.update(block)
            target.write(block)
            count += len(block)
    place = f"s3://{bucket}/{key}"
    if count != head["ContentLength"]:
        raise TransferError(f"{place}: {count} of {head['ContentLength']} bytes came; run again")
    is_plain_md5 = re.fullmatch(r"[0-9a-f]{32}", etag) and not head.get("SSEKMSKeyId")
    if is_plain_md5 and not head.get("SSECustomerAlgorithm") and digest.hexdigest() != etag:
        raise TransferError(f"{place}: the bytes do not match their ETag; run again")


def _download_manifest(door: Door, key: str, path: Path) -> None:
    try:
        answer = client_of(door).get_object(Bucket=door.bucket or "", Key=key + MANIFEST)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
            return
        raise
    path.with_name(path.name + MANIFEST).write_bytes(answer["Body"].read())

"""Copies a report's files to an S3 bucket or a compatible endpoint, and believes only a checksum.

In: the bucket of the settings and files. Out: the address they are at, or None and a note why not;
the local files stay where they are in either case. Credentials come from the environment as for
any AWS tool. Uploads are encrypted at rest (AES256).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dbt_project.settings import Bucket

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


class UploadError(Exception):
    """What is in the bucket is not what was sent."""


def upload(bucket: Bucket, files: Iterable[Path], folder: str) -> tuple[str | None, str]:
    """Uploads and verifies every file: (address, note). Never raises for a bucket's trouble."""
    address = "/".join(part for part in (bucket.bucket, bucket.prefix.strip("/"), folder) if part)
    try:
        client = _client(bucket)
        for file in files:
            key = f"{address.partition('/')[2]}/{file.name}".lstrip("/")
            _put(client, bucket.bucket, key, file)
    except (BotoCoreError, ClientError, UploadError, OSError) as error:
        return None, f"not uploaded to s3://{address}, the files are kept here: {_reason(error)}"
    return f"s3://{address}", "uploaded, checksums verified"


def _client(bucket: Bucket) -> Any:
    # A session of its own reads the credentials anew; the shared one keeps the first it saw.
    return boto3.session.Session().client(
        "s3",
        region_name=bucket.region,
        endpoint_url=bucket.endpoint_url,
        config=Config(connect_timeout=10, read_timeout=60, retries={"max_attempts": 3}),
    )


def _put(client: Any, bucket: str, key: str, file: Path) -> None:
    with file.open("rb") as content:
        digest = base64.b64encode(hashlib.file_digest(content, "sha256").digest()).decode()
        content.seek(0)
        client.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType=_TYPES.get(file.suffix, "application/octet-stream"),
            ServerSideEncryption="AES256",
            ChecksumSHA256=digest,
        )
    if _stored_digest(client, bucket, key) != digest:
        raise UploadError(f"{key}: the stored bytes have another SHA-256 than the file")


def _stored_digest(client: Any, bucket: str, key: str) -> str:
    """What the bucket holds, read back: an endpoint's own word on a checksum is not needed."""
    found = hashlib.sha256()
    for chunk in client.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(1_048_576):
        found.update(chunk)
    return base64.b64encode(found.digest()).decode()


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "unknown")
        return f"{code} ({error.operation_name})"
    return str(error)

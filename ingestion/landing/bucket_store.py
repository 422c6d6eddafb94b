"""The archive in a bucket of AWS or any compatible store, encrypted there.

An upload is believed when the object has the right length and its bytes, read again, the right
hash. Credentials come from the environment, as boto3 finds them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from dbt_project.settings_archive import ArchiveBucket
from ingestion.buckets import bucket_client
from ingestion.landing.stores import SIDECARS

BLOCK = 1 << 20
GONE = (403, 404)  # a store without the right to list says 403 for what is not there
PARTS = TransferConfig(multipart_threshold=64 << 20, multipart_chunksize=64 << 20)


class Bucket:
    """Keys to objects under the prefix."""

    def __init__(self, place: ArchiveBucket) -> None:
        self._place = place
        self._client = bucket_client(place.endpoint_url, place.region)
        self._prefix = place.prefix.strip("/") + "/" if place.prefix.strip("/") else ""
        self._extra: dict[str, Any] = {"ServerSideEncryption": place.encryption}
        if place.kms_key_id:
            self._extra["SSEKMSKeyId"] = place.kms_key_id

    def find(self, start: str, sha256: str) -> str | None:
        """The key that starts so and truly holds bytes of that hash, if there is one."""
        for key, _ in self._listed(start):
            if self._is_whole(key, sha256):
                return key
        return None

    def put(self, key: str, file: Path, sha256: str, again: Future[str]) -> None:
        """Keeps a file's bytes; the store compares each part's SHA-256 as it takes it."""
        self._client.upload_file(
            str(file),
            self._place.bucket,
            self._prefix + key,
            ExtraArgs={
                **self._extra,
                "ChecksumAlgorithm": "SHA256",
                "Metadata": {"sha256": sha256},
            },
            Config=PARTS,
        )
        if again.result() != sha256:
            raise OSError(f"{file} does not hold what was written; check the disk")
        length = self._client.head_object(**self._object(key))["ContentLength"]
        if length != file.stat().st_size or self._sha256(key) != sha256:
            raise OSError(f"{self._named(key)} does not hold what was sent; look at the store")

    def put_text(self, key: str, text: bytes, work: Path) -> None:
        """Keeps a sidecar, in the place of an older one."""
        digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
        self._client.put_object(
            **self._object(key), Body=text, ChecksumSHA256=digest, **self._extra
        )

    def read_text(self, key: str) -> bytes | None:
        """A sidecar, if there is one."""
        try:
            return self._client.get_object(**self._object(key))["Body"].read()
        except ClientError as error:
            if _status(error) in GONE:
                return None
            raise

    def get(self, key: str, target: Path) -> None:
        """Copies an object out."""
        try:
            answer = self._client.get_object(**self._object(key))
        except ClientError as error:
            if _status(error) == 404:
                raise FileNotFoundError(f"{self._named(key)} is not there") from error
            raise
        count = 0
        with target.open("wb") as file:
            for block in answer["Body"].iter_chunks(BLOCK):
                file.write(block)
                count += len(block)
        if count != answer["ContentLength"]:
            raise OSError(f"{self._named(key)}: {count} of {answer['ContentLength']} bytes came")

    def keys(self) -> Iterator[tuple[str, int]]:
        """Every key with its length, sidecars left out, in order."""
        for key, length in self._listed(""):
            if key.count("/") == 3 and "__" in key:
                yield key, length

    def _listed(self, start: str) -> Iterator[tuple[str, int]]:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._place.bucket, Prefix=self._prefix + start):
            for item in page.get("Contents", []):
                key = item["Key"].removeprefix(self._prefix)
                if not key.endswith(SIDECARS):
                    yield key, item["Size"]

    def _is_whole(self, key: str, sha256: str) -> bool:
        return self._sha256(key) == sha256

    def _sha256(self, key: str) -> str:
        digest = hashlib.sha256()
        for block in self._client.get_object(**self._object(key))["Body"].iter_chunks(BLOCK):
            digest.update(block)
        return digest.hexdigest()

    def _object(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._place.bucket, "Key": self._prefix + key}

    def _named(self, key: str) -> str:
        return f"s3://{self._place.bucket}/{self._prefix}{key}"


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])

"""The copy of a processed file: encrypted, in parts when it is large, and read back to its hash."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from pydantic import ValidationError

from dbt_project.settings import Bucket as ReportBucket
from dbt_project.settings_archive import ArchiveBucket
from dbt_project.settings_doors import S3Door, Store
from ingestion.buckets import bucket_client
from ingestion.landing import bucket_store
from ingestion.landing.archive import sha256_of
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import farewell
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.bucket import keys, s3_door
from tests.python.ingestion.make import books

KMS = {"encryption": "aws:kms", "kms_key_id": "arn:aws:kms:eu-central-1:123456789012:key/abc"}


@pytest.mark.parametrize(("words", "found"), [({}, "AES256"), (KMS, "aws:kms")])
def test_the_copy_is_encrypted_as_the_door_says(
    fresh_desk: Desk, store: str, bucket: Any, words: dict[str, Any], found: str
) -> None:
    place = Store(bucket="payments", endpoint_url=store, **words)
    bucket.put_object(Bucket="payments", Key="in/good.csv", Body=books({}))
    door = s3_door(store, archive_to=place, after="delete")
    (result,) = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    assert result.state == "landed"
    assert keys(bucket, "in/") == []
    (key,) = keys(bucket, "processed_files/")
    head = bucket.head_object(Bucket="payments", Key=key)
    assert head["ServerSideEncryption"] == found
    assert head.get("SSEKMSKeyId") == words.get("kms_key_id")


def test_a_large_file_goes_in_parts(
    store: str, bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    monkeypatch.setattr(bucket_store, "PARTS", parts)
    path = tmp_path / "large"
    path.write_bytes(os.urandom(11 << 20))
    place = Store(bucket="payments", endpoint_url=store)
    farewell._put(place, "t/s/large", path, sha256_of(path))
    head = bucket.head_object(Bucket="payments", Key="processed_files/t/s/large")
    assert head["ETag"].strip('"').endswith("-3")
    assert head["ContentLength"] == path.stat().st_size


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_copy_that_holds_other_bytes_keeps_the_file_at_its_door(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """A store that says yes and keeps something else; without reading it back the file is gone."""
    client = bucket_client(store, "us-east-1")
    real = client.upload_file

    def other(path: str, name: str, key: str, **words: Any) -> None:
        real(path, name, key, **words)
        size = Path(path).stat().st_size
        client.put_object(Bucket=name, Key=key, Body=b"x" * size)

    monkeypatch.setattr(client, "upload_file", other)
    if not is_guarded:
        monkeypatch.setattr(
            bucket_store.Bucket, "_sha256", lambda self, key: key.rsplit("/", 1)[1][:64]
        )
    bucket.put_object(Bucket="payments", Key="in/good.csv", Body=books({}))
    place = Store(bucket="payments", endpoint_url=store)
    door = s3_door(store, archive_to=place, after="delete")
    landing = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    if is_guarded:
        with pytest.raises(DoorError, match="ARCHIVE_UNPROVEN s3://payments/processed_files"):
            list(landing)
        assert fresh_desk.count("raw.internal_transactions") == 0
    else:
        assert [result.state for result in landing] == ["landed"]
    assert keys(bucket, "in/") == (["in/good.csv"] if is_guarded else [])


@pytest.mark.parametrize("url", ["http://minio:9000", "http://10.0.0.7:9000", "ftp://store"])
@pytest.mark.parametrize("place", [ArchiveBucket, Store, ReportBucket, S3Door])
def test_a_bucket_is_not_spoken_to_in_plain_words_elsewhere(place: Any, url: str) -> None:
    """Keys are signed and not sent, but what lies in the bucket is read by everybody between."""
    words = {"bucket": "books", "endpoint_url": url}
    if place is S3Door:
        words["source"] = "stripe"
    with pytest.raises(ValidationError, match="https:// is a must"):
        place(**words)
    if url.startswith("http:"):
        assert place(**words, allow_plain_http=True).endpoint_url == url
    else:
        with pytest.raises(ValidationError, match="https:// is a must"):
            place(**words, allow_plain_http=True)
    for fine in (
        "https://minio:9000",
        "http://localhost:9000",
        "http://127.0.0.1:1",
        "http://[::1]",
    ):
        assert place(**{**words, "endpoint_url": fine}).endpoint_url == fine


def test_no_user_and_password_in_the_address_of_a_bucket() -> None:
    for url in ("https://user:secret@store", "http://user:secret@localhost"):
        with pytest.raises(ValidationError, match="no user or password") as error:
            ArchiveBucket(bucket="books", endpoint_url=url, allow_plain_http=True)
        assert "allow_plain_http" not in str(error.value.errors()[0]["msg"])

"""The archive in a bucket, against a real S3 server: the same promises as in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import ConfigurationError, Settings, load_settings
from dbt_project.settings_archive import ArchiveBucket
from dbt_project.warehouse import open_warehouse
from ingestion.landing.again import lost, reland, release
from ingestion.landing.archive import is_kept, list_archive
from ingestion.landing.bucket_store import Bucket
from ingestion.landing.land import ensure_schema, refresh_archive_listing
from ingestion.landing.stores import sha256_of
from tests.python.buckets import emptied_bucket, s3_server
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk
from tests.python.ingestion.make import books

NAME = "tieout-archive"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3 server of our own; its address."""
    with s3_server() as address:
        yield address


@pytest.fixture
def client(store: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client, an empty bucket, and keys in the environment."""
    return emptied_bucket(store, NAME, monkeypatch)


@pytest.fixture
def cloud(client: Any, store: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose archive is the bucket."""
    place = ArchiveBucket(bucket=NAME, prefix="books/", endpoint_url=store)
    settings = make_settings(tmp_path, archive_bucket=place, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, tmp_path)


def test_bytes_manifest_and_facts_are_in_the_bucket_encrypted(cloud: Desk, client: Any) -> None:
    result = cloud.land("internal", books({}), "my books.csv", manifest=b'{"rows": 1}')
    place = str(cloud.document(result)["archived_as"])
    assert place == f"default/internal/{result.sha256[:2]}/{result.sha256}__my_books.csv"
    keys = {item["Key"] for item in client.list_objects_v2(Bucket=NAME)["Contents"]}
    sidecars = {f"books/{place}.manifest.json", f"books/{place}@facts.json"}
    assert keys == {f"books/{place}"} | sidecars
    head = client.head_object(Bucket=NAME, Key=f"books/{place}")
    assert head["ServerSideEncryption"] == "AES256"
    assert client.get_object(Bucket=NAME, Key=f"books/{place}")["Body"].read() == books({})
    assert [a.archived_as for a in list_archive(cloud.settings)] == [place]
    assert is_kept(cloud.settings, place, result.sha256)
    assert refresh_archive_listing(cloud.settings, cloud.warehouse) == 1


def test_a_lost_database_is_landed_again_from_the_bucket(cloud: Desk) -> None:
    held = cloud.land("internal", books({})[:-1], "cut.csv")
    release(cloud.settings, cloud.warehouse, held.document_id, by="Ada")
    cloud.land("internal", books({}, {}), "whole.csv", manifest=b'{"rows": 2}')
    before = cloud.warehouse.rows("select * from raw.internal_transactions order by all")
    for table in ("raw.internal_transactions", "ops.documents", "ops.document_rows"):
        cloud.warehouse.execute(f"delete from {table}")
    assert len(lost(cloud.settings, cloud.warehouse)) == 2
    states = [result.state for result in reland(cloud.settings, cloud.warehouse, "test")]
    assert states == ["landed", "landed"]
    after = cloud.warehouse.rows("select * from raw.internal_transactions order by all")
    assert after == before


def test_bytes_sent_again_mend_a_damaged_object(cloud: Desk, client: Any) -> None:
    result = cloud.land("internal", books({}))
    key = f"books/{cloud.document(result)['archived_as']}"
    client.put_object(Bucket=NAME, Key=key, Body=b"damaged")
    assert cloud.land("internal", books({}), "again.csv").state == "duplicate"
    assert client.get_object(Bucket=NAME, Key=key)["Body"].read() == books({})


def test_a_store_that_keeps_other_bytes_is_not_believed(
    cloud: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bucket, "_sha256", lambda *_: "0" * 64)
    with pytest.raises(OSError, match="does not hold what was sent"):
        cloud.land("internal", books({}))
    assert cloud.count("ops.documents") == 0


def test_a_key_of_ones_own(cloud: Desk, client: Any, store: str) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/own"
    words: dict[str, Any] = {
        "bucket": NAME,
        "endpoint_url": store,
        "encryption": "aws:kms",
        "kms_key_id": key,
    }
    path = cloud.put("x", b"x")
    Bucket(ArchiveBucket(**words)).put("t/s/00/x__x", path, sha256_of(path), _known(path))
    head = client.head_object(Bucket=NAME, Key="t/s/00/x__x")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def _known(path: Path) -> Future[str]:
    again: Future[str] = Future()
    again.set_result(sha256_of(path))
    return again


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "archive:\n  bucket: abc\n  encryption: aws:kms\n",
            "tieout.yml:1: archive: aws:kms needs",
        ),
        ("archive:\n  bucket: abc\n  colour: red\n", "tieout.yml:3: archive.colour: no such key"),
    ],
)
def test_a_wrong_section_is_refused_where_it_stands(
    text: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tieout.yml").write_text(text)
    monkeypatch.setenv("TIEOUT_CONFIG", str(tmp_path / "tieout.yml"))
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert wrong in str(refused.value)


def test_a_path_stays_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tieout.yml").write_text("archive: {bucket: abc, work: here}\n")
    monkeypatch.setenv("TIEOUT_CONFIG", str(tmp_path / "tieout.yml"))
    settings: Settings = load_settings()
    assert (settings.archive, settings.archive_bucket) == (
        tmp_path / "here",
        ArchiveBucket(bucket="abc"),
    )
    (tmp_path / "tieout.yml").write_text("tenant: default\n")
    monkeypatch.setenv("TIEOUT_ARCHIVE", str(tmp_path / "kept"))
    assert load_settings().archive == tmp_path / "kept"
    assert load_settings().archive_bucket is None

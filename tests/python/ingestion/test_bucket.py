"""The bucket door against a real S3 server (F14, F16, F17)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from dbt_project.settings import Door
from ingestion.faults import SourceChangedError
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import fetch_doors, land_door
from ingestion.sources import s3
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import folder_door, folder_of, states, with_doors


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3 server of our own; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client for an emptied bucket named `payments`, and keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    s3._client.cache_clear()
    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1")
    if any(b["Name"] == "payments" for b in client.list_buckets()["Buckets"]):
        for item in client.list_objects_v2(Bucket="payments").get("Contents", []):
            client.delete_object(Bucket="payments", Key=item["Key"])
    else:
        client.create_bucket(Bucket="payments")
    return client


def s3_door(store: str) -> Door:
    """The bucket as a door."""
    return Door(kind="s3", source="internal", bucket="payments", prefix="in/", endpoint_url=store)


def test_objects_are_landed_once_and_stay(fresh_desk: Desk, store: str, bucket: Any) -> None:
    def put(key: str, content: bytes) -> None:
        bucket.put_object(Bucket="payments", Key=key, Body=content)

    put("in/a.csv", books({}))
    put("in/deeper/b.csv", books({"fee": "1"}))
    put("in/told.csv", books({"fee": "2"})[:-1])
    put("in/told.csv.manifest.json", b'{"rows": 1}')
    put("in/c.csv.part", books({"fee": "3"}))
    put("other/d.csv", books({"fee": "4"}))
    door = s3_door(store)

    def land() -> dict[str, str]:
        return states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))

    assert land() == {"a.csv": "landed", "b.csv": "landed", "told.csv": "landed"}
    assert land() == {}
    put("in/a.csv", books({"fee": "9"}))
    put("in/copy.csv", books({"fee": "1"}))
    assert land() == {"a.csv": "landed", "copy.csv": "duplicate"}
    assert land() == {}
    assert len(bucket.list_objects_v2(Bucket="payments")["Contents"]) == 7


def test_f14_a_door_that_cannot_be_reached_does_not_stop_the_others(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    gone = s3_door(store).model_copy(update={"bucket": "nowhere"})
    door = folder_door(fresh_desk)
    (folder_of(door) / "good.csv").write_bytes(books({}))
    results = fetch_doors(with_doors(fresh_desk, gone, door), fresh_desk.warehouse)
    assert next(results).state == "landed"
    with pytest.raises(DoorError, match=r"the s3 door of internal: .*NoSuchBucket"):
        next(results)


def test_every_page_of_a_long_listing_is_read(
    store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PAGE_SIZE", 2)
    keys = [f"in/{number}.csv" for number in range(5)]
    for key in keys:
        bucket.put_object(Bucket="payments", Key=key, Body=b"x")
    found = [file.place for file in s3.waiting_in_s3(s3_door(store))]
    assert found == [f"s3://payments/{key}" for key in keys]


def test_f17_an_object_that_changed_since_the_listing_waits(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    door = s3_door(store)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({}))
    (listed,) = s3.waiting_in_s3(door)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({"fee": "1"}))
    with pytest.raises(SourceChangedError), s3.fetched_from_s3(door, listed):
        pass


@pytest.mark.parametrize(
    ("damage", "words"),
    [(lambda body: body[:-5], "bytes came"), (lambda body: body[:-1] + b"?", "do not match")],
)
def test_f16_a_cut_or_changed_body_is_an_error(
    store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch, damage: Any, words: str
) -> None:
    door = s3_door(store)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({}))
    (listed,) = s3.waiting_in_s3(door)
    client = s3.client_of(door)
    real = client.get_object

    def damaged(**named: Any) -> Any:
        answer = real(**named)
        body = damage(answer["Body"].read())

        class Body:
            def iter_chunks(self, _: int) -> list[bytes]:
                return [body]

        return {**answer, "Body": Body()}

    monkeypatch.setattr(client, "get_object", damaged)
    with pytest.raises(s3.TransferError, match=words), s3.fetched_from_s3(door, listed):
        pass

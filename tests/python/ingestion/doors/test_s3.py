"""The bucket door against a real S3 server (F14, F16, F17)."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.faults import SourceChangedError
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import fetch_doors, land_door, release
from ingestion.sources import s3
from ingestion.sources.files import TransferError
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.bucket import fetched, s3_door
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import folder_door, folder_of, states, with_doors


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


def test_fault_f14_a_door_that_cannot_be_reached_does_not_stop_the_others(
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


def test_fault_f17_an_object_that_changed_since_the_listing_waits(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    door = s3_door(store)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({}))
    (listed,) = s3.waiting_in_s3(door)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({"fee": "1"}))
    with pytest.raises(SourceChangedError), fetched(fresh_desk, door, listed):
        pass


@pytest.mark.parametrize(
    ("damage", "words"),
    [(lambda body: body[:-5], "bytes came"), (lambda body: body[:-1] + b"?", "do not match")],
)
def test_fault_f16_a_cut_or_changed_body_is_an_error(
    fresh_desk: Desk,
    store: str,
    bucket: Any,
    monkeypatch: pytest.MonkeyPatch,
    damage: Any,
    words: str,
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
    with pytest.raises(TransferError, match=words), fetched(fresh_desk, door, listed):
        pass


def test_one_name_in_dated_folders_is_two_files(fresh_desk: Desk, store: str, bucket: Any) -> None:
    for day in ("01", "02"):
        body = books({"transaction_id": f"T{day}"})
        bucket.put_object(Bucket="payments", Key=f"in/2026-10-{day}/report.csv", Body=body)
    results = list(land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(store)))
    found = {fresh_desk.document(result)["logical_key"] for result in results}
    assert found == {"in/2026-10-01/report.csv", "in/2026-10-02/report.csv"}
    assert [result.state for result in results] == ["landed", "landed"]


def test_an_object_overwritten_each_day_is_another_file_when_the_door_says_so(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    door = s3_door(store, same_name="is_another")
    for day in ("01", "02"):
        bucket.put_object(
            Bucket="payments", Key="in/report.csv", Body=books({"transaction_id": f"T{day}"})
        )
        assert states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert len({row["logical_key"] for row in fresh_desk.warehouse.rows(
        "select logical_key from ops.documents"
    )}) == 2  # fmt: skip


def test_a_held_object_that_is_released_keeps_its_folder(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    short = books({"transaction_id": "T1"}) + b"TRAILER,2\n"
    bucket.put_object(Bucket="payments", Key="in/2026-10-01/report.csv", Body=short)
    (held,) = land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(store))
    assert held.state == "held"
    released = release(fresh_desk.settings, fresh_desk.warehouse, held.document_id)
    assert released.state == "landed"
    assert fresh_desk.document(released)["logical_key"] == "in/2026-10-01/report.csv"

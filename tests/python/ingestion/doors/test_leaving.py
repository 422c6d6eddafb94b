"""What becomes of a file at its door: it leaves only when the archive proves to hold it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from dbt_project.settings_doors import Store
from ingestion.landing import fetch
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import farewell
from ingestion.sources.files import Here
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.bucket import keys, s3_door
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import states


@pytest.mark.parametrize("after", ["move", "delete"])
def test_a_landed_object_leaves_when_the_archive_has_it(
    fresh_desk: Desk, store: str, bucket: Any, after: Any
) -> None:
    words = {"after": after, "move_to": "done/"} if after == "move" else {"after": after}
    door = s3_door(store, **words)
    bucket.put_object(Bucket="payments", Key="in/good.csv", Body=books({}))
    bucket.put_object(Bucket="payments", Key="in/good.csv.manifest.json", Body=b'{"rows": 1}')
    bucket.put_object(Bucket="payments", Key="in/page.csv", Body=b"<html>")
    found = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert found == {"good.csv": "landed", "page.csv": "rejected"}
    assert keys(bucket, "in/") == ["in/page.csv"]
    moved = ["done/good.csv", "done/good.csv.manifest.json"] if after == "move" else []
    assert keys(bucket, "done/") == moved
    assert states(land_door(fresh_desk.settings, fresh_desk.warehouse, door)) == {}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_nothing_leaves_while_the_archive_cannot_prove_that_it_has_it(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off the object is deleted, and then nobody has its bytes."""
    monkeypatch.setattr("ingestion.sources.farewell.is_kept", lambda *_: not is_guarded)
    door = s3_door(store, after="delete")
    bucket.put_object(Bucket="payments", Key="in/good.csv", Body=books({}))
    landing = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    assert next(landing).state == "landed"
    if is_guarded:
        with pytest.raises(DoorError, match="ARCHIVE_UNPROVEN"):
            next(landing)
        monkeypatch.undo()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        assert keys(bucket, "in/") == ["in/good.csv"]
        again = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
        assert again == {"good.csv": "duplicate"}
    assert keys(bucket, "in/") == []


def test_a_damaged_archive_keeps_the_object_at_its_door(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = s3_door(store, after="delete")
    bucket.put_object(Bucket="payments", Key="in/good.csv", Body=books({}))
    real = fetch.prove_archived

    def damaged(here: Here, of: Any, results: Any) -> None:
        row = fresh_desk.document(results[0])
        place = here.settings.archive / row["archived_as"]
        place.chmod(0o600)
        place.write_bytes(b"other bytes")
        real(here, of, results)

    monkeypatch.setattr(fetch, "prove_archived", damaged)
    landing = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    assert next(landing).state == "landed"
    with pytest.raises(DoorError, match="ARCHIVE_UNPROVEN"):
        next(landing)
    assert keys(bucket, "in/") == ["in/good.csv"]


def test_a_copy_goes_to_the_bucket_of_processed_files_or_nothing_is_landed(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    place = Store(bucket="nowhere", endpoint_url=store)
    bucket.put_object(Bucket="payments", Key="in/good.csv", Body=books({}))
    landing = land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(store, archive_to=place))
    with pytest.raises(DoorError, match="NoSuchBucket"):
        list(landing)
    assert fresh_desk.count("raw.internal_transactions") == 0
    door = s3_door(store, archive_to=place.model_copy(update={"bucket": "payments"}))
    (result,) = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    assert result.state == "landed"
    (key,) = keys(bucket, "processed_files/")
    assert key.endswith(f"/internal/{result.sha256[:2]}/{result.sha256}__good.csv")
    assert bucket.get_object(Bucket="payments", Key=key)["Body"].read() == books({})


@pytest.mark.parametrize("after", ["move", "delete"])
def test_what_is_called_nearly_like_a_manifest_is_a_file_and_stays(
    fresh_desk: Desk, store: str, bucket: Any, after: Any
) -> None:
    words = {"after": after, "move_to": "done/"} if after == "move" else {"after": after}
    door = s3_door(store, files="day.csv", **words)
    for name in ("day.csv", "day.csv.manifest.json", "day.csv.manifest.json.csv"):
        content = books({"fee": name[-8:]}) if name[-3:] == "csv" else b'{"rows": 1}'
        bucket.put_object(Bucket="payments", Key=f"in/{name}", Body=content)
    bucket.put_object(Bucket="payments", Key="in/day.csv", Body=books({}))
    found = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert found == {"day.csv": "landed"}
    assert keys(bucket, "in/") == ["in/day.csv.manifest.json.csv"]


def test_a_refused_card_number_is_no_trouble_of_the_archive(
    fresh_desk: Desk, store: str, bucket: Any
) -> None:
    bucket.put_object(
        Bucket="payments", Key="in/card.csv", Body=books({"description": "4111 1111 1111 1111"})
    )
    door = s3_door(store, after="delete")
    found = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert found == {"card.csv": "rejected"}
    assert keys(bucket, "in/") == ["in/card.csv"]


def zipped(*names: str) -> bytes:
    """A zip with books of those names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parcel:
        for name in names:
            parcel.writestr(name, books({"transaction_id": name}))
    return packed.getvalue()


@pytest.mark.parametrize("after", ["keep", "delete"])
def test_a_parcel_whose_landing_was_cut_short_is_opened_again(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch, after: Any
) -> None:
    door = s3_door(store, after=after)
    bucket.put_object(Bucket="payments", Key="in/all.zip", Body=zipped("a.csv", "b.csv"))
    real = fetch.land_all

    def cut_short(*words: Any, **named: Any) -> Any:
        yield next(real(*words, **named))
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(fetch, "land_all", cut_short)
        with pytest.raises(RuntimeError, match="killed"):
            list(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert fresh_desk.count("raw.internal_transactions") == 1
    found = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert found == {"all.zip/a.csv": "duplicate", "all.zip/b.csv": "landed"}
    assert keys(bucket, "in/") == (["in/all.zip"] if after == "keep" else [])
    assert states(land_door(fresh_desk.settings, fresh_desk.warehouse, door)) == {}


def test_a_parcel_stays_while_the_archive_lacks_one_of_its_files(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put_object(Bucket="payments", Key="in/all.zip", Body=zipped("a.csv", "b.csv"))
    monkeypatch.setattr(farewell, "is_kept", lambda _, place, __: "a.csv" not in place)
    with pytest.raises(DoorError, match="ARCHIVE_UNPROVEN"):
        list(land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(store, after="delete")))
    assert keys(bucket, "in/") == ["in/all.zip"]

"""The folder door: what people and programs drop, taken once it is whole (A4)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from dbt_project.settings import Settings
from dbt_project.settings_doors import Door, FolderDoor
from ingestion.landing.land import LandingResult, fetch_doors, land_door
from ingestion.sources.doors import waiting_at
from ingestion.sources.folder import Folder
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import STRIPE, books, table


def with_doors(desk: Desk, *doors: Door) -> Settings:
    """The desk's settings with these doors."""
    return desk.settings.model_copy(update={"doors": doors})


def folder_door(desk: Desk, source: str = "internal", seconds: float = 0) -> FolderDoor:
    """An empty folder as a door."""
    folder = desk.settings.inbox / source
    folder.mkdir(parents=True, exist_ok=True)
    return FolderDoor(source=source, path=folder, settle_seconds=seconds)


def folder_of(door: FolderDoor) -> Path:
    """The door's folder."""
    return door.path


def states(results: Iterator[LandingResult]) -> dict[str, str]:
    """State by name."""
    return {result.name: result.state for result in results}


def test_files_leave_the_inbox_by_what_became_of_them(fresh_desk: Desk) -> None:
    door = folder_door(fresh_desk)
    folder = folder_of(door)
    (folder / "good.csv").write_bytes(books({}))
    (folder / "same.csv").write_bytes(books({}))
    (folder / "page.csv").write_bytes(b"<html>")
    (folder / "short.csv").write_bytes(books({"fee": "1"}) + b"TRAILER,2\n")
    (folder / "told.csv").write_bytes(books({"fee": "2"}))
    (folder / "told.csv.manifest.json").write_bytes(b'{"rows": 1}')
    settings = with_doors(fresh_desk, door)
    found = states(fetch_doors(settings, fresh_desk.warehouse))
    assert found == {
        "good.csv": "landed", "same.csv": "duplicate", "page.csv": "rejected",
        "short.csv": "held", "told.csv": "landed",
    }  # fmt: skip
    inbox = folder.parent
    done = sorted(p.name for p in (inbox / ".done" / "internal").iterdir())
    refused = sorted(p.name for p in (inbox / ".refused" / "internal").iterdir())
    assert done == ["good.csv", "same.csv", "told.csv", "told.csv.manifest.json"]
    assert refused == ["page.csv", "short.csv"]
    assert list(folder.iterdir()) == []
    assert list(fetch_doors(settings, fresh_desk.warehouse)) == []


def test_same_name_again_does_not_overwrite_the_first(fresh_desk: Desk) -> None:
    door = folder_door(fresh_desk)
    for fee in ("1", "2", "3"):
        (folder_of(door) / "day.csv").write_bytes(books({"fee": fee}))
        assert states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    kept = sorted(p.name for p in (fresh_desk.settings.inbox / ".done" / "internal").iterdir())
    assert kept == ["2_day.csv", "3_day.csv", "day.csv"]
    assert fresh_desk.count("ops.documents") == 3


def test_a_file_that_took_the_place_of_a_landed_one_waits_for_its_turn(
    fresh_desk: Desk,
) -> None:
    """It came while the first was landed; moved away with it, it would never be read."""
    door = folder_door(fresh_desk)
    place = folder_of(door) / "day.csv"
    place.write_bytes(books({}))
    peer = Folder(door)
    (file,) = peer.ready(lambda _: True)
    with peer.fetched(file) as local:
        result = fresh_desk.land("internal", local.path.read_bytes(), "day.csv")
        place.write_bytes(books({"fee": "2"}, {"transaction_id": "T2"}))
        local.leave(result)
    assert place.exists()
    found = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert found == {"day.csv": "landed"}
    assert not place.exists()


def test_unfinished_and_foreign_things_are_left(fresh_desk: Desk, tmp_path: Path) -> None:
    door = folder_door(fresh_desk)
    folder = folder_of(door)
    for name in (".hidden.csv", "a.csv.tmp", "b.csv.part", "c.csv~", "alone.csv.manifest.json"):
        (folder / name).write_bytes(books({"merchant_id": name}))
    (folder / "sub").mkdir()
    outside = tmp_path / "outside.csv"
    outside.write_bytes(books({}))
    (folder / "link.csv").symlink_to(outside)
    assert list(land_door(fresh_desk.settings, fresh_desk.warehouse, door)) == []
    assert outside.exists()


def test_a4_a_file_that_still_grows_waits(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = folder_door(fresh_desk, seconds=5)
    path = folder_of(door) / "grows.csv"
    path.write_bytes(books({}))
    old = folder_of(door) / "old.csv"
    old.write_bytes(books({"fee": "1"}))
    os.utime(old, (1_700_000_000, 1_700_000_000))
    slept: list[float] = []

    def more(seconds: float) -> None:
        slept.append(seconds)
        with path.open("ab") as file:
            file.write(b"T2,")

    monkeypatch.setattr("ingestion.sources.folder.time.sleep", more)
    found = states(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert found == {"old.csv": "landed"}
    assert len(slept) == 1
    assert 4 < slept[0] <= 5
    assert path.exists()


def test_a4_a_file_that_changes_while_it_is_read_is_not_landed(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = folder_door(fresh_desk)
    path = folder_of(door) / "grows.csv"
    path.write_bytes(books({}))
    real = os.fsync

    def growing(number: int) -> None:
        with path.open("ab") as file:
            file.write(b"T2,")
        real(number)

    with monkeypatch.context() as patch:
        patch.setattr("ingestion.landing.snapshots.os.fsync", growing)
        assert list(land_door(fresh_desk.settings, fresh_desk.warehouse, door)) == []
    assert fresh_desk.count("ops.deliveries") == 0


def test_sources_and_places_choose(fresh_desk: Desk) -> None:
    doors = [folder_door(fresh_desk, source) for source in ("internal", "stripe")]
    (folder_of(doors[0]) / "a.csv").write_bytes(books({}))
    (folder_of(doors[0]) / "b.csv").write_bytes(books({"fee": "1"}))
    (folder_of(doors[1]) / "s.csv").write_bytes(table(STRIPE))
    settings = with_doors(fresh_desk, *doors)
    files = {file.name: file.place for door in doors for file in waiting_at(door)}
    assert sorted(files) == ["a.csv", "b.csv", "s.csv"]
    chosen = states(fetch_doors(settings, fresh_desk.warehouse, ["internal"], [files["b.csv"]]))
    assert chosen == {"b.csv": "landed"}
    assert states(fetch_doors(settings, fresh_desk.warehouse, ["stripe"])) == {"s.csv": "landed"}
    assert states(fetch_doors(settings, fresh_desk.warehouse)) == {"a.csv": "landed"}


def test_default_doors_are_the_inbox_folders(fresh_desk: Desk) -> None:
    folder_door(fresh_desk)
    for name in (".done", ".refused"):
        (fresh_desk.settings.inbox / name / "internal").mkdir(parents=True)
    assert [door.source for door in fresh_desk.settings.all_doors()] == ["internal"]


def test_a_kind_of_door_is_its_class() -> None:
    assert isinstance(Door(kind="folder", source="bank", path="in"), FolderDoor)
    with pytest.raises(ValidationError, match="bucket"):
        Door(kind="s3", source="bank")


def test_a_file_waits_for_its_marker(fresh_desk: Desk) -> None:
    door = folder_door(fresh_desk).model_copy(update={"done_marker": ".done"})
    (door.path / "a.csv").write_bytes(books({}))
    (door.path / "b.csv").write_bytes(books({"fee": "1"}))
    (door.path / "b.csv.done").write_bytes(b"")
    assert states(land_door(fresh_desk.settings, fresh_desk.warehouse, door)) == {"b.csv": "landed"}
    assert [path.name for path in door.path.iterdir()] == ["a.csv"]

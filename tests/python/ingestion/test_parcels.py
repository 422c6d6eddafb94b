"""A14: gzips and zips, one file or several in them, honest and not."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile

import pytest

from dbt_project.settings_doors import FolderDoor
from ingestion.landing.archive import list_archive
from ingestion.landing.land import fetch_doors, land_all
from ingestion.landing.result import LandingResult
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books, camt, entry, tied

CARD = "4111 1111 1111 1111"


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of named contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def land(desk: Desk, content: bytes, name: str, source: str = "internal") -> list[LandingResult]:
    """Every result of one file."""
    return list(land_all(desk.settings, desk.warehouse, source, desk.put(name, content)))


def test_a_gzip_is_its_files_packing(engine_desk: Desk) -> None:
    (result,) = land(engine_desk, gzip.compress(books({}, {}), mtime=0), "day.csv.gz")
    assert (result.state, result.landed_rows, result.name) == ("landed", 2, "day.csv.gz")
    (statement,) = land(engine_desk, gzip.compress(camt(tied(entry()))), "s.xml.gz", "bank")
    assert statement.state == "landed"
    (again,) = land(engine_desk, gzip.compress(books({}, {}), mtime=0), "other.csv.gz")
    assert again.state == "duplicate"


@pytest.mark.parametrize(
    ("what", "content", "code"),
    [
        ("bomb", gzip.compress(b"0" * 200_000_000, 9, mtime=0), "FILE_ARCHIVE_UNSAFE"),
        ("cut", gzip.compress(books({}) * 50, mtime=0)[:-9], "FILE_ARCHIVE_UNSAFE"),
        ("crc", gzip.compress(books({}), mtime=0)[:-8] + b"\0" * 8, "FILE_ARCHIVE_UNSAFE"),
        ("empty", gzip.compress(b"", mtime=0), "FILE_EMPTY"),
        ("card", gzip.compress(books({"description": CARD}), mtime=0), "PAN_FOUND"),
        ("card in rubbish", gzip.compress(f"<html>{CARD}".encode(), mtime=0), "PAN_FOUND"),
    ],
)
def test_a_gzip_that_is_not_safe_is_refused(
    desk: Desk, what: str, content: bytes, code: str
) -> None:
    (result,) = land(desk, content, f"{what}.csv.gz")
    assert (result.state, result.code) == ("rejected", code)
    is_archived = any(a.sha256 == result.sha256 for a in list_archive(desk.settings))
    assert is_archived == (code != "PAN_FOUND")


def test_each_file_of_a_parcel_is_a_document(engine_desk: Desk) -> None:
    members = (
        ("in/monday.csv", books({"amount": "1.00"})),
        ("tuesday.csv", books({"amount": "2.00"})[:-1]),
        ("tuesday.csv.manifest.json", b'{"rows": 1}'),
        ("wednesday.csv", b"<html>"),
    )
    results = land(engine_desk, zipped(*members), "week.zip")
    assert [(r.name, r.state) for r in results] == [
        ("week.zip/in/monday.csv", "landed"),
        ("week.zip/tuesday.csv", "landed"),
        ("week.zip/wednesday.csv", "rejected"),
    ]
    assert {a.sha256 for a in list_archive(engine_desk.settings)} == {r.sha256 for r in results}
    alone = engine_desk.land("internal", members[0][1], "monday.csv")
    assert (alone.state, alone.document_id) == ("duplicate", results[0].document_id)
    again = land(engine_desk, zipped(*reversed(members)), "week.zip")
    assert [r.state for r in again] == ["duplicate", "duplicate", "rejected"]


def test_a_damaged_member_does_not_stop_the_others(fresh_desk: Desk) -> None:
    packed = bytearray(
        zipped(("a.csv", books({})), ("b.csv", books({}, {})), compression=zipfile.ZIP_STORED)
    )
    place = packed.index(b"T1,stripe")
    packed[place] = ord("X")  # the checksum of a.csv is wrong now
    results = land(fresh_desk, bytes(packed), "two.zip")
    assert [(r.name, r.state, r.code) for r in results] == [
        ("two.zip/b.csv", "landed", None),
        ("two.zip", "rejected", "FILE_ARCHIVE_UNSAFE"),
    ]
    assert "a.csv" in str(results[1].message)


def _linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", books({}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("path", zipped(("../a.csv", books({})), ("b.csv", books({})))),
        ("root", zipped(("/a.csv", books({})), ("b.csv", books({})))),
        ("link", _linked()),
        ("bomb", zipped(("a.csv", b"0" * 50_000_000), ("b.csv", books({})))),
        ("many", zipped(*((f"{n}.csv", b"x") for n in range(1_001)))),
        ("encrypted", zipped(("a.csv", books({})), ("b.csv", books({})))),
    ],
)
def test_a_parcel_that_is_not_safe_is_refused_whole(desk: Desk, what: str, content: bytes) -> None:
    if what == "encrypted":
        marked = bytearray(content)
        marked[marked.index(b"PK\x01\x02") + 8] |= 1
        content = bytes(marked)
    (result,) = land(desk, content, f"{what}.zip")
    assert (result.state, result.code) == ("rejected", "FILE_ARCHIVE_UNSAFE")
    assert desk.raw(result, "internal_transactions") == []


def test_a_parcel_of_manifests_alone_is_refused_and_the_next_file_lands(fresh_desk: Desk) -> None:
    inbox = fresh_desk.settings.inbox / "internal"
    inbox.mkdir(parents=True)
    alone = zipped(("a.csv.manifest.json", b"{}"), ("b.csv.manifest.json", b"{}"))
    (inbox / "a.zip").write_bytes(alone)
    (inbox / "b.csv").write_bytes(books({}))
    door = FolderDoor(source="internal", path=inbox, settle_seconds=0)
    settings = fresh_desk.settings.model_copy(update={"doors": (door,)})
    found = {r.name: (r.state, r.code) for r in fetch_doors(settings, fresh_desk.warehouse)}
    assert found == {"a.zip": ("rejected", "FILE_ARCHIVE_UNSAFE"), "b.csv": ("landed", None)}


def test_a_door_lets_a_parcel_go_when_all_of_it_is_down(fresh_desk: Desk) -> None:
    inbox = fresh_desk.settings.inbox / "internal"
    inbox.mkdir(parents=True)
    (inbox / "good.zip").write_bytes(zipped(("a.csv", books({})), ("b.csv", books({}, {}))))
    (inbox / "bad.zip").write_bytes(zipped(("c.csv", books({}, {}, {})), ("d.csv", b"<html>")))
    door = FolderDoor(source="internal", path=inbox, settle_seconds=0)
    settings = fresh_desk.settings.model_copy(update={"doors": (door,)})
    states = {r.name: r.state for r in fetch_doors(settings, fresh_desk.warehouse)}
    assert states == {
        "bad.zip/c.csv": "landed",
        "bad.zip/d.csv": "rejected",
        "good.zip/a.csv": "landed",
        "good.zip/b.csv": "landed",
    }
    assert (inbox.parent / ".done" / "internal" / "good.zip").is_file()
    assert (inbox.parent / ".refused" / "internal" / "bad.zip").is_file()

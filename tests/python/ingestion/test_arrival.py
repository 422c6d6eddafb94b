"""Arrival and identity of files (A1–A9), and names that mean harm (J1)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingestion.landing.archive import list_archive, safe_name, sha256_of
from ingestion.landing.documents import name_and_revision
from ingestion.landing.land import land_file, release
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOK_HEADER, BOOK_LINE, book_lines, books

TWO = book_lines(BOOK_LINE, BOOK_LINE.replace("T1", "T2"))


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        pytest.param(b"", "rejected", "FILE_EMPTY", id="A1 no bytes"),
        pytest.param(b"\n\n", "rejected", "FILE_EMPTY", id="A1 blank lines only"),
        pytest.param(book_lines(), "held", "FILE_NO_ROWS", id="A2 header only"),
        pytest.param(book_lines("TRAILER,0"), "landed", None, id="A2 a trailer says empty"),
        pytest.param(b"<html>busy</html>", "rejected", "FILE_NOT_CSV", id="A3 page"),
        pytest.param(b'{"error": "busy"}', "rejected", "FILE_NOT_CSV", id="A3 json"),
        pytest.param(TWO[:-3], "held", "FILE_TRUNCATED_SUSPECT", id="A5 cut off"),
        pytest.param(TWO + b"TRAILER,2", "landed", None, id="A5 the trailer is the end"),
        pytest.param(TWO + b"TRAILER,3\n", "held", "CONTROL_TOTAL_MISMATCH", id="A6 rows"),
        pytest.param(TWO + b"TRAILER,2,20.01\n", "held", "CONTROL_TOTAL_MISMATCH", id="A6 amount"),
        pytest.param(TWO + b"TRAILER,2,EUR=20.00\n", "landed", None, id="A6 ties"),
        pytest.param(TWO + b"TRAILER,2,USD=1\n", "held", "CONTROL_TOTAL_MISMATCH", id="A6 other"),
        pytest.param(TWO + b"TRAILER,two\n", "rejected", "TRAILER_INVALID", id="A6 unreadable"),
    ],
)
def test_whole_files(desk: Desk, content: bytes, state: str, code: str | None) -> None:
    result = desk.land("internal", content)
    assert (result.state, result.code) == (state, code)
    rows = 2 if state == "landed" and b"T2" in content else 0
    assert len(desk.raw(result, "internal_transactions")) == result.landed_rows == rows
    assert desk.document(result)["state"] == state


def test_a6_names_both_numbers(desk: Desk) -> None:
    result = desk.land("internal", TWO + b"TRAILER,2,EUR=19.00\n")
    assert "EUR 19.00" in str(result.message)
    assert "holds 20.000000" in str(result.message)


def test_a6_manifest_beside_the_file(desk: Desk) -> None:
    good = b'{"rows": 1, "amounts": {"EUR": "10.00"}, "revision": 3}'
    landed = desk.land("internal", books({"order_id": "m1"}), manifest=good)
    assert (landed.state, desk.document(landed)["revision"]) == ("landed", 3)
    wrong = desk.land("internal", books({"order_id": "m2"}), manifest=good.replace(b"10.", b"11."))
    assert wrong.code == "CONTROL_TOTAL_MISMATCH"
    broken = desk.land("internal", books({"order_id": "m3"}), manifest=b'{"lines": 1}')
    assert broken.code == "MANIFEST_INVALID"
    empty = desk.land("stripe", b"", manifest=b'{"rows": 0}')
    assert empty.code == "FILE_EMPTY"


def test_a7_same_bytes_again_are_a_delivery_only(fresh_desk: Desk) -> None:
    states = [fresh_desk.land("internal", TWO, name).state for name in ("a.csv", "a.csv", "b.csv")]
    assert states == ["landed", "duplicate", "duplicate"]
    counts = [fresh_desk.count(t) for t in ("raw.internal_transactions", "ops.documents")]
    assert [*counts, fresh_desk.count("ops.deliveries")] == [2, 1, 3]
    assert len(list_archive(fresh_desk.settings)) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("books.csv", ("books.csv", 1)),
        ("books.v2.csv", ("books.csv", 2)),
        ("books.R13.csv", ("books.csv", 13)),
        ("in/box\\books.r2.csv", ("books.csv", 2)),
        ("books.v2", ("books", 2)),
        ("v2.csv", ("v2.csv", 1)),
        ("books.v.csv", ("books.v.csv", 1)),
    ],
)
def test_a8_a9_revision_is_in_the_name(name: str, expected: tuple[str, int]) -> None:
    assert name_and_revision(name) == expected


@pytest.mark.parametrize("names", [("day.csv", "day.v2.csv"), ("day.v2.csv", "day.csv")])
def test_a8_a9_correction_before_or_after_the_original(
    fresh_desk: Desk, names: tuple[str, str]
) -> None:
    content = {"day.csv": books({"amount": "1.00"}), "day.v2.csv": books({"amount": "2.00"})}
    for name in names:
        assert fresh_desk.land("internal", content[name], name).state == "landed"
    current = fresh_desk.warehouse.rows(
        "select name from ops.documents order by revision desc, received_at desc limit 1"
    )
    keys = fresh_desk.warehouse.rows("select distinct logical_key from ops.documents")
    assert (current[0]["name"], len(keys)) == ("day.v2.csv", 1)


def test_a13_limits(fresh_desk: Desk) -> None:
    limits = fresh_desk.settings.limits.model_copy(
        update={"max_line_bytes": 400, "max_bytes": 2_000}
    )
    fresh_desk.settings = fresh_desk.settings.model_copy(update={"limits": limits})
    long = fresh_desk.land("internal", books({"description": "x" * 500}))
    assert (long.state, long.code) == ("rejected", "LINE_TOO_LONG")
    assert ":2 LINE_TOO_LONG" in str(long.message)
    big = fresh_desk.land("internal", books(*[{}] * 60))
    assert (big.state, big.code) == ("rejected", "FILE_TOO_LARGE")


@pytest.mark.parametrize(
    "name",
    ["../../etc/x", "a\nb.csv", "-rf", "x" * 300, ";drop table raw.x;--'", "CON", "“é”.csv", "%s"],
)
def test_j1_hostile_names_are_data(desk: Desk, tmp_path: Path, name: str) -> None:
    path = desk.put("plain.csv", books({"description": name.replace("\n", " ")}))
    result = land_file(desk.settings, desk.warehouse, "internal", path, name=name)
    document = desk.document(result)
    assert (result.state, document["name"]) == ("landed", name)
    place = (desk.settings.archive / document["archived_as"]).resolve()
    assert place.is_relative_to(desk.settings.archive.resolve())
    assert sha256_of(place) == result.sha256
    assert safe_name(name) == safe_name(safe_name(name))


def test_held_file_is_released_by_a_person_and_only_once(fresh_desk: Desk) -> None:
    held = fresh_desk.land("internal", TWO + b"TRAILER,3\n")
    assert fresh_desk.count("raw.internal_transactions") == 0
    released = release(fresh_desk.settings, fresh_desk.warehouse, held.document_id)
    assert (released.state, released.landed_rows) == ("landed", 2)
    assert fresh_desk.document(held)["code"] == "CONTROL_TOTAL_MISMATCH"
    with pytest.raises(ValueError, match="Only a held file"):
        release(fresh_desk.settings, fresh_desk.warehouse, held.document_id)
    with pytest.raises(KeyError):
        release(fresh_desk.settings, fresh_desk.warehouse, "doc_unknown")
    assert fresh_desk.count("raw.internal_transactions") == 2


def test_share_of_refused_lines_holds_the_file(fresh_desk: Desk) -> None:
    limits = fresh_desk.settings.limits.model_copy(update={"max_quarantine_percent": 1.0})
    fresh_desk.settings = fresh_desk.settings.model_copy(update={"limits": limits})
    one_in_hundred = books(*[{}] * 99, {"amount": "x"})
    one_in_ninety = books(*[{"fee": "0.31"}] * 89, {"amount": "x"})
    assert fresh_desk.land("internal", one_in_hundred).state == "landed"
    held = fresh_desk.land("internal", one_in_ninety)
    assert (held.state, held.code, held.quarantined_rows) == ("held", "TOO_MANY_QUARANTINED", 1)
    assert len(fresh_desk.quarantine(held)) == 1


def test_a_rejected_file_keeps_its_bytes_and_may_come_right_later(fresh_desk: Desk) -> None:
    bad = fresh_desk.land("internal", BOOK_HEADER.replace("fee", "cost").encode() + b"\n")
    assert (bad.state, bad.code) == ("rejected", "HEADER_MISSING")
    assert [a.sha256 for a in list_archive(fresh_desk.settings)] == [bad.sha256]
    assert fresh_desk.document(bad)["archived_as"]


def test_every_folder_that_leads_to_an_archived_file_is_on_the_disk_before_it_is_landed(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new folder is a line in the one above it: lost with the power, it takes the file along."""
    synced: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr("ingestion.landing.stores.os.fsync", noted)
    fresh_desk.land("internal", books({}))
    (archived,) = list_archive(fresh_desk.settings)
    place = fresh_desk.settings.archive.resolve() / archived.archived_as
    assert {str(folder) for folder in list(place.parents)[:4]} <= set(synced)

"""Cursors: they move with the last page or not at all, and nothing is lost, skipped or doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import land_door
from ingestion.sources import polling
from orchestration import pipeline
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk
from tests.python.ingestion.doors.rest import Books, cursors, ids, item, land, rest_door
from tests.python.ingestion.doors.web_server import Answer, Service, serving

ALL = [f"T{number}" for number in range(5)]
END = {"rest_internal/items": "20261101T040000Z"}
KILLED = """
import os, signal, sys
from pathlib import Path
from ingestion.landing import fetch
from ingestion.landing.land import ensure_schema, land_door
from ingestion.sources import polling
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS
from tests.python.ingestion.doors.rest import rest_door

folder, address, pages, guard = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
if guard == "off":  # the cursor moves with every page that is landed
    class Ahead(dict):
        def get(self, place):
            return next(iter(self.values()))

    real = polling.PolledPages.fetched
    def ahead(self, file):
        self.notes = Ahead(self.notes)
        return real(self, file)
    polling.PolledPages.fetched = ahead
landed = fetch.land_all

def landing(*words, **named):
    global pages
    results = list(landed(*words, **named))
    pages -= 1
    if pages == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return results

fetch.land_all = landing
settings = make_settings(folder, **WORDS)
with open_warehouse(settings) as warehouse:
    ensure_schema(warehouse)
    list(land_door(settings, warehouse, rest_door(address, overlap_hours=0)))
"""


@pytest.fixture
def books() -> Books:
    """What the service keeps."""
    return Books()


@pytest.fixture
def service(books: Books) -> Iterator[Service]:
    """The service."""
    with serving(books) as running:
        yield running


@pytest.mark.parametrize("pages", [1, 3])
def test_a_run_killed_between_two_pages_loses_and_skips_nothing(
    tmp_path: Path, service: Service, pages: int
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), service.address, str(pages), "on"],
        cwd=PROJECT_ROOT,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    settings = make_settings(tmp_path, **WORDS)
    with open_warehouse(settings) as warehouse:
        desk = Desk(settings, warehouse, tmp_path)
        assert len(ids(desk)) == min(2 * pages, 5)
        assert cursors(desk) == (END if pages == 3 else {})
        land(desk, rest_door(service.address, overlap_hours=0))
        assert ids(desk) == ALL
        assert cursors(desk) == END


def test_control_a_cursor_that_runs_ahead_of_its_pages_loses_some(
    tmp_path: Path, service: Service
) -> None:
    """The guard of the test above off: the first page brings the cursor's move."""
    subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), service.address, "1", "off"],
        cwd=PROJECT_ROOT,
        check=False,
    )
    settings = make_settings(tmp_path, **WORDS)
    with open_warehouse(settings) as warehouse:
        desk = Desk(settings, warehouse, tmp_path)
        assert cursors(desk) == END
        land(desk, rest_door(service.address, overlap_hours=0))
        assert ids(desk) != ALL


def test_rows_and_cursor_are_one_transaction(
    fresh_desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        def move(_: Any) -> None:
            raise RuntimeError("the disk is gone")

        return move

    with monkeypatch.context() as patch:
        patch.setattr(polling, "moves", broken)
        with pytest.raises(RuntimeError, match="the disk is gone"):
            land(fresh_desk, rest_door(service.address))
    assert (ids(fresh_desk), cursors(fresh_desk)) == (ALL[:4], {})
    land(fresh_desk, rest_door(service.address))
    assert (ids(fresh_desk), cursors(fresh_desk)) == (ALL, END)


def test_the_same_bytes_again_are_duplicates_and_the_cursor_moves(
    fresh_desk: Desk, service: Service
) -> None:
    door = rest_door(service.address, overlap_hours=24 * 30)
    land(fresh_desk, door)
    later = fresh_desk.settings.model_copy(
        update={"now": fresh_desk.settings.clock() + timedelta(hours=1)}
    )
    results = list(land_door(later, fresh_desk.warehouse, door))
    assert [result.state for result in results] == ["duplicate"] * 3
    assert cursors(fresh_desk) == {"rest_internal/items": "20261101T050000Z"}
    assert ids(fresh_desk) == ALL


def test_a_page_never_replaces_another_page(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    """The same interval again, its items moved from page to page: no page is held or replaced."""
    settings = fresh_desk.settings.model_copy(
        update={"limits": fresh_desk.settings.limits.model_copy(update={"max_vanished_percent": 0})}
    )
    door = rest_door(service.address, overlap_hours=24 * 30)
    list(land_door(settings, fresh_desk.warehouse, door))
    books.items.insert(0, item(9))
    fresh_desk.warehouse.execute("delete from ops.cursors")
    results = list(land_door(settings, fresh_desk.warehouse, door))
    assert {result.state for result in results} == {"landed"}
    rows = fresh_desk.warehouse.rows("select logical_key from ops.documents")
    assert len({row["logical_key"] for row in rows}) == len(rows) == 6


def test_an_interval_asked_for_twice_brings_the_same_rows_under_the_same_ids(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    """Other bytes, the same objects: every fact is equal, so downstream each is one transaction.

    That equal rows are one is dbt's unit test the_same_row_again_is_one_transaction_….
    """
    door = rest_door(service.address, overlap_hours=24 * 30)
    land(fresh_desk, door)
    books.items, books.note = [item(9), *books.items], "second"
    later = fresh_desk.settings.model_copy(
        update={"now": fresh_desk.settings.clock() + timedelta(hours=1)}
    )
    results = list(land_door(later, fresh_desk.warehouse, door))
    assert {result.state for result in results} == {"landed"}
    assert len(ids(fresh_desk)) == 11
    columns = "transaction_id, amount, fee, currency, status, transaction_date, reference_number"
    rows = fresh_desk.warehouse.rows(
        f"select {columns} from raw.internal_transactions group by {columns}"
    )
    assert sorted(row["transaction_id"] for row in rows) == [*ALL, "T9"]


def test_a_failed_interface_ends_a_run_with_a_failure(
    tmp_path: Path, service: Service, books: Books
) -> None:
    books.wrong = {1: [Answer(b"", 503)]}
    door = rest_door(service.address, attempts=1)
    settings = make_settings(tmp_path, **WORDS).model_copy(update={"doors": (door,)})
    arrivals = pipeline.fetch(settings)
    assert arrivals.landed == ()
    assert "the rest door of internal: items: HTTP_503" in arrivals.unreachable
    assert pipeline.fetch(settings, ["internal"], ["inbox/a.csv"]).unreachable == ""

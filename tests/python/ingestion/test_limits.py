"""Machines and files at their limits: full disks, dead servers, deadlocks, crowds of files."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import threading
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from dbt_project.settings import Limits, Settings
from dbt_project.settings_doors import FolderDoor
from dbt_project.warehouse import PostgresWarehouse, Warehouse, open_warehouse
from ingestion.landing import attempts, commit, documents, trying
from ingestion.landing.attempts import reading
from ingestion.landing.land import ensure_schema, fetch_doors, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk
from tests.python.ingestion.make import books

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "PAUSES", (0.05, 0.1, 0.2))


def limited(desk: Desk, **limits: Any) -> None:
    """Another set of limits for this desk."""
    words = {"max_quarantine_percent": 100, **limits}
    desk.settings = desk.settings.model_copy(update={"limits": Limits(**words)})


def test_refused_money_over_the_limit_holds_the_file(fresh_desk: Desk) -> None:
    bad = [{"amount": "70.00", "status": ""}, {"amount": "-50.00", "status": ""}, {}]
    limited(fresh_desk, max_quarantine_amount={"EUR": "119.99", "USD": "1"})
    held = fresh_desk.land("internal", books(*bad))
    assert (held.state, held.code) == ("held", "QUARANTINE_AMOUNT")
    assert "120.000000 EUR, more than" in str(held.message)
    limited(fresh_desk, max_quarantine_amount={"EUR": "120", "USD": "1"})
    assert fresh_desk.land("internal", books(*bad)).state == "landed"


def test_more_rows_than_wanted_are_refused(fresh_desk: Desk) -> None:
    limited(fresh_desk, max_rows=2)
    result = fresh_desk.land("internal", books({}, {}, {}))
    assert (result.state, result.code) == ("rejected", "TOO_MANY_ROWS")
    assert fresh_desk.land("internal", books({}, {})).state == "landed"


def test_f5_too_little_room_is_said_before_anything_is_written(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = books({})
    for free, is_enough in ((3 * len(content) - 1, False), (3 * len(content), True)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(0, 0, free))
        if is_enough:
            assert fresh_desk.land("internal", content).state == "landed"
            continue
        with pytest.raises(OSError, match="needs 3 times its size"):
            fresh_desk.land("internal", content)
        assert fresh_desk.count("ops.documents") == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB of our own."""
    place = tmp_path / "small"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs rights this machine does not give")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)  # noqa: S607


def test_f5_a_full_disk_is_loud_and_the_connection_works_again(
    tmp_path: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, 10**12))
    settings = make_settings(tmp_path, warehouse=small_disk / "tieout.duckdb", **WORDS)
    chance = random.Random(1)
    rows = [{"description": chance.randbytes(600).hex()} for _ in range(20_000)]
    big, small = tmp_path / "big.csv", tmp_path / "small.csv"
    big.write_bytes(books(*rows))
    small.write_bytes(books({}))
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        assert land_file(settings, warehouse, "internal", small).state == "landed"
        with pytest.raises(duckdb.Error, match=r"(?i)space|size"):
            land_file(settings, warehouse, "internal", big)
        (count,) = warehouse.rows("select count(*) as n from raw.internal_transactions")
        assert count["n"] == 1
        small.write_bytes(books({"amount": "2.00"}))
        assert land_file(settings, warehouse, "internal", small).state == "landed"


def dying(kill: Any, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Does harm in the middle of a landing, the first so many times; counts the attempts."""
    real, tries = documents.register, list[int]()

    def register(warehouse: Warehouse, document: Any) -> None:
        real(warehouse, document)
        tries.append(1)
        if len(tries) <= times:
            kill(warehouse)

    monkeypatch.setattr(commit, "register", register)
    return tries


def terminate(warehouse: Warehouse) -> None:
    """The server drops our connection, as an administrator would."""
    assert isinstance(warehouse, PostgresWarehouse)
    pid = warehouse.connection.info.backend_pid
    with psycopg.connect(warehouse.connection.info.dsn, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [pid])


def deadlock(_: Warehouse) -> None:
    """As PostgreSQL answers one of two sessions that wait for each other."""
    raise psycopg.errors.DeadlockDetected("deadlock detected")


@pytest.fixture
def server_desk(postgres_settings: Settings, tmp_path: Path) -> Iterator[Desk]:
    """A PostgreSQL desk."""
    settings = postgres_settings.model_copy(update={"now": WORDS["now"]})
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, tmp_path)


@pytest.mark.parametrize("harm", [terminate, deadlock])
def test_f8_f10_a_dropped_line_or_a_deadlock_is_tried_again(
    server_desk: Desk, monkeypatch: pytest.MonkeyPatch, harm: Any
) -> None:
    tries = dying(harm, monkeypatch, times=3)
    assert server_desk.land("internal", books({}, {})).state == "landed"
    assert len(tries) == 4
    assert server_desk.count("raw.internal_transactions") == 2


def test_f10_trouble_that_stays_is_loud_after_three_more_tries(
    server_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = dying(deadlock, monkeypatch, times=99)
    with pytest.raises(psycopg.errors.DeadlockDetected):
        server_desk.land("internal", books({}))
    assert len(tries) == 4
    assert server_desk.count("raw.internal_transactions") == 0


def test_f9_a_server_that_is_down_is_an_error_and_files_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dbt_project.warehouse.CONNECT_PAUSES", (0.01, 0.01))
    nowhere = {"host": str(tmp_path), "port": 1}
    settings = make_settings(tmp_path, target="postgres", postgres=nowhere)
    inbox = settings.inbox / "internal"
    inbox.mkdir(parents=True)
    (inbox / "day.csv").write_bytes(books({}))
    with pytest.raises(psycopg.OperationalError), open_warehouse(settings):
        raise AssertionError("there is no server")
    assert (inbox / "day.csv").is_file()


def test_f11_two_loaders_on_one_file_land_it_once(engine_settings: Settings) -> None:
    path = engine_settings.state.parent / "day.csv"
    path.write_bytes(books(*({} for _ in range(50))))
    states: list[str] = []

    def load() -> None:
        with open_warehouse(engine_settings) as warehouse:
            states.append(land_file(engine_settings, warehouse, "internal", path).state)

    with open_warehouse(engine_settings) as warehouse:
        ensure_schema(warehouse)
    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["duplicate"] * 3 + ["landed"]
    with open_warehouse(engine_settings) as warehouse:
        rows = warehouse.rows("select count(*) as n from raw.internal_transactions")
        assert rows == [{"n": 50}]


def test_f28_a_file_that_kills_the_process_is_refused_at_the_fourth_time(
    fresh_desk: Desk,
) -> None:
    content = books({})
    path = fresh_desk.put("bomb.csv", content)
    first = fresh_desk.land("internal", b"<html>")
    settings = fresh_desk.settings
    identity = first.document_id
    for _ in range(attempts.MOST):
        child = os.fork()
        if child == 0:
            with reading(settings, identity):
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
    path.write_bytes(b"<html>")
    result = land_file(settings, fresh_desk.warehouse, "internal", path)
    assert (result.state, result.code) == ("rejected", "PARSER_CRASHED")
    again = land_file(settings, fresh_desk.warehouse, "internal", path)
    assert again.code == "FILE_NOT_CSV"  # sent again, it is tried again
    assert not any((settings.state / "reading").iterdir())


def test_f29_a_crowd_of_small_files_lands_whatever_their_order(tmp_path: Path) -> None:
    sums = []
    for seed in (1, 2):
        settings = make_settings(tmp_path / str(seed), **WORDS)
        inbox = settings.inbox / "internal"
        inbox.mkdir(parents=True)
        numbers = list(range(60))
        random.Random(seed).shuffle(numbers)
        for place, number in enumerate(numbers):
            line = {"transaction_id": f"T{number}", "amount": f"{number}.00"}
            (inbox / f"{place:03}.csv").write_bytes(books(line))
        door = FolderDoor(source="internal", path=inbox, settle_seconds=0)
        settings = settings.model_copy(update={"doors": (door,)})
        with open_warehouse(settings) as warehouse:
            ensure_schema(warehouse)
            assert {r.state for r in fetch_doors(settings, warehouse)} == {"landed"}
            query = "select transaction_id, amount from raw.internal_transactions order by all"
            sums.append(warehouse.rows(query))
        assert list(inbox.iterdir()) == []
    assert sums[0] == sums[1]
    assert len(sums[0]) == 60

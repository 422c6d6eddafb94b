"""Killed loaders, broken parsers, full disks: the next run repairs what is left (F1, F5, F28)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT, Door
from dbt_project.warehouse import DuckDBWarehouse, open_warehouse
from ingestion.landing import arrivals, one_file
from ingestion.landing.land import fetch_doors
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books

KILLED = """
import os, signal, sys
from pathlib import Path
from dbt_project.settings import PROJECT_ROOT, Door, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing import commit
from ingestion.landing.land import ensure_schema, fetch_doors
from ingestion.sources import folder

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

settings = Settings.model_validate_json(sys.argv[1])
with open_warehouse(settings) as warehouse:
    ensure_schema(warehouse)
    module, name = {"deliver": (commit, "deliver"), "leave": (folder, "_free")}[sys.argv[2]]
    setattr(module, name, die)
    list(fetch_doors(settings, warehouse))
"""


@pytest.mark.parametrize(("step", "then"), [("deliver", "landed"), ("leave", "duplicate")])
def test_fault_f1_a_killed_loader_loses_and_doubles_nothing(
    engine_desk: Desk, step: str, then: str
) -> None:
    inbox = engine_desk.settings.inbox / "internal"
    inbox.mkdir(parents=True)
    (inbox / "day.csv").write_bytes(books({}, {}))
    door = Door(kind="folder", source="internal", path=inbox, settle_seconds=0)
    settings = engine_desk.settings.model_copy(update={"doors": (door,)})
    if isinstance(engine_desk.warehouse, DuckDBWarehouse):
        engine_desk.warehouse.connection.close()
    words = [sys.executable, "-c", KILLED, settings.model_dump_json(), step]
    killed = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with open_warehouse(settings) as warehouse:
        rows = warehouse.rows("select count(*) as n from raw.internal_transactions")[0]["n"]
        assert rows == (0 if then == "landed" else 2)
        assert [result.state for result in fetch_doors(settings, warehouse)] == [then]
        rows = warehouse.rows("select count(*) as n from raw.internal_transactions")[0]["n"]
    assert rows == 2
    assert (inbox.parent / ".done" / "internal" / "day.csv").is_file()


def test_fault_f28_a_file_that_breaks_its_parser_does_not_stop_the_others(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a shape nobody\nthought of")

    with monkeypatch.context() as patch:
        patch.setattr(one_file, "parse", broken)
        result = fresh_desk.land("internal", books({}))
    assert (result.state, result.code) == ("rejected", "PARSER_FAILED")
    assert "RuntimeError: a shape nobody\\x0athought of" in str(result.message)
    assert fresh_desk.land("internal", books({})).state == "landed"


def test_trouble_of_the_machine_is_raised_and_leaves_nothing(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrivals, "keep", full)
    with pytest.raises(OSError, match="No space"):
        fresh_desk.land("internal", books({}))
    assert fresh_desk.count("ops.documents") == fresh_desk.count("ops.deliveries") == 0
    assert not list((fresh_desk.settings.archive / ".incoming").iterdir())


def test_leftovers_of_a_killed_loader_are_swept(fresh_desk: Desk) -> None:
    incoming = fresh_desk.settings.archive / ".incoming"
    for name, age in (("old", 2 * 86_400), ("young", 60)):
        (incoming / name).mkdir(parents=True)
        (incoming / name / "bytes").write_bytes(b"x")
        moment = time.time() - age
        os.utime(incoming / name, (moment, moment))
    fresh_desk.land("internal", books({}))
    assert [path.name for path in incoming.iterdir()] == ["young"]

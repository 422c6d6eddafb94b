"""From the spool to the warehouse: once, in any order, through kills (F19, F20, I4)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, fetch_doors
from ingestion.webhooks import spool as spool_module
from ingestion.webhooks.drain import fingerprints_of
from ingestion.webhooks.events import Event
from ingestion.webhooks.spool import Spool, spool_of
from orchestration.schedule.inbox import Memory, fingerprints
from tests.python.webhooks.calls import (
    SECRETS,
    by_shop,
    landed,
    running,
    sale,
    spooled,
    stored,
    with_webhooks,
)


def test_events_become_one_file_and_no_body_stays_behind(engine_settings: Settings) -> None:
    settings = with_webhooks(engine_settings)
    spooled(settings, sale(2), sale(1), sale(3))
    assert fingerprints_of(settings) == {"internal|webhook://shop": "1"}
    results, rows = landed(settings)
    assert [(r.state, r.landed_rows) for r in results] == [("landed", 3)]
    assert rows == ["T1", "T2", "T3"]
    document = results[0].document_id
    assert stored(settings, "state, document_id, body") == [("landed", document, None)] * 3
    assert landed(settings)[0] == []
    assert fingerprints_of(settings) == {}


def test_the_sensor_sees_a_provider_and_a_run_for_it_lands_it_alone(
    duckdb_settings: Settings,
) -> None:
    settings = with_webhooks(duckdb_settings)
    spooled(settings, sale(1))
    now, troubles = fingerprints(settings, Memory())
    assert (now, troubles) == ({"internal|webhook://shop": "1"}, [])
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        asked = [["webhook://plain"], ["webhook://shop"], ["webhook://shop"]]
        counts = [len(list(fetch_doors(settings, warehouse, ["internal"], p))) for p in asked]
    assert counts == [0, 1, 0]


def test_fault_f19_delivered_five_times_at_once_and_in_disorder_lands_once(
    duckdb_settings: Settings,
) -> None:
    settings = with_webhooks(duckdb_settings, max_events_a_file=7)
    calls = [by_shop(sale(n)) for n in range(10, 30)] * 5
    calls = sorted(calls, key=lambda call: hash((call.body, id(call))))
    with running(settings) as address, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda call: call.send(address), calls)) == {200}
    assert len(stored(settings)) == 20
    results, rows = landed(settings)
    assert [r.state for r in results] == ["landed"] * 3
    assert rows == [f"T{n}" for n in range(10, 30)]


def test_fault_f19_the_control_without_the_unique_key_counts_twice(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "UNIQUE", "")
    settings = with_webhooks(duckdb_settings)
    spooled(settings, sale(1))
    spooled(settings, sale(1))
    assert len(stored(settings)) == 2


KILLED = """
import os, signal, sys
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing import commit
from ingestion.landing.land import ensure_schema, fetch_doors
from ingestion.webhooks.spool import Spool

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

step = sys.argv[2]
if step == "after the commit":
    Spool.close = die
elif step == "in the commit":
    commit.deliver = die
else:
    real = Spool.bind
    Spool.bind = lambda *words: (real(*words), die())
settings = Settings.model_validate_json(sys.argv[1])
with open_warehouse(settings) as warehouse:
    ensure_schema(warehouse)
    list(fetch_doors(settings, warehouse))
"""


@pytest.mark.parametrize("step", ["after the commit", "in the commit", "after binding"])
def test_killed_while_landing_lands_once(duckdb_settings: Settings, step: str) -> None:
    settings = with_webhooks(duckdb_settings)
    spooled(settings, *(sale(n) for n in range(5)))
    words = [sys.executable, "-c", KILLED, settings.model_dump_json(), step]
    killed = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert {state for (state,) in stored(settings, "state")} == {"waiting"}
    spooled(settings, sale(5))  # what comes in between is a file of its own
    results, rows = landed(settings)
    first = "duplicate" if step == "after the commit" else "landed"
    assert [r.state for r in results] == [first, "landed"]
    assert rows == [f"T{n}" for n in range(6)]
    assert {state for (state,) in stored(settings, "state")} == {"landed"}


def test_the_control_a_file_that_is_not_bound_first_lands_twice(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other bytes after a kill are another document: the bound batch is what prevents it."""
    settings = with_webhooks(duckdb_settings)
    spooled(settings, sale(1))
    with monkeypatch.context() as patch:
        patch.setattr(Spool, "close", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            landed(settings)
    with spool_of(settings).opened() as db:
        db.execute("update events set batch = null")
    spooled(settings, sale(2))
    assert landed(settings)[1] == ["T1", "T1", "T2"]


DYING = """
import os, signal, sys
from dbt_project.settings import Settings
from ingestion.webhooks import writer
from ingestion.webhooks.serve import server_of

step = sys.argv[2]
real = writer.Spool.put
def put(*words):
    if step == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    real(*words)
    os.kill(os.getpid(), signal.SIGKILL)
writer.Spool.put = put
server_of(Settings.model_validate_json(sys.argv[1]), port=int(sys.argv[3])).run()
"""


@pytest.mark.parametrize(("step", "kept"), [("before", 0), ("after", 1)])
def test_fault_f20_a_receiver_that_dies_before_its_answer_is_called_again(
    duckdb_settings: Settings, unused_port: int, step: str, kept: int
) -> None:
    settings = with_webhooks(duckdb_settings)
    call, address = by_shop(sale(1)), f"http://127.0.0.1:{unused_port}"
    words = [sys.executable, "-c", DYING, settings.model_dump_json(), step, str(unused_port)]
    with subprocess.Popen(words, cwd=PROJECT_ROOT, env={**os.environ, **SECRETS}) as dying:
        deadline = time.monotonic() + 60
        while dying.poll() is None and time.monotonic() < deadline:
            try:
                assert call.send(address) != 200
            except httpx.TransportError:  # not there yet, or gone in the middle
                time.sleep(0.1)
        assert dying.wait(timeout=5) == -signal.SIGKILL
    assert len(stored(settings)) == kept
    with running(settings) as again:
        assert call.send(again) == 200
    assert len(stored(settings)) == 1
    assert landed(settings)[1] == ["T1"]


def test_an_event_is_one_row_whatever_its_order(duckdb_settings: Settings) -> None:
    spool = spool_of(with_webhooks(duckdb_settings))
    with spool.opened() as db:
        one, other = Event("shop", "1", "", b"a"), Event("plain", "1", "", b"a")
        assert spool.put(db, [one, other, one]) == [True, True, False]
        assert db.execute("pragma synchronous").fetchone()[0] == 2
        assert db.execute("pragma journal_mode").fetchone()[0] == "wal"
    assert spool.file.stat().st_mode & 0o077 == 0

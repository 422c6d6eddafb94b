"""Too much at once (I7): large bodies, slow callers, bursts, a full queue, a full disk."""

from __future__ import annotations

import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.concurrency import run_in_threadpool

from dbt_project.settings import Settings
from ingestion.webhooks import writer
from ingestion.webhooks.spool import Spool
from ingestion.webhooks.tally import Tally
from tests.python.webhooks.calls import (
    Call,
    by_plain,
    by_stripe,
    counted,
    event,
    running,
    stored,
    with_webhooks,
)


def test_i7_a_body_that_is_too_large(deployment: Settings, address: str) -> None:
    large = b"x" * 10_000_000
    assert by_plain(large).send(address) == 413

    def parts() -> Any:
        for _ in range(20):
            yield b"x" * 100_000

    call = by_plain(b"")
    assert Call("plain", parts(), call.headers).send(address) == 413
    assert stored(deployment) == []
    assert counted(deployment) == {"too_large": 2}


def speak(address: str, *said: bytes, pause: float = 0.4) -> bytes:
    """Sends parts with pauses; everything that is answered until the line is cut."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        for part in said:
            line.sendall(part)
            time.sleep(pause)
        heard = b""
        while more := line.recv(4096):
            heard += more
        return heard


def test_i7_a_slow_body_and_slow_headers_end_with_408(deployment: Settings, address: str) -> None:
    head = b"POST /webhooks/plain HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n"
    assert speak(address, head, b"a", b"b").startswith(b"HTTP/1.1 408")
    assert speak(address, head[:20], b"a", b"b").startswith(b"HTTP/1.1 408")
    assert stored(deployment) == []
    assert counted(deployment) == {"too_slow": 1}


def test_i7_a_burst_is_slowed_down(duckdb_settings: Settings) -> None:
    settings = with_webhooks(duckdb_settings, max_events_per_second=2)
    with running(settings) as address, ThreadPoolExecutor(8) as pool:
        calls = [by_stripe(event(f"evt_{n}")) for n in range(60)]
        found = list(pool.map(lambda call: call.send(address), calls))
    assert set(found) == {200, 429}
    assert found.count(200) == len(stored(settings)) < 60
    assert counted(settings)["too_many"] == found.count(429)


def test_i7_a_full_queue_is_said_at_once_and_nothing_is_thanked_for_unstored(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_webhooks(duckdb_settings, max_waiting=2)
    real = Spool.put
    monkeypatch.setattr(writer, "AT_ONCE", 1)

    def slow(*words: Any) -> Any:
        time.sleep(0.3)
        return real(*words)

    monkeypatch.setattr(Spool, "put", slow)
    with running(settings) as address, ThreadPoolExecutor(12) as pool:
        calls = [by_stripe(event(f"evt_{n}")) for n in range(12)]
        found = list(pool.map(lambda call: call.send(address), calls))
        assert set(found) == {200, 429}
        assert found.count(200) == len(stored(settings))


def test_i7_what_cannot_be_stored_is_not_thanked_for(
    deployment: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Spool, "put", full)
        assert by_stripe(event()).send(address) == 503
    assert stored(deployment) == []
    assert by_stripe(event()).send(address) == 200


@pytest.mark.parametrize("is_guarded", [True, False])
def test_i7_refused_calls_do_not_keep_the_disk_busy(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off each of them waits for a write of its own."""
    writes: list[int] = []
    real = Spool.count

    def slow(self: Spool, counts: Any) -> None:
        writes.append(sum(counts.values()))
        time.sleep(0.2)
        real(self, counts)

    async def at_once(self: Tally, provider: str, what: str) -> None:
        await run_in_threadpool(self._spool.count, {(provider, what): 1})

    monkeypatch.setattr(Spool, "count", slow)
    if not is_guarded:
        monkeypatch.setattr(Tally, "add", at_once)
    settings = with_webhooks(duckdb_settings)
    with running(settings) as address, ThreadPoolExecutor(20) as pool:
        calls = [Call("plain", b"{}", {}) for _ in range(20)]
        found = list(pool.map(lambda call: call.send(address), calls))
    assert found == [401] * 20
    assert counted(settings) == {"signature_missing": 20}
    assert sum(writes) == 20
    assert (len(writes) < 20) == is_guarded

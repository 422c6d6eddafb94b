"""Who has no secret locks nobody out: unproved calls are counted by address, over real sockets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from types import SimpleNamespace

import httpx
import pytest

from dbt_project.settings import Settings
from ingestion.webhooks import limits
from ingestion.webhooks.limits import Addresses, caller_of
from ingestion.webhooks.spool import Spool
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

STILL = SimpleNamespace(monotonic=lambda: 0.0)  # no bucket fills up while a test looks
FORGED = Call("stripe", b"{}", {"Stripe-Signature": "t=1,v1=00"})
PROXIES = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")]


def send_from(address: str, here: str, call: Call, **headers: str) -> int:
    """Sends a call from one of this machine's addresses."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=here), timeout=30) as client:
        url = f"{address}/webhooks/{call.provider}"
        answer = client.post(url, content=call.body, headers={**call.headers, **headers})
        return answer.status_code


def flood(address: str, here: str, count: int = 30, **headers: str) -> list[int]:
    """Forged calls, eight at a time."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: send_from(address, here, FORGED, **headers), range(count)))


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_flood_without_the_secret_does_not_lock_the_sender_out(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """The control has one bucket for everybody, counted before proof, as a flood would like it."""
    monkeypatch.setattr(limits, "time", STILL)
    if not is_guarded:
        monkeypatch.setattr(limits, "_short", lambda _: "everybody")
        monkeypatch.setattr(limits.Bucket, "give_back", lambda self: None)
    settings = with_webhooks(duckdb_settings, max_unproved_per_second=1)
    with running(settings) as address:
        for number in range(4):
            answers = flood(address, "127.0.0.1", 8)
            assert set(answers) <= {401, 429}
            assert 429 in answers
            found = send_from(address, "127.0.0.2", by_stripe(event(f"evt_{number}")))
            assert found == (200 if is_guarded else 429)
    assert len(stored(settings)) == (4 if is_guarded else 0)
    assert counted(settings)["too_many_unproved"] > 0


def test_behind_a_proxy_it_is_the_address_the_proxy_names_that_counts(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a caller writes into the header himself stands further left, and helps him nothing."""
    monkeypatch.setattr(limits, "time", STILL)
    settings = with_webhooks(duckdb_settings, max_unproved_per_second=1)
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    with running(settings) as address:
        assert 429 in flood(address, "127.0.0.1", **forged)
        proved = by_stripe(event())
        header = {"X-Forwarded-For": "203.0.113.9"}
        assert send_from(address, "127.0.0.1", proved, **header) == 200


def test_a_sender_may_send_more_than_a_stranger(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is proved gives back what it took: one after the other there is no limit but its own."""
    monkeypatch.setattr(limits, "time", STILL)
    settings = with_webhooks(duckdb_settings, max_unproved_per_second=1)
    with running(settings) as address:
        assert [by_stripe(event(f"e{n}")).send(address) for n in range(9)] == [200] * 9


def test_proved_calls_have_a_limit_of_their_own(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "time", STILL)
    settings = with_webhooks(duckdb_settings, max_events_per_second=1, max_unproved_per_second=1000)
    with running(settings) as address:
        found = [by_plain(f'{{"data": {{"id": "{n}"}}}}'.encode()).send(address) for n in range(9)]
        assert found == [200] + [429] * 8
        assert by_stripe(event()).send(address) == 200  # another provider's is full
    assert counted(settings) == {"too_many": 8}


def test_addresses_are_forgotten_before_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 100)
    addresses = Addresses(1, [])
    for number in range(1000):
        addresses.bucket_of(f"10.0.{number // 250}.{number % 250}", [])
    assert len(addresses) == 100
    last = addresses.bucket_of("10.0.3.249", [])
    assert last is addresses.bucket_of("10.0.3.249", [])


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("198.51.100.1", [], "198.51.100.1"),
        ("198.51.100.1", ["203.0.113.9"], "198.51.100.1"),  # no proxy of ours: its word is nothing
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["203.0.113.9, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["x" * 5000], "unknown"),
        ("2001:db8::1", [], "2001:db8::/64"),
        ("2001:db8::ffff", [], "2001:db8::/64"),
        ("::ffff:198.51.100.1", [], "198.51.100.1"),
        ("", [], "unknown"),
    ],
)
def test_who_calls(peer: str, forwarded: list[str], caller: str) -> None:
    assert caller_of(peer, forwarded, PROXIES) == caller


def test_a_spool_that_cannot_be_opened_is_said_and_not_waited_for(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer's thread died of it, and every caller after waited for ever."""
    settings = with_webhooks(duckdb_settings)
    file, aside = settings.state / "webhooks.sqlite", settings.state / "aside"
    made = Spool.__init__

    def broken_at_once(self: Spool, path: object) -> None:
        made(self, file)
        file.rename(aside)
        file.mkdir()

    monkeypatch.setattr(Spool, "__init__", broken_at_once)
    with running(settings) as address:
        assert [by_stripe(event()).send(address) for _ in range(2)] == [503, 503]
        file.rmdir()
        aside.rename(file)
        assert by_stripe(event()).send(address) == 200
    assert stored(settings) == [("evt_1",)]

"""The Stripe door through Stripe's own library: against localstripe, and a service that fails."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dbt_project.settings_polls import StripeDoor
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import stripe_api, web
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.rest import cursors, land
from tests.python.ingestion.doors.web_server import Answer, Asked, said, serving
from tests.python.orchestration.mail_server import free_port

KEY = "sk_test_12345"
TABLES = {
    "balance_transactions": "stripe_api_balance_transactions",
    "charges": "stripe_api_charges",
}


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_STRIPE", KEY)
    for name in ("FIRST_WAIT", "WAIT", "JITTER"):
        monkeypatch.setattr(web, name, 0.001)


@pytest.fixture(scope="module")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """localstripe in a process of its own; its address."""
    port = free_port()
    log = (tmp_path_factory.mktemp("stripe") / "log").open("w")
    program = "import sys; from localstripe.server import start; sys.exit(start())"
    server = subprocess.Popen(
        [sys.executable, "-c", program, "--port", str(port), "--from-scratch"],
        stdout=log,
        stderr=log,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def stripe_door(address: str, **words: Any) -> StripeDoor:
    """The door, for charges and their balance transactions."""
    values: dict[str, Any] = {
        "source": "stripe",
        "key_variable": "TIEOUT_SECRET_STRIPE",
        "base_url": address,
        "start": "2026-10-15",
        "timeout_seconds": 5,
        "attempts": 2,
        "objects": ["balance_transactions", "charges"],
        **words,
    }
    return StripeDoor(**values)


@contextmanager
def without_times(stripe: str) -> Iterator[str]:
    """localstripe does not know the filter `created`; a service in front of it leaves it out."""

    def forward(asked: Asked) -> Answer:
        words = {n: v for n, v in asked.words.items() if not n.startswith("created")}
        heads = {"authorization": asked.headers["authorization"]}
        answer = httpx.get(f"{stripe}{asked.path}", params=words, headers=heads)
        return Answer(answer.content, answer.status_code)

    with serving(forward) as service:
        yield service.address


def pay(client: httpx.Client, amount: int) -> None:
    """A charge on a card."""
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2035", "cvc": "123"}
    words = {"type": "card", **{f"card[{name}]": value for name, value in card.items()}}
    method = client.post("/v1/payment_methods", data=words).json()["id"]
    charge = {"amount": str(amount), "currency": "eur", "source": method}
    assert client.post("/v1/charges", data=charge).status_code == 200


def test_what_the_library_lists_is_landed(
    fresh_desk: Desk, stripe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_api, "AT_ONCE", 2)
    objects = ["balance_transactions", "charges"]
    with httpx.Client(base_url=stripe, auth=(KEY, "")) as client:
        for amount in (1000, 2550, 300):
            pay(client, amount)
        kept = {name: client.get(f"/v1/{name}").json()["data"] for name in objects}
    with without_times(stripe) as address:
        door = stripe_door(address, objects=objects)
        results = list(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
        assert [r.state for r in results] == ["landed"] * 4, [r.message for r in results]
        assert "charges" in stripe_api.try_stripe(fresh_desk.settings, door)
    for name, found in kept.items():
        rows = fresh_desk.warehouse.rows(f"select id, amount from raw.{TABLES[name]} order by id")
        expected = [(item["id"], str(item["amount"])) for item in found]
        assert [(row["id"], row["amount"]) for row in rows] == sorted(expected)


def pages(asked: Asked) -> Answer:
    """Three pages of balance transactions, newest first, in Stripe's own shape."""
    if asked.path != "/v1/balance_transactions":
        return said({"object": "list", "data": [], "has_more": False, "url": asked.path})
    after = int(asked.words.get("starting_after", "txn_5").removeprefix("txn_"))
    data = [change(number) for number in range(after - 1, max(after - 3, -1), -1)]
    return said(
        {"object": "list", "data": data, "has_more": after > 2, "url": "/v1/balance_transactions"}
    )


def change(number: int) -> dict[str, Any]:
    """A balance transaction as the API writes it."""
    return {
        "id": f"txn_{number}", "object": "balance_transaction", "amount": 1000, "fee": 59,
        "net": 941, "currency": "eur", "created": 1792490400 + number, "available_on": 1792576800,
        "type": "charge", "reporting_category": "charge", "source": f"ch_{number}",
        "status": "available", "description": None, "exchange_rate": None, "fee_details": [],
    }  # fmt: skip


def test_pages_are_followed_to_the_end_as_they_came(fresh_desk: Desk) -> None:
    with serving(pages) as service:
        results = list(
            land_door(fresh_desk.settings, fresh_desk.warehouse, stripe_door(service.address))
        )
        assert [(r.state, r.landed_rows) for r in results] == [("landed", n) for n in (2, 2, 1)]
        sent = pages(service.asked[0]).body
    kept = fresh_desk.settings.archive / fresh_desk.document(results[0])["archived_as"]
    assert kept.read_bytes() == sent
    first = service.asked[0]
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert first.words["created[gte]"] == str(int(datetime(2026, 10, 15, tzinfo=UTC).timestamp()))
    assert len({fresh_desk.document(r)["logical_key"] for r in results}) == 3
    assert set(cursors(fresh_desk)) == {
        "stripe_stripe/balance_transactions", "stripe_stripe/charges",
    }  # fmt: skip


TROUBLES = {
    "HTTP_503": Answer(b"", 503),
    "AuthenticationError": said({"error": {"message": f"Invalid key {KEY}"}}, status=401),
    "RateLimitError|HTTP_429": said({"error": {"message": "slow"}}, status=429),
    "ANSWER_ERROR": said({"object": "charge", "id": "ch_1"}),
    "INCOMPLETE": said({"object": "list", "data": [], "has_more": True}),
    "PAGE_LOOP": said({"object": "list", "data": [change(1)], "has_more": True}),
    "APIError|ANSWER": Answer(b"<html>", 200),
}


@pytest.mark.parametrize("words", TROUBLES)
def test_i10_trouble_lands_nothing_and_stops_no_other_stream(fresh_desk: Desk, words: str) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/v1/balance_transactions" and "starting_after" in asked.words:
            return TROUBLES[words]
        return pages(asked)

    with serving(answer) as service:
        door = stripe_door(service.address)
        with pytest.raises(DoorError, match=words) as refused:
            land(fresh_desk, door)
        assert KEY not in str(refused.value)
        assert set(cursors(fresh_desk)) == {"stripe_stripe/charges"}
        assert fresh_desk.count("ops.documents") == 0
        service.answer = pages
        assert land(fresh_desk, door) == ["landed"] * 3


def test_a_connected_account_is_named(fresh_desk: Desk) -> None:
    with serving(pages) as service:
        land(fresh_desk, stripe_door(service.address, account="acct_7", objects=["charges"]))
    assert service.asked[0].headers["stripe-account"] == "acct_7"


def test_a_missing_key_is_named(fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIEOUT_SECRET_STRIPE")
    with pytest.raises(DoorError, match="needs the variable TIEOUT_SECRET_STRIPE"):
        land(fresh_desk, stripe_door("http://127.0.0.1:1"))

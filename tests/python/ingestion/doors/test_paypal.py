"""The PayPal door against a service that pages like the transaction search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from dbt_project.settings_polls import PaypalDoor
from ingestion.sources import paypal_api, web
from ingestion.sources.files import Here, TransferError, Waiting
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.rest import cursors, land
from tests.python.ingestion.doors.web_server import Answer, Asked, Service, said, serving

SECRET = "hush-hush"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_PAYPAL", SECRET)
    for name in ("FIRST_WAIT", "WAIT", "JITTER"):
        monkeypatch.setattr(web, name, 0.001)


def transaction(number: int) -> dict[str, Any]:
    """A transaction as the search writes it."""
    amount = {"currency_code": "EUR", "value": "12.30"}
    times = {"transaction_initiation_date": "2026-10-20T10:00:00+0000"}
    fee = {"currency_code": "EUR", "value": "-0.59"}
    info = {"transaction_id": f"P{number}", "transaction_amount": amount, "fee_amount": fee}
    kind = {"transaction_event_code": "T0006", "transaction_status": "S"}
    return {"transaction_info": {**info, **times, **kind}}


def search(asked: Asked, announced: int = 3) -> Answer:
    """Three transactions in two pages, on one day; complete until ten o'clock of the last day."""
    if asked.path == "/v1/oauth2/token":
        return said({"access_token": "A21", "token_type": "Bearer"})
    day = datetime(2026, 10, 20, 10)
    since, until = (datetime.strptime(asked.words[f"{n}_date"], MOMENT) for n in ("start", "end"))
    items = [transaction(number) for number in range(3)] if since <= day < until else []
    start = (int(asked.words["page"]) - 1) * 2
    return said(
        {
            "transaction_details": items[start : start + 2],
            "total_items": announced if items else 0,
            "total_pages": -(-len(items) // 2),
            "page": int(asked.words["page"]),
            "last_refreshed_datetime": "2026-10-31T10:00:00+0000",
        }
    )


@pytest.fixture
def service() -> Iterator[Service]:
    """The search."""
    with serving(search) as running:
        yield running


def paypal_door(address: str, **words: Any) -> PaypalDoor:
    """The door."""
    values: dict[str, Any] = {
        "source": "paypal",
        "client_id": "client",
        "secret_variable": "TIEOUT_SECRET_PAYPAL",
        "base_url": address,
        "start": "2026-10-15",
        "timeout_seconds": 2,
        "attempts": 2,
        **words,
    }
    return PaypalDoor(**values)


def polled(desk: Desk, door: PaypalDoor) -> list[tuple[Waiting, bytes]]:
    """Every page that would be landed, with its bytes."""
    here = Here(desk.settings, desk.warehouse)
    found = []
    with paypal_api.open_paypal(here, door) as peer:
        for file in peer.ready(lambda _: True):
            with peer.fetched(file) as local:
                found.append((file, local.path.read_bytes()))
                peer.refused.clear()
    return found


def test_pages_come_as_they_are_up_to_where_paypal_is_complete(
    fresh_desk: Desk, service: Service
) -> None:
    pages = polled(fresh_desk, paypal_door(service.address))
    asked = [a for a in service.asked if a.words.get("page_size") == "500"]
    assert [content for _, content in pages] == [
        search(a).body for a in asked if b"P0" in search(a).body or b"P2" in search(a).body
    ]
    assert len(pages) == 2
    assert len({file.name for file, _ in pages}) == 2
    times = [(a.words["start_date"], a.words["end_date"]) for a in asked]
    assert times[0] == ("2026-10-15T00:00:00Z", "2026-10-22T00:00:00Z")
    assert times[-1][1] == "2026-10-31T10:00:00Z"
    assert {a.words["fields"] for a in asked} == {"transaction_info"}
    assert {a.headers["authorization"] for a in asked} == {"Bearer A21"}
    token = next(a for a in service.asked if a.path == "/v1/oauth2/token")
    assert token.body == "grant_type=client_credentials"


def test_the_pages_land_and_the_cursor_moves(fresh_desk: Desk, service: Service) -> None:
    door = paypal_door(service.address)
    assert land(fresh_desk, door) == ["landed", "landed"]
    rows = fresh_desk.warehouse.rows(
        "select transaction_id, amount, fee_amount from raw.paypal_searched_transactions order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [(f"P{n}", "12.30", "-0.59") for n in range(3)]
    assert cursors(fresh_desk) == {"paypal_paypal/transactions": "20261031T100000Z"}


def test_fewer_transactions_than_announced_are_a_failure(
    fresh_desk: Desk, service: Service
) -> None:
    service.answer = lambda asked: search(asked, announced=4)
    with pytest.raises(TransferError, match="INCOMPLETE 3 of 4"):
        polled(fresh_desk, paypal_door(service.address))


TROUBLES = {
    r"HTTP_400 .*\(RESULTSET_TOO_LARGE\)": said({"name": "RESULTSET_TOO_LARGE"}, status=400),
    "HTTP_401": said({"error": SECRET}, status=401),
    "HTTP_503": Answer(b"", 503),
    "ANSWER_ERROR PayPal answered": said({"message": "busy"}),
    "ANSWER_ERROR PayPal does not say": said({"transaction_details": []}),
    "ANSWER_UNREADABLE": Answer(b"<html>"),
}


@pytest.mark.parametrize("words", TROUBLES)
def test_i10_trouble_is_a_failure(fresh_desk: Desk, service: Service, words: str) -> None:
    service.answer = lambda asked: (
        TROUBLES[words] if asked.words.get("page_size") == "500" else search(asked)
    )
    with pytest.raises(TransferError, match=words) as refused:
        polled(fresh_desk, paypal_door(service.address))
    assert SECRET not in str(refused.value)
    assert fresh_desk.count("ops.cursors") == 0


def test_a_wrong_secret_is_a_failure_that_does_not_tell_it(
    fresh_desk: Desk, service: Service
) -> None:
    service.answer = lambda asked: said({"error": "invalid_client"}, status=401)
    with pytest.raises(TransferError, match=r"HTTP_401 .*\(invalid_client\)") as refused:
        polled(fresh_desk, paypal_door(service.address))
    assert SECRET not in str(refused.value)


def test_an_interval_of_over_31_days_is_refused() -> None:
    with pytest.raises(ValueError, match="window_days"):
        paypal_door("https://api-m.paypal.com", window_days=32)


def test_the_doctor_hears_how_far_it_is(fresh_desk: Desk, service: Service) -> None:
    words = paypal_api.try_paypal(fresh_desk.settings, paypal_door(service.address))
    assert "complete until 2026-10-31T10:00:00Z" in words

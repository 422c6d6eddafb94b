"""The Square door through Square's own library, against a service of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dbt_project.settings_polls import SquareDoor
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import square_api, web
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.rest import cursors, land
from tests.python.ingestion.doors.web_server import Answer, Asked, said, serving

TOKEN = "EAAA-secret"


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_SQUARE", TOKEN)
    for name in ("FIRST_WAIT", "WAIT", "JITTER"):
        monkeypatch.setattr(web, name, 0.001)


def square_door(address: str, **words: Any) -> SquareDoor:
    """The door."""
    values: dict[str, Any] = {
        "source": "square",
        "token_variable": "TIEOUT_SECRET_SQUARE",
        "base_url": address,
        "start": "2026-10-15",
        "timeout_seconds": 2,
        "attempts": 2,
        **words,
    }
    return SquareDoor(**values)


def money(amount: int) -> dict[str, Any]:
    """An amount as Square writes it."""
    return {"amount": amount, "currency": "EUR"}


def payment(number: int, place: str) -> dict[str, Any]:
    """A payment as the API writes it."""
    return {
        "id": f"pay_{place}_{number}", "created_at": "2026-10-20T10:00:00Z",
        "updated_at": "2026-10-20T10:05:00Z", "status": "COMPLETED", "location_id": place,
        "order_id": f"o{number}", "amount_money": money(1000 + number),
        "total_money": money(1000 + number), "source_type": "CARD",
        "processing_fee": [{"type": "INITIAL", "amount_money": money(29)}],
    }  # fmt: skip


def entry(number: int) -> dict[str, Any]:
    """An entry of a payout."""
    return {
        "id": f"poe_{number}", "payout_id": "po_1", "effective_at": "2026-10-21T10:00:00Z",
        "type": "CHARGE", "gross_amount_money": money(1000), "fee_amount_money": money(29),
        "net_amount_money": money(971), "type_charge_details": {"payment_id": "pay_L1_0"},
    }  # fmt: skip


def square(asked: Asked) -> Answer:
    """Two locations; three payments each, two a page; one payout with three entries."""
    place, start = asked.words.get("location_id", ""), int(asked.words.get("cursor") or 0)
    if asked.path == "/v2/locations":
        return said({"locations": [{"id": "L1"}, {"id": "L2"}]})
    if asked.path == "/v2/payments":
        return page("payments", [payment(number, place) for number in range(3)], start)
    if asked.path == "/v2/payouts" and place == "L1":
        made = {"created_at": "2026-10-21T10:00:00Z", "updated_at": "2026-10-21T10:00:00Z"}
        where = {"location_id": "L1", "status": "PAID", "type": "BATCH"}
        return page("payouts", [{"id": "po_1", "amount_money": money(2913), **made, **where}], 0)
    if asked.path.endswith("/payout-entries"):
        return page("payout_entries", [entry(number) for number in range(3)], start)
    return said({})


def page(name: str, items: list[dict[str, Any]], start: int) -> Answer:
    """Two of the items, and the cursor of the next."""
    more = {"cursor": str(start + 2)} if start + 2 < len(items) else {}
    return said({name: items[start : start + 2], **more})


def rows(desk: Desk, table: str, column: str) -> list[str]:
    """A column of a raw table."""
    found = desk.warehouse.rows(f"select {column} as value from raw.{table} order by 1")
    return [row["value"] for row in found]


def test_every_location_is_asked_and_every_page_landed(fresh_desk: Desk) -> None:
    with serving(square) as service:
        door = square_door(service.address)
        assert set(land(fresh_desk, door)) == {"landed"}
        assert "2 locations" in square_api.try_square(fresh_desk.settings, door)
    payments = rows(fresh_desk, "square_payments", "payment_id")
    assert payments == [f"pay_{place}_{n}" for place in ("L1", "L2") for n in range(3)]
    assert rows(fresh_desk, "square_payouts", "payout_id") == ["po_1"]
    assert rows(fresh_desk, "square_payout_entries", "entry_id") == ["poe_0", "poe_1", "poe_2"]
    asked = next(a for a in service.asked if a.path == "/v2/payments")
    assert asked.words["updated_at_begin_time"] == "2026-10-15T00:00:00Z"
    assert asked.words["sort_field"] == "UPDATED_AT"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    streams = ("payments", "payouts", "payout_entries", "refunds")
    assert set(cursors(fresh_desk)) == {f"square_square/{name}" for name in streams}


def test_a_page_is_kept_as_it_came(fresh_desk: Desk) -> None:
    body = json.dumps({"payments": [payment(1, "L1")]}, indent=3).encode() + b"\n"
    with serving(lambda asked: Answer(body)) as service:
        door = square_door(service.address, objects=["payments"], locations=["L1"])
        (result,) = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    kept = fresh_desk.settings.archive / fresh_desk.document(result)["archived_as"]
    assert kept.read_bytes() == body


TROUBLES = {
    "HTTP_500": Answer(b"", 500),
    "ApiError": said({"errors": [{"code": "UNAUTHORIZED", "detail": TOKEN}]}, status=401),
    "ANSWER_ERROR": said({"errors": [{"code": "INTERNAL"}], "payments": []}),
    "PAGE_LOOP": said({"payments": [payment(9, "L1")], "cursor": "2"}),
    "did not answer": Answer(b"{}" * 50, cut=9),
    "no location": said({}),
}


@pytest.mark.parametrize("words", TROUBLES)
def test_i10_trouble_lands_nothing_and_the_next_run_repairs(fresh_desk: Desk, words: str) -> None:
    at = "/v2/locations" if words == "no location" else "/v2/payments"

    def answer(asked: Asked) -> Answer:
        is_first = at == "/v2/payments" and "cursor" not in asked.words
        return square(asked) if asked.path != at or is_first else TROUBLES[words]

    with serving(answer) as service:
        door = square_door(service.address, objects=["payments"])
        with pytest.raises(DoorError, match=words) as refused:
            land(fresh_desk, door)
        assert TOKEN not in str(refused.value)
        assert cursors(fresh_desk) == {}
        assert fresh_desk.count("ops.documents") == 0
        service.answer = square
        assert land(fresh_desk, door) == ["landed"] * 4

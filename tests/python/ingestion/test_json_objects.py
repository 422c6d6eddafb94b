"""JSON objects of several kinds: every way they are wrapped, and nothing that must not land.

Shown on Stripe's objects; the reading is the same for every source whose records are objects.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from stripe._object_classes import OBJECT_CLASSES

from ingestion.catalogue import source_spec
from ingestion.formats.json_places import is_not_needed
from tests.python.ingestion.conftest import Desk

MOVED = "stripe_api_balance_transactions"
CHARGES = "stripe_api_charges"


def moved(identity: str = "txn_1", **changes: Any) -> dict[str, Any]:
    """A balance transaction as Stripe's interface gives it."""
    return {
        "id": identity, "object": "balance_transaction", "amount": 1000, "fee": 30, "net": 970,
        "currency": "eur", "created": 1790848800, "type": "charge", "source": "ch_1", **changes,
    }  # fmt: skip


def charge(**changes: Any) -> dict[str, Any]:
    """A charge with everything about its payer that must not land."""
    who = {"email": "kay@kiln.example", "name": "Kay Kiln", "address": {"line1": "1 Mill Lane"}}
    return {
        "id": "ch_1", "object": "charge", "amount": 1000, "currency": "eur", "created": 1790848800,
        "balance_transaction": "txn_1", "status": "succeeded", "metadata": {"order_id": "MM-1"},
        "billing_details": who, "receipt_email": "kay@kiln.example", "shipping": who,
        "customer": {"id": "cus_1", "object": "customer", **who},
        "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}, "type": "card"},
        **changes,
    }  # fmt: skip


def event(inner: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A webhook's event around an object."""
    return {"id": "evt_1", "object": "event", "created": 1790850000, "type": "charge.updated",
            "data": {"object": inner}, **changes}  # fmt: skip


def listed(*objects: Any) -> dict[str, Any]:
    """A list response."""
    return {"object": "list", "data": list(objects), "has_more": False}


ONE, TWO = moved(), moved("txn_2")
WRAPPED = {
    "one object": (json.dumps(ONE), ["txn_1"]),
    "a list": (json.dumps([ONE, TWO]), ["txn_1", "txn_2"]),
    "a response": (json.dumps(listed(ONE, TWO)), ["txn_1", "txn_2"]),
    "an event": (json.dumps(event(ONE)), ["txn_1"]),
    "events in a list": (json.dumps(listed(event(ONE), event(TWO))), ["txn_1", "txn_2"]),
    "lines": (f"{json.dumps(ONE)}\n\n{json.dumps(event(TWO))}\n", ["txn_1", "txn_2"]),
    "pages": (f"{json.dumps(listed(ONE))}\n{json.dumps(listed(TWO))}\n", ["txn_1", "txn_2"]),
    "over many lines": (json.dumps(listed(ONE, TWO), indent=2), ["txn_1", "txn_2"]),
    "with a mark": ("\ufeff" + json.dumps(ONE), ["txn_1"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "ids"), WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("ending", ["json", "ndjson", "txt"])
def test_every_wrapping_gives_the_same_rows(
    desk: Desk, text: str, ids: list[str], ending: str
) -> None:
    result = desk.land("stripe", (text + "\n" * len(ending)).encode(), f"objects.{ending}")
    assert (result.state, result.code) == ("landed", None)
    assert [row["id"] for row in desk.raw(result, MOVED)] == ids
    assert desk.document(result)["format"] == "json"


def test_utf16_with_its_mark_is_read(desk: Desk) -> None:
    result = desk.land("stripe", json.dumps(moved("txn_16")).encode("utf-16"), "o.json")
    assert [row["id"] for row in desk.raw(result, MOVED)] == ["txn_16"]


def test_an_object_knows_its_line_and_one_bad_one_stays_alone(desk: Desk) -> None:
    good, late = json.dumps(moved("a")), json.dumps(moved("b"), indent=1)
    twice = '{"object": "balance_transaction",\n "id": "x", "id": "y"}'
    nan = '{"object": "balance_transaction", "id": "n", "amount": NaN}'
    half = '{"object": "balance_transaction", "id": "\\ud800"}'
    text = "[\n" + ",\n".join([good, twice, nan, half, '{"brace": "}{\\"}"}', late]) + "\n]\n"
    result = desk.land("stripe", text.encode(), "o.json")
    assert (result.state, result.code) == ("landed", "OBJECT_UNKNOWN")
    assert [(r["id"], r["_source_line"]) for r in desk.raw(result, MOVED)] == [("a", 2), ("b", 8)]
    assert [(line, code) for line, _, _, code in desk.quarantine(result)] == [
        (3, "DUPLICATE_KEY"),
        (5, "JSON_NUMBER"),
        (6, "ENCODING_INVALID"),
    ]


@pytest.mark.parametrize(
    ("text", "state", "code"),
    [
        pytest.param('{"object": "list", "data": [', "rejected", "FILE_NOT_JSON", id="cut"),
        pytest.param('{"a":' * 50_000 + "1" + "}" * 50_000, "rejected", "FILE_NOT_JSON", id="deep"),
        pytest.param("{}{}\n{}{}\n", "rejected", "FILE_NOT_JSON", id="no line is an object"),
        pytest.param("{}", "rejected", "FILE_TYPE", id="nothing"),
        pytest.param("[]", "rejected", "FILE_TYPE", id="an empty list says nothing"),
        pytest.param("[1, 2]", "rejected", "FILE_TYPE", id="numbers"),
        pytest.param('{"object": "barter"}', "rejected", "FILE_TYPE", id="another kind"),
        pytest.param('{"object": "plan"}', "landed", "OBJECT_NOT_NEEDED", id="not needed"),
        pytest.param(
            json.dumps(event({"object": "customer", "id": "cus_1"})),
            "landed",
            "OBJECT_NOT_NEEDED",
            id="an event about what is not needed",
        ),
        pytest.param(
            json.dumps(listed({"object": "plan"}, {"object": "barter"})),
            "rejected",
            "FILE_TYPE",
            id="not needed and unknown",
        ),
        pytest.param(
            '{"object": "search_result", "data": []}', "landed", None, id="nothing was found"
        ),
        pytest.param(json.dumps(listed()), "landed", None, id="a response without objects"),
    ],
)
def test_whole_files(desk: Desk, text: str, state: str, code: str | None) -> None:
    result = desk.land("stripe", text.encode(), "o.json")
    assert (result.state, result.code, result.landed_rows) == (state, code, 0)


def test_a_wrapping_with_two_lists_of_one_name_is_refused(desk: Desk) -> None:
    text = f'{{"object": "list", "data": [{json.dumps(ONE)}], "data": []}}'
    result = desk.land("stripe", text.encode(), "o.json")
    assert result.landed_rows == 0
    assert [code for *_, code in desk.quarantine(result)] == ["DUPLICATE_KEY"]


def test_unknown_kinds_are_counted_and_the_others_land(desk: Desk) -> None:
    kinds = [{"object": "barter"}, {"object": "barter"}, {"a": 1}, {"object": "plan"}]
    text = json.dumps(listed(moved("known"), *kinds))
    result = desk.land("stripe", text.encode(), "o.json")
    assert (result.state, result.landed_rows, result.code) == ("landed", 1, "OBJECT_UNKNOWN")
    assert "2 barter" in (result.message or "")
    assert "1 without a kind" in (result.message or "")


def test_every_kind_of_stripes_own_library_is_read_or_listed_as_not_needed() -> None:
    spec = source_spec("stripe")
    read = {kind for record in spec.records.values() for kind in record.objects}
    wrappings = {"list", "search_result", "event"}
    kinds = set(OBJECT_CLASSES) - read - wrappings
    assert [kind for kind in sorted(kinds) if not is_not_needed({"object": kind}, spec)] == []
    assert [kind for kind in sorted(read) if is_not_needed({"object": kind}, spec)] == []


def test_nested_columns_and_what_is_left(desk: Desk) -> None:
    text = json.dumps(event(charge(id="ch_9", amount_captured=1000)))
    result = desk.land("stripe", text.encode(), "evt.json")
    (row,) = desk.raw(result, CHARGES)
    wanted = {
        "id": "ch_9", "balance_transaction_id": "txn_1", "customer_id": "cus_1",
        "merchant_reference": "MM-1", "payment_method_type": "card", "event_created": "1790850000",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert json.loads(row["_extra"])["payment_method_details"] == {
        "card": {"brand": "visa", "last4": "4242"}
    }


def test_what_must_not_land_lands_nowhere_at_any_depth(desk: Desk) -> None:
    hidden = charge(id="ch_p", refunds=listed({"object": "refund", "owner": {"name": "Kay Kiln"}}))
    result = desk.land("stripe", json.dumps(hidden).encode(), "o.json")
    (row,) = desk.raw(result, CHARGES)
    landed = json.dumps([value for value in row.values() if isinstance(value, str)])
    assert "ch_p" in landed
    for secret in ("kiln", "Kiln", "Mill Lane"):
        assert secret not in landed


@pytest.mark.parametrize("place", ["extra", "dropped", "unknown object", "around an event"])
def test_a_card_number_is_found_wherever_it_stands(desk: Desk, place: str) -> None:
    card = {"number": "4000 0566 5566 5556"}
    text = {
        "extra": json.dumps(charge(id="ch_c1", more=card)),
        "dropped": json.dumps(charge(id="ch_c2", billing_details=card)),
        "unknown object": json.dumps([charge(id="ch_c3"), {"object": "card", **card}]),
        "around an event": json.dumps(event(charge(id="ch_c4"), request=card)),
    }[place]
    without = text.replace("5556", "5557")
    assert desk.land("stripe", without.encode(), "o.json").state == "landed"
    result = desk.land("stripe", text.encode(), "o.json")
    assert (result.state, result.code) == ("rejected", "PAN_FOUND")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 10.5, "net": -19.5}, "AMOUNT_NOT_INTEGER"),
        ({"currency": "isk", "amount": 1050, "fee": 0, "net": 1050}, "MINOR_UNIT"),
        ({"currency": "ugx", "amount": 1001, "fee": 0, "net": 1001}, "MINOR_UNIT"),
        ({"currency": "xxx"}, "CURRENCY_UNKNOWN"),
        ({"net": 971}, "NET_MISMATCH"),
        ({"created": "2026-10-01"}, "DATE_INVALID"),
        ({"created": 1790848800000}, "DATE_INVALID"),
        ({"created": 1}, "DATE_RANGE"),
        ({"created": None}, "DATE_MISSING"),
        ({"id": None}, "KEY_MISSING"),
        ({"amount": None}, "AMOUNT_MISSING"),
    ],
)
def test_objects_are_judged_like_lines(desk: Desk, changes: dict[str, Any], code: str) -> None:
    text = json.dumps([moved("good"), moved("bad", **changes)])
    result = desk.land("stripe", text.encode(), "o.json")
    assert [row["id"] for row in desk.raw(result, MOVED)] == ["good"]
    assert [found for *_, found in desk.quarantine(result)] == [code]


@pytest.mark.parametrize("currency", ["mga", "jpy", "kwd", "huf"])
def test_each_currency_in_stripes_own_units(desk: Desk, currency: str) -> None:
    text = json.dumps(moved(f"txn_{currency}", currency=currency))
    assert desk.land("stripe", text.encode(), "o.json").quarantined_rows == 0


def test_the_same_event_sent_again_is_one_document_that_counts(desk: Desk) -> None:
    first = desk.land("stripe", json.dumps(event(moved("txn_e"), pending_webhooks=2)).encode(), "a")
    again = desk.land("stripe", json.dumps(event(moved("txn_e"), pending_webhooks=1)).encode(), "b")
    keys = {desk.document(result)["logical_key"] for result in (first, again)}
    assert keys == {"event evt_1"}


def test_one_value_too_big_to_hold_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.formats.json_objects.MAX_DOCUMENT", 200)
    result = desk.land("stripe", json.dumps(listed(moved("a"), moved("b"))).encode(), "o.json")
    assert (result.state, result.code) == ("rejected", "FILE_TOO_LARGE")

"""Square's objects and exports at the door: spellings, signs, what is refused."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, get_args

import pytest
from square.types.activity_type import ActivityType

from dbt_project.settings import PROJECT_ROOT, Source
from ingestion.landing.land import LandingResult, land_file
from tests.python.ingestion.conftest import Desk

ROW = {
    "Date": "2026-10-03",
    "Time": "09:12:44",
    "Time Zone": "Eastern Time (US & Canada)",
    "Gross Sales": "$22.50",
    "Discounts": "$0.00",
    "Net Sales": "$22.50",
    "Tax": "$0.00",
    "Total Collected": "$22.50",
    "Fees": "-$0.85",
    "Net Total": "$21.65",
    "Transaction ID": "T1",
    "Payment ID": "P1",
    "Event Type": "Payment",
}
ITEM = {
    **{name: ROW[name] for name in ("Date", "Time", "Time Zone", "Transaction ID", "Payment ID")},
    "Item": "Scone",
    "Qty": "1.0",
    "Gross Sales": "$4.50",
    "Discounts": "-$0.50",
    "Net Sales": "$4.00",
    "Tax": "$0.50",
}


def export(*changes: dict[str, str], row: dict[str, str] = ROW) -> bytes:
    """An export with one row for each set of changed cells."""
    out = io.StringIO()
    rows = [{**row, **change} for change in changes]
    writer = csv.DictWriter(out, list(dict.fromkeys(n for r in rows for n in r)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def land(desk: Desk, content: bytes, currency: str | None = "USD") -> LandingResult:
    """Lands an export of a deployment that says its currency, or does not."""
    words = {"square": Source(currency=currency)} if currency else {}
    settings = desk.settings.model_copy(update={"sources": words})
    return land_file(settings, desk.warehouse, "square", desk.put("export.csv", content))


def test_cells_are_plain_and_costs_positive(desk: Desk) -> None:
    (row,) = desk.raw(land(desk, export({"Gift": "x"})), "square_transactions")
    assert (row["total_collected"], row["fees"], row["net_total"]) == ("22.50", "0.85", "21.65")
    assert row["sold_at"] == "2026-10-03 09:12:44"
    extra = json.loads(row["_extra"])
    assert (extra["Total Collected"], extra["Fees"], extra["Gift"]) == ("$22.50", "-$0.85", "x")


@pytest.mark.parametrize(
    ("day", "found"),
    [("10/20/26", "2026-10-20"), ("10/20/2026", "2026-10-20"), ("2026-10-20", "2026-10-20")],
)
def test_dates_of_every_age_of_the_export(desk: Desk, day: str, found: str) -> None:
    result = land(desk, export({"Date": day, "Transaction ID": day}))
    assert desk.raw(result, "square_transactions")[0]["sold_at"] == f"{found} 09:12:44"


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"Total Collected": "22,50 $"}, "AMOUNT_NOT_DECIMAL", "Total Collected"),
        ({"Total Collected": "USD 22.50"}, "AMOUNT_NOT_DECIMAL", "Total Collected"),
        ({"Date": "20/10/2026"}, "DATE_INVALID", "Date"),
        ({"Net Total": "$21.64"}, "NET_MISMATCH", "Net Total"),
        ({"Transaction ID": ""}, "KEY_MISSING", "Transaction ID"),
        ({"Payment ID": "1.23E+22"}, "ID_PRECISION_LOST", "Payment ID"),
    ],
)
def test_what_is_refused(desk: Desk, change: dict[str, str], code: str, column: str) -> None:
    result = land(desk, export(change))
    if code == "DATE_INVALID":  # month 20: the shape fits, the calendar does not
        assert [fault.code for fault in result.faults] == [code]
        return
    assert [(fault.code, fault.column_name) for fault in result.faults] == [(code, column)]


def test_an_export_of_no_known_currency_is_rejected(desk: Desk) -> None:
    result = land(desk, export({"Transaction ID": "no currency"}), currency=None)
    assert (result.state, result.code) == ("rejected", "CURRENCY_UNKNOWN")
    assert "sources.square.currency" in (result.message or "")


def test_items_go_to_their_own_table_and_must_add_up(desk: Desk) -> None:
    result = land(desk, export({}, {"Net Sales": "$4.50"}, row=ITEM))
    (row,) = desk.raw(result, "square_item_sales")
    assert (row["gross_sales"], row["discounts"], row["net_sales"]) == ("4.50", "0.50", "4.00")
    assert [fault.code for fault in result.faults] == ["NET_MISMATCH"]


def payment(**changes: Any) -> dict[str, Any]:
    """A payment as the API gives it."""
    return {
        "id": "P1",
        "created_at": "2026-10-03T13:12:44.120Z",
        "status": "COMPLETED",
        "source_type": "CARD",
        "total_money": {"amount": 2250, "currency": "USD"},
        "buyer_email_address": "ada@example.com",
        **changes,
    }


def land_objects(desk: Desk, **envelope: Any) -> LandingResult:
    """Lands a response."""
    return desk.land("square", json.dumps(envelope).encode(), "response.json")


def fees(*amounts: int) -> list[dict[str, Any]]:
    """A processing_fee list."""
    return [{"type": "INITIAL", "amount_money": {"amount": a, "currency": "USD"}} for a in amounts]


def test_all_fees_of_a_payment_land_and_no_address(desk: Desk) -> None:
    result = land_objects(desk, payments=[payment(processing_fee=fees(60, 20, 5))])
    (row,) = desk.raw(result, "square_payments")
    assert [row[f"fee_{n}"] for n in range(1, 5)] == ["60", "20", "5", None]
    assert "ada@example.com" not in json.dumps(row, default=str)


def test_a_fee_too_many_is_refused_and_not_lost(desk: Desk) -> None:
    six = land_objects(desk, payments=[payment(id="P6", processing_fee=fees(*[1] * 6))])
    assert six.quarantined_rows == 0
    seven = land_objects(desk, payments=[payment(id="P7", processing_fee=fees(*[1] * 7))])
    assert [fault.code for fault in seven.faults] == ["VALUE_UNKNOWN"]


@pytest.mark.parametrize(
    ("money", "code"),
    [
        ({"amount": "22.50", "currency": "USD"}, "AMOUNT_NOT_INTEGER"),
        ({"amount": 2250, "currency": "XYZ"}, "CURRENCY_UNKNOWN"),
        ({"amount": None, "currency": "USD"}, "AMOUNT_MISSING"),
    ],
)
def test_money_that_is_none(desk: Desk, money: dict[str, Any], code: str) -> None:
    result = land_objects(desk, payment=payment(id=code, total_money=money))
    assert [fault.code for fault in result.faults] == [code]


def test_a_payout_entry_that_is_not_gross_less_fee_is_refused(desk: Desk) -> None:
    def money(amount: int) -> dict[str, Any]:
        return {"amount": amount, "currency_code": "USD"}

    entry = {
        "id": "poe_1",
        "payout_id": "po_1",
        "type": "CHARGE",
        "effective_at": "2026-10-06T00:00:00Z",
        "gross_amount_money": money(100),
        "fee_amount_money": money(19),
        "net_amount_money": money(82),
    }
    result = land_objects(desk, payout_entries=[entry])
    assert [fault.code for fault in result.faults] == ["NET_MISMATCH"]


def test_every_type_of_squares_own_list_of_payout_entries_has_a_kind() -> None:
    listed = {word for part in get_args(ActivityType) for word in get_args(part)}
    with (PROJECT_ROOT / "seeds" / "event_types.csv").open(encoding="utf-8", newline="") as file:
        known = {row["native_type"] for row in csv.DictReader(file) if row["source"] == "square"}
    assert len(listed) > 50
    assert sorted(word for word in listed if word.lower() not in known) == []

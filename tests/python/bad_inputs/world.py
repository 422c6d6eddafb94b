"""One world of bad inputs: files and events of every kind that land and must come out right."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from dbt_project.settings import Source
from dbt_project.settings_webhooks import Provider, Webhooks
from tests.python.ingestion.make import BOOKS, CASH_HEADER, PAYOUT, STRIPE, cash, table

NOON = 1_790_000_000  # a moment in September 2026
STRIPE_CALLS = Provider(
    name="stripe", scheme="stripe", source="stripe", secret_variables=("TIEOUT_SECRET_ANY",)
)
WORDS: dict[str, Any] = {
    "now": datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
    "limits": {"max_quarantine_percent": 100, "max_vanished_percent": 100},
    "sources": {
        "thrive_cash": Source(currency="EUR"),
        "internal": Source(time_zone="Europe/Berlin"),
    },
    "webhooks": Webhooks(providers=(STRIPE_CALLS,)),
}


def change(native_id: str, gross: str = "10.00", **words: str) -> dict[str, str]:
    """A Stripe balance change without a fee."""
    row = {"balance_transaction_id": native_id, "gross": gross, "fee": "0", "net": gross}
    return {**STRIPE, "merchant_reference": "", "source_id": "", **row, **words}


def book(native_id: str, amount: str = "10.00", **words: str) -> dict[str, str]:
    """A row of own books without a fee and without a reference of others."""
    row = {"transaction_id": native_id, "amount": amount, "fee": "0"}
    return {**BOOKS, "reference_number": f"only {native_id}", **row, **words}


def own(*rows: dict[str, str]) -> bytes:
    """Own books with every column that any row has."""
    return table(*rows, columns=list(dict.fromkeys(name for row in rows for name in row)))


def stripe(*rows: dict[str, str]) -> bytes:
    """A report; the order's id is its merchant reference."""
    named = [
        {("order_id" if k == "merchant_reference" else k): v for k, v in row.items()}
        for row in rows
    ]
    return table(*named)


def counted(native_id: str, currency: str, amount: int, **words: Any) -> dict[str, Any]:
    """A balance transaction of Stripe's interface, in its own minor units."""
    row = {"id": native_id, "object": "balance_transaction", "amount": amount, "fee": 0}
    row |= {"net": amount, "currency": currency, "created": NOON, "type": "charge"}
    return {**row, "reporting_category": words.get("type", "charge"), **words}


def told(identity: str, created: int, status: str) -> bytes:
    """An event that says what became of the refund re_11."""
    refund = {"id": "re_11", "object": "refund", "amount": 400, "currency": "eur", "created": NOON}
    refund |= {"status": status, "charge": "ch_11", "balance_transaction": "f11"}
    event = {"id": identity, "object": "event", "type": "refund.updated", "created": NOON + created}
    return json.dumps({**event, "data": {"object": refund}}).encode()


UNITS = [
    counted("d13_eur", "eur", 1050), counted("d13_jpy", "jpy", 1050),
    counted("d13_isk", "isk", 105000), counted("d13_mga", "mga", 15),
    counted("d13_bad", "isk", 1050), counted("f11", "eur", -400, type="refund", source="re_11"),
]  # fmt: skip
EVENTS = [told("evt_2", 200, "failed"), told("evt_1", 100, "pending"), told("evt_2", 200, "failed")]
PAID = [
    {**PAYOUT, "payout_id": name, "balance_transaction_id": f"txn_{name}", "gross": gross,
     "net": gross} for name, gross in (("po_9", "-30.00"), ("po_9b", "-31.00"))
]  # fmt: skip
FILES: list[tuple[str, str, bytes]] = [
    ("stripe", "monday.csv", stripe(change("a12_1", "1.00"), change("a12_2", "2.00"))),
    ("stripe", "tuesday.csv", stripe(change("a12_2", "2.00"), change("a12_3", "3.00"))),
    ("stripe", "first.csv", stripe(change("f6", "10.00"), change("f7", "5.00"))),
    ("stripe", "second.csv", stripe(change("f6", "11.00"))),
    ("internal", "daily_2026-10-29.csv", own(book("a10", transaction_date="2026-10-29 08:00:00"))),
    ("internal", "same.csv", own(book("f5"), book("f5"), book("f7", "7.00"))),
    ("internal", "case.csv", own(book("F8"), book("f8"), book(" f8x "), book("f8x", "3.00"))),
    ("internal", "dress.csv", own(
        book("b9", "9.00", reference_number="ＯＲＤ-\u200b９"),
        book("b10", "12.00", reference_number="Zoe\u0308-10"),
        book("look", "13.00", reference_number="оrd-13"),
    )),
    ("stripe", "dress.csv", stripe(
        change("p_b9", "9.00", merchant_reference="ord 9"),
        change("p_b10", "12.00", merchant_reference="Zo\u00eb-10"),
        change("p_look", "13.00", merchant_reference="ord-13"),
    )),
    ("internal", "dollars.csv", own(
        book("d15", "15.00", currency="USD", processor_transaction_id="ch_15")
    )),
    ("stripe", "euros.csv", stripe(change("p_d15", "15.00", source_id="ch_15"))),
    ("stripe", "units.json", json.dumps(UNITS).encode()),
    ("stripe", "members.csv", stripe(*(
        change(f"f9_{n}", "15.00", automatic_payout_id="po_9" if n < 3 else "po_9b")
        for n in range(1, 5)
    ))),
    ("stripe", "paid.csv", table(*PAID)),
    ("stripe", "orphan.csv", stripe(
        change("f10", "-4.00", reporting_category="refund", source_id="re_10",
               merchant_reference="never sold"),
        change("f10_back", "-3.00", reporting_category="refund", source_id="re_10b",
               merchant_reference="sold late"),
    )),
    ("stripe", "the_sale.csv", stripe(change("f10_sale", "9.00", merchant_reference="sold late"))),
    ("internal", "summer.csv", own(
        book("e8_gap", transaction_date="2026-03-29 02:30:00"),
        book("e8_twice", transaction_date="2026-10-25 02:30:00"),
        book("e9_last", transaction_date="2026-10-01 23:59:59.999999"),
        book("e9_first", transaction_date="2026-10-02 00:00:00"),
        book("e9_utc", transaction_date="2026-10-01T22:00:00Z"),
        book("f12", reference_number="😀" * 300),
        book("d9", "0.00"), book("d10", "-3.00", event_type="refund"),
    )),
    ("thrive_cash", "cash.xlsx", cash(
        (1, "spent", "2026-10-01 10:00:00", None, 7, 1, -5, ""),
        (2, "earned", "2026-10-02 10:00:00", "2026-12-01 10:00:00", 7, None, 5, "Refund"),
        (3, "earned", "2026-10-03 10:00:00", "2026-12-01 10:00:00", 7, None, 2, "Refund"),
        (4, "spent", "2026-10-03 10:00:00", None, 7, 1, -2, ""),
        (11, "earned", "2026-10-02 10:00:00", "2026-10-31 10:00:00", 8, None, 5, "Refund"),
        (12, "given", "2026-10-03 10:00:00", None, 8, None, 1, ""),
        (13, "spent", "2026-10-03 10:00:00", None, 8, 1, 3, ""),
        (14, "reversed", "2026-10-04 10:00:00", None, 8, 77, 2, ""),
        header=CASH_HEADER,
    )),
]  # fmt: skip

"""The shop's own books: what its systems wrote down, in the house format, faults and all.

In: ORDERS. Out: BOOKS (every row of every file) and the files as bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from samples.story.orders import ORDERS, SHOP_ZONE, card_fee, local_text, major, utc
from samples.story.processor import DISPUTE_FEE, csv_text

PARTS = {
    "web_1": "own_books_2026-10-01_to_10.csv",
    "web_2": "own_books_2026-10-11_to_20.v2.csv",
    "web_3": "own_books_2026-10-21_to_31.csv",
    "subscription": "own_books_2026-10_subscriptions.ndjson",
    "phone": "own_books_2026-10_phone_orders.xlsx",
    "gift_card": "own_books_2026-10_gift_cards.parquet",
}
SUPERSEDED_FILE = "own_books_2026-10-11_to_20.csv"
REJECTED_FILE = "own_books_2026-10_returns.csv"
QUARANTINED = "bk_5044"


@dataclass(frozen=True)
class Entry:
    """One row of the shop's books."""

    native_id: str
    amount: int
    currency: str
    status: str
    booked_at: datetime
    reference: str
    fee: int
    event_type: str
    processor_reference: str
    customer_id: str
    description: str
    part: str


def _sale(number: int) -> Entry:
    order = ORDERS[number]
    day = order.paid_at.astimezone(SHOP_ZONE).day
    web = "web_1" if day <= 10 else "web_2" if day <= 20 else "web_3"
    return Entry(
        f"bk_{number}",
        order.amount,
        order.currency,
        "settled",
        order.paid_at,
        order.reference,
        card_fee(order.amount, order.currency),
        "charge",
        order.charge_id,
        f"C-{2000 + number * 37 % 41}",
        order.description,
        web if order.channel == "web" else order.channel,
    )


def _after_sale(
    native_id: str, number: int, amount: int, at: datetime, kind: str, source_id: str
) -> Entry:
    fee = DISPUTE_FEE if kind == "chargeback" else 0
    part = "web_1" if at.day <= 10 else "web_2" if at.day <= 20 else "web_3"
    return replace(
        _sale(number),
        native_id=native_id,
        amount=amount,
        fee=fee,
        booked_at=at,
        event_type=kind,
        processor_reference=source_id,
        description=kind.replace("_", " "),
        part=part,
    )


# What the shop wrote differently from what happened; README.md tells each one's story.
_PHONE_WAYS = {5008: "kw 5008", 5016: "KW5016", 5024: "kw-5024", 5042: "KW 5042", 5050: "kw/5050"}
_FAULTS: dict[int, dict[str, object]] = {
    5009: {"fee": 41},
    5019: {"amount": 6490, "fee": card_fee(4690, "EUR")},
    5020: {"status": "failed"},
    5027: {"currency": "USD"},
    5038: {"reference": "KW-5083", "processor_reference": ""},
    5046: {"amount": 3100, "fee": card_fee(3100, "EUR"), "processor_reference": ""},
    **{n: {"reference": way, "processor_reference": ""} for n, way in _PHONE_WAYS.items()},
}
_FORGOTTEN = (5014,)


def _entries() -> list[Entry]:
    rows = [
        replace(_sale(number), **_FAULTS.get(number, {}))  # type: ignore[arg-type]
        for number in ORDERS
        if number not in _FORGOTTEN
    ]
    twice = _sale(5023)
    rows.append(replace(twice, native_id="bk_5023b", booked_at=utc(12, 11, 14)))
    rows.append(replace(_sale(5040), amount=5750, fee=card_fee(5750, "EUR"), part="phone"))
    rows += [
        _after_sale("bk_r5005", 5005, -1200, utc(6, 10), "refund", "re_kw5005"),
        _after_sale("bk_r5031", 5031, -41200, utc(19, 15), "refund", "re_kw5031"),
        _after_sale("bk_d5012", 5012, -12900, utc(13, 7), "chargeback", "dp_kw5012"),
        _after_sale("bk_w5012", 5012, 12900, utc(23, 7), "chargeback_reversal", "dp_kw5012"),
        _after_sale("bk_d5010", 5010, -8900, utc(20, 7), "chargeback", "dp_kw5010"),
    ]
    return sorted(rows, key=lambda row: (row.booked_at, row.native_id, row.part))


BOOKS: tuple[Entry, ...] = tuple(_entries())


def _row(entry: Entry) -> dict[str, str]:
    amount = major(entry.amount, entry.currency)
    if entry.native_id == QUARANTINED:
        amount = amount.replace("1", "l")
    return {
        "transaction_id": entry.native_id,
        "processor_name": "Stripe",
        "amount": amount,
        "currency": entry.currency,
        "status": entry.status,
        "merchant_id": "kestrel-wren",
        "transaction_date": local_text(entry.booked_at),
        "reference_number": entry.reference,
        "fee": major(entry.fee, entry.currency),
        "event_type": entry.event_type,
        "processor_transaction_id": entry.processor_reference,
        "customer_id": entry.customer_id,
        "description": entry.description,
    }


def part_rows(part: str) -> list[dict[str, str]]:
    """The rows of one file, as text by column."""
    return [_row(entry) for entry in BOOKS if entry.part == part]


def part_csv(part: str, change: Callable[[dict[str, str]], dict[str, str]] = dict) -> str:
    """A part of the web shop's books as CSV."""
    rows = [change(row) for row in part_rows(part)]
    return csv_text([row for row in rows if row])


def totals(part: str) -> tuple[int, dict[str, str]]:
    """Rows and the sum of amounts by currency, as the sender declares them."""
    sums: dict[str, int] = {}
    rows = [entry for entry in BOOKS if entry.part == part]
    for entry in rows:
        sums[entry.currency] = sums.get(entry.currency, 0) + entry.amount
    return len(rows), {currency: major(sums[currency], currency) for currency in sorted(sums)}


def with_trailer(part: str) -> str:
    """The CSV with its sender's trailer line: rows, and a total for each currency."""
    rows, amounts = totals(part)
    words = [f"{currency}={amount}" for currency, amount in amounts.items()]
    return part_csv(part) + ",".join(["TRAILER", str(rows), *words]) + "\n"


def manifest(part: str) -> str:
    """The manifest that lies beside a file: the same totals where the format has no trailer."""
    rows, amounts = totals(part)
    return json.dumps({"rows": rows, "amounts": amounts}) + "\n"


def superseded_csv() -> str:
    """The second part before it was corrected: a typing error, and the last sale missing."""

    def first_version(row: dict[str, str]) -> dict[str, str]:
        if row["transaction_id"] == "bk_5032":
            return {}
        return row | {"amount": "45.00"} if row["transaction_id"] == "bk_5030" else row

    return part_csv("web_2", first_version)


def subscriptions_ndjson() -> str:
    """The subscription service's export: its own column order, times with an offset, no type."""
    lines = []
    for entry in BOOKS:
        if entry.part == "subscription":
            row = _row(entry) | {"transaction_date": entry.booked_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
            kept = {name: row[name] for name in reversed(row) if name != "event_type"}
            lines.append(json.dumps(kept))
    return "\n".join(lines) + "\n"


REJECTED_TEXT = """<!DOCTYPE html>
<html><head><title>Session expired</title></head>
<body><p>Your session has expired. Please sign in again to export your returns.</p></body></html>
"""

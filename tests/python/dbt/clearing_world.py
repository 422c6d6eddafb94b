"""The world of test_clearing: a tenant's October and half of November, and what people decided.

Out: `world()` to land, `decisions()` for the seeds, and the ids its rows will have.
"""

from __future__ import annotations

from hashlib import md5

from tests.python.dbt.worlds import Row, World

TENANT = "clear"


def key(prefix: str, *parts: str | None) -> str:
    """As macros/key_hash.sql."""
    told = "".join("~" if part is None else f"{len(part)}:{part}" for part in parts)
    return f"{prefix}_{md5(told.encode(), usedforsecurity=False).hexdigest()}"


def named(source: str, record: str, native_id: str, account: str = "") -> str:
    """The transaction_id of a row: the key of its key."""
    return key("txn", key("key", TENANT, source, account, record, native_id), None)


LOST = named("internal", "charge", "b_lost")
RENT = named("bank", "entry 2026-10-03 -2400 EUR", "s/1", "NL1")


SCHEDULE = {
    "tenant_id": TENANT,
    "processor": "stripe",
    "source_account": "*",
    "currency": "EUR",
    "card_brand": "*",
    "card_product": "*",
    "card_funding": "*",
    "valid_from": "2026-01-01",
    "pricing": "blended",
    "tier_by": "none",
    "is_returned": False,
    "rounding": "half_up",
    "rounding_unit_minor": 1,
    "tax_millionths": 0,
    "tolerance_minor": 0,
}


def world() -> World:
    """One of each: what stays open, what is given up, what the contract says."""
    made = World(TENANT)
    for name, booked, paid, fee, net in (
        ("right", "100.00", "100.00", "1.00", "99.00"),
        ("dear", "100.00", "100.00", "1.05", "98.95"),
        ("cheap", "100.00", "100.00", "0.97", "99.03"),
        ("short", "50.00", "49.70", "0.50", "49.20"),
    ):
        made.book(f"b_{name}", booked, processor_transaction_id=f"ch_{name}", fee=fee)
        made.change(f"p_{name}", paid, source_id=f"ch_{name}", fee=fee, net=net)
    made.book("b_lost", "10.00").book("b_waits", "20.00")
    made.book("b_back", "-5.00", event_type="refund", processor_transaction_id="re_1")
    made.change("p_back", "-5.00", source_id="re_1", reporting_category="refund")
    november = {"created_utc": "2026-11-06 10:00:00"}
    made.change("p_bill", "-0.35", reporting_category="fee", **november)
    made.change("p_more", "-0.12", reporting_category="fee", **november)
    made.change("p_odd", "9.00", reporting_category="what_nobody_knows")
    made.change("p_held", "-20.00", reporting_category="risk_reserved_funds")
    made.change("p_freed", "5.00", reporting_category="risk_reserved_funds", **november)
    made.line("-24.00", "Rent October").line("-3.00", "Nobody knows")
    return made


PRICES = (("sale", "charge", 10_000, 0, "netted"), ("refund", "refund", 0, 30, "invoiced"))
GIVEN_UP = (
    ("missing_at_processor", "b_lost", "write_off_clearing", 1000),
    ("amount_differs", "p_short", "write_off_clearing", 30),
    ("in_suspense", "s/1", "write_off_suspense", 2400),
    ("fee_off_schedule", "p_dear", "fee_claim_paid", 4),
)
EYES = {"tenant_id": TENANT, "currency": "EUR", "written_off_by": "ann", "approved_by": "bob"}
INVOICE = {
    **{"tenant_id": TENANT, "processor": "stripe", "month": "2026-10", "currency": "EUR"},
    **{"invoiced_on": "2026-11-05", "entered_by": "ann"},
}
INVOICES = (("i1", "p_bill", 35), ("i2", "p_more", 10))  # the second row cost 12


def decisions() -> dict[str, list[Row]]:
    """What people entered: prices, an invoice, write-offs."""
    moved = ("p_short", "p_dear", "p_bill", "p_more")
    ids = {name: named("stripe", "balance_transaction", name) for name in moved}
    ids |= {"s/1": RENT, "b_lost": LOST}
    billed = ("invoice_number", "paid_by_transaction_id", "amount_minor")
    names = ("schedule_id", "event_type", "rate_millionths", "flat_minor", "collected")
    return {
        "fee_schedules": [{**SCHEDULE, **dict(zip(names, price, strict=True))} for price in PRICES],
        "fee_invoices": [
            {**INVOICE, **dict(zip(billed, (number, ids[row], amount), strict=True))}
            for number, row, amount in INVOICES
        ],
        "write_offs": [
            {
                **EYES,
                **{"write_off_id": name, "kind": kind, "transaction_id": ids[name]},
                **{"event_type": event, "amount_minor": amount},
                **{"written_off_on": "2026-11-10", "reason": "too old"},
            }
            for kind, name, event, amount in GIVEN_UP
        ],
    }

"""Stripe's report files: each kind finds its table, and a summary proves itself."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import PAYOUT, STRIPE, table

SUMMED = {
    "reporting_category": "charge", "currency": "eur", "count": "2",
    "gross": "20.00", "fee": "0.60", "net": "19.40",
}  # fmt: skip
RECONCILED = {
    "automatic_payout_id": "po_1", "automatic_payout_effective_at": "2026-10-05 00:00:00",
    **{name: value for name, value in STRIPE.items() if name != "created_utc"},
    "created": "2026-10-01 12:00:00", "destination_payment_id": "py_1",
}  # fmt: skip
CONNECTED = {"connected_account": "acct_1", **STRIPE, "regulatory_tag": "x"}


def balances(*changes: tuple[str, str, str]) -> bytes:
    """A balance summary of category, amount and currency."""
    rows = [
        {"category": c, "description": f"the {c}", "net_amount": amount, "currency": currency}
        for c, amount, currency in changes
    ]
    return table(*rows)


TIED = (
    ("starting_balance", "10.00", "eur"), ("activity", "30.00", "eur"),
    ("payouts", "-25.00", "eur"), ("ending_balance", "15.00", "eur"),
    ("starting_balance", "0", "jpy"), ("activity", "900", "jpy"),
    ("payouts", "-900", "jpy"), ("ending_balance", "0", "jpy"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "record"),
    [
        pytest.param(table(STRIPE), "stripe_balance_changes", id="activity"),
        pytest.param(table(RECONCILED), "stripe_balance_changes", id="payout reconciliation"),
        pytest.param(table(CONNECTED), "stripe_balance_changes", id="connected account"),
        pytest.param(table(PAYOUT), "stripe_payouts", id="payouts"),
        pytest.param(table(SUMMED), "stripe_summaries", id="summary by category"),
        pytest.param(balances(*TIED), "stripe_balance_summaries", id="balance summary"),
    ],
)
def test_a_report_is_known_by_its_columns(desk: Desk, content: bytes, record: str) -> None:
    result = desk.land("stripe", content, "report.csv")
    assert (result.state, result.code, result.quarantined_rows) == ("landed", None, 0)
    assert desk.raw(result, record)


def test_a_balance_summary_proves_itself_per_currency(desk: Desk) -> None:
    result = desk.land("stripe", balances(*TIED, ("other", "1.00", "eur")), "balance.csv")
    totals = desk.warehouse.rows(
        "select currency, declared, found, is_enforced from ops.control_totals"
        " where document_id = $1 order by currency",
        [result.document_id],
    )
    assert [(t["currency"], t["declared"], t["found"]) for t in totals] == [
        ("EUR", Decimal(15), Decimal(15)),
        ("JPY", Decimal(0), Decimal(0)),
    ]
    assert all(total["is_enforced"] for total in totals)


@pytest.mark.parametrize("place", range(len(TIED)))
def test_a_balance_summary_that_does_not_tie_is_held(desk: Desk, place: int) -> None:
    category, amount, currency = TIED[place]
    off = (category, str(Decimal(amount) + 1), currency)
    changed = (*TIED[:place], off, *TIED[place + 1 :])
    result = desk.land("stripe", balances(*changed), "balance.csv")
    assert (result.state, result.code) == ("held", "CONTROL_TOTAL_MISMATCH")
    assert currency.upper() in (result.message or "")


def test_a_balance_summary_without_its_end_is_held(desk: Desk) -> None:
    result = desk.land("stripe", balances(*TIED[:3]), "balance.csv")
    assert (result.state, result.code) == ("held", "CONTROL_TOTAL_MISMATCH")


def test_a_summary_line_that_contradicts_itself_is_refused(desk: Desk) -> None:
    result = desk.land("stripe", table(SUMMED, {**SUMMED, "net": "20.00"}), "summary.csv")
    assert [(line, code) for line, _, _, code in desk.quarantine(result)] == [(3, "NET_MISMATCH")]


def test_metadata_is_kept_and_people_are_not(desk: Desk) -> None:
    line = {
        **STRIPE,
        "balance_transaction_id": "txn_meta",
        "payment_metadata[order_id]": "MM-9",
        "payment_metadata[gift]": "yes",
        "refund_metadata[why]": "late",
        "customer_email": "kay@kiln.example",
        "shipping_address_line1": "1 Mill Lane",
        "card_address_postal_code": "SL7",
    }
    result = desk.land("stripe", table(line), "report.csv")
    (row,) = desk.raw(result, "stripe_balance_changes")
    assert row["merchant_reference"] == "MM-9"
    assert json.loads(row["_extra"]) == {
        "payment_metadata[gift]": "yes",
        "refund_metadata[why]": "late",
    }


def test_both_spellings_of_an_order_give_the_first_that_is_filled(desk: Desk) -> None:
    line = {**STRIPE, "payment_metadata[order_id]": "", "payment_metadata[reference]": "R-7"}
    result = desk.land("stripe", table({**line, "description": "two"}), "report.csv")
    assert desk.raw(result, "stripe_balance_changes")[0]["merchant_reference"] == "R-7"

"""The cases matching is known to get wrong elsewhere, each with what must come of it.

In: nothing. Out: worlds whose `expected` names, for a row's native id, the native ids it is matched
with (~ where that is only proposed), or the reason it stays open for. Told by hand, so that neither
the SQL nor the row-by-row model has a say. Likeness and sums: hard_cases_of_many.
"""

from __future__ import annotations

from tests.python.dbt.hard_cases_of_many import (
    fuzzy,
    groups,
    long_sums,
    payout_groups,
    sums,
    three_sides,
    tolerances,
)
from tests.python.dbt.worlds import World

ID = {"processor_transaction_id": "ch_1"}
THEIRS = {"source_id": "ch_1"}
REFERENCE = {"reference_number": "kw 17"}
MERCHANT = {"merchant_reference": "KW-17"}
OTHER_DAY = {"transaction_date": "2026-10-03 09:00:00"}


def by_id() -> list[World]:
    """Under the processor's own id."""
    same = World("amounts_differ").book("b", "64.90", **ID).change("p", "46.90", **THEIRS)
    twice = World("duplicate").book("b1", **ID).book("b2", **ID, **OTHER_DAY)
    twins = World("twins").book("b1", **ID).book("b2", **ID, **OTHER_DAY)
    first = World("equal_first").book("b1", "20.00", **ID).book("b2", "10.00", **ID)
    rivals = World("rivals").book("b1", "20.00", **ID).book("b2", "30.00", **ID)
    return [
        same.expect(b="p"),
        twice.change("p", **THEIRS).expect(b1="p", b2="duplicate"),
        twins.change("p1", **THEIRS)
        .change("p2", created_utc="2026-10-03 10:00:00", **THEIRS)
        .expect(b1="p1", b2="p2"),
        first.change("p1", "10.00", **THEIRS)
        .change("p2", "21.00", **THEIRS)
        .expect(b1="p2", b2="p1"),
        rivals.change("p", "25.00", **THEIRS).expect(b1="rivals", b2="rivals", p="rivals"),
    ]


def by_id_and_more() -> list[World]:
    """Under the processor's own id, where something else than the id differs."""
    again = World("id_again_with_another_amount").book("b1", **ID).book("b2", "7.00", **ID)
    refunds = World("second_partial_refund").book("b1", "-3.00", event_type="refund", **ID)
    refunds.book("b2", "-4.00", event_type="refund", **ID)
    refunds.change("p", "-3.00", reporting_category="refund", **THEIRS)
    return [
        again.change("p", **THEIRS).expect(b1="p", b2="duplicate"),
        refunds.expect(b1="p", b2="no_counterpart"),
        World("failed_here_settled_there")
        .book("b", status="failed", **ID)
        .change("p", **THEIRS)
        .expect(b="p"),
        World("second_attempt")
        .book("b1", status="failed", **ID)
        .book("b2", **ID, **OTHER_DAY)
        .change("p", **THEIRS)
        .expect(b1="failed", b2="p"),
        World("chargeback_with_the_sales_id")
        .book("b", **ID)
        .change("p", "-10.00", reporting_category="dispute", **THEIRS)
        .expect(b="no_counterpart", p="no_counterpart"),
        World("sale_and_its_chargeback")
        .book("b1", **ID)
        .book("b2", "-10.00", event_type="chargeback", **ID)
        .change("p2", "-10.00", reporting_category="dispute", **THEIRS)
        .change("p1", **THEIRS)
        .expect(b1="p1", b2="p2"),
    ]


def beside_an_id() -> list[World]:
    """Where the id is there and something forbids the match."""
    return [
        World("other_currency")
        .book("b", currency="USD", **ID)
        .change("p", **THEIRS)
        .expect(b="other_currency", p="other_currency"),
        World("contradiction")
        .book("b", **ID)
        .book("b", "12.00", **ID)
        .change("p", **THEIRS)
        .expect(b="key_conflict", p="conflict_opposite"),
        World("other_processor")
        .book("b", processor_name="Adyen", **ID)
        .change("p", **THEIRS)
        .expect(b="no_counterpart", p="no_counterpart"),
    ]


def by_reference() -> list[World]:
    """Under the merchant's reference."""
    monthly = World("monthly").book(
        "b1", transaction_date="2026-07-31 09:00:00", reference_number="SUB-1"
    )
    monthly.book("b2", transaction_date="2026-08-31 09:00:00", reference_number="SUB-1")
    monthly.change("p2", created_utc="2026-09-01 09:00:00", merchant_reference="SUB-1")
    return [
        World("spelling").book("b", **REFERENCE).change("p", **MERCHANT).expect(b="p"),
        World("one_cent")
        .book("b", **REFERENCE)
        .change("p", "10.01", **MERCHANT)
        .expect(b="rivals"),
        World("failed_attempt")
        .book("b1", status="failed", **REFERENCE)
        .book("b2", **OTHER_DAY, **REFERENCE)
        .change("p", **MERCHANT)
        .expect(b1="failed", b2="p"),
        World("refund_is_no_sale")
        .book("b", "-10.00", event_type="refund", **REFERENCE)
        .change("p", **MERCHANT)
        .expect(b="no_counterpart", p="no_counterpart"),
        World("two_orders_one_number")
        .book("b1", **REFERENCE)
        .book("b2", transaction_date="2026-10-01 09:00:01", **REFERENCE)
        .change("p", **MERCHANT)
        .expect(b1="p", b2="duplicate"),
        World("two_cards_one_number")
        .book("b1", authorization_code="A1", **REFERENCE)
        .book("b2", authorization_code="A2", **{**REFERENCE, **OTHER_DAY})
        .change("p", **MERCHANT)
        .expect(b1="p", b2="no_counterpart"),
        monthly.expect(b2="p2", b1="no_counterpart"),
    ]


def beside_a_reference() -> list[World]:
    """Where something decides before, or instead of, the reference."""
    return [
        World("an_id_outranks_a_reference")
        .book("b1", **REFERENCE)
        .book("b2", **ID, **REFERENCE)
        .change("p", **THEIRS, **MERCHANT)
        .expect(b1="no_counterpart", b2="p"),
        World("pending").book("b", status="pending", **OTHER_DAY).expect(b="pending"),
        World("pending_for_a_month").book("b", status="pending").expect(b="no_counterpart"),
        World("not_due").book("b", transaction_date="2026-10-31 09:00:00").expect(b="not_due"),
        World("no_reference").book("b").change("p").expect(b="~p", p="~b"),
        World("no_reference_of_two").book("b1").book("b2").change("p").expect(p="rivals"),
    ]


def by_hand() -> list[World]:
    """By a person."""
    typo = World("typo").book("b", reference_number="KW-71").change("p", **MERCHANT)
    apart = World("taken_apart").book("b", **ID).change("p", **THEIRS)
    undone = World("undone").book("b", reference_number="X").change("p").decide("match", "b", "p")
    moved = World("moved").book("b").change("p1").change("p2").decide("match", "b", "p1")
    foreign = World("foreign").book("b", currency="USD").change("p").decide("match", "b", "p")
    later = World("later").book("b").change("p").decide("match", "b", "p", minute=60 * 24)
    return [
        typo.decide("match", "b", "p").expect(b="p"),
        apart.decide("unmatch", "b", "p").expect(b="taken_apart", p="taken_apart"),
        undone.decide("unmatch", "b", "p").expect(b="taken_apart"),
        moved.decide("match", "b", "p2").expect(b="p2", p1="taken_apart"),
        foreign.expect(b="no_counterpart", p="no_counterpart"),
        later.expect(b="~p", p="~b"),
    ]


def payouts() -> list[World]:
    """Between processor and bank; bank lines are s/1, s/2, …"""
    return [
        World("by_payout_id")
        .payout("t", "-100.00", "po_1aB")
        .line("100.00", "STRIPE PO_1AB OCT")
        .expect(t="s/1"),
        World("by_trace")
        .payout("t", "-100.00", "po_1", trace_id="TR 1")
        .line("100.00", "STRIPE", end_to_end_id="TR-1")
        .expect(t="s/1"),
        World("negative_payout")
        .payout("t", "75.00", "po_1")
        .line("-75.00", "STRIPE PO_1")
        .expect(t="s/1"),
        World("came_back_unseen")
        .payout("t1", "-100.00", "po_1", payout_status="failed")
        .payout("t2", "100.00", "po_1", reporting_category="payout_reversal")
        .expect(t1="returned", t2="returned"),
        World("came_back_seen")
        .payout("t1", "-100.00", "po_1")
        .payout("t2", "100.00", "po_1", reporting_category="payout_reversal")
        .line("100.00", "STRIPE PO_1")
        .line("-100.00", "STRIPE PO_1")
        .expect(t1="s/1", t2="s/2"),
        World("in_transit")
        .payout("t", "-100.00", "po_1", payout_expected_arrival_date="2026-10-30")
        .expect(t="not_due"),
        World("never_arrived").payout("t", "-100.00", "po_1").expect(t="no_counterpart"),
        World("unannounced").line("100.00", "STRIPE PO_9").expect(s__1="no_counterpart"),
        World("not_a_processors").payout("t", "-100.00", "po_1").line("100.00", "RENT PO_1"),
    ]


def hard_cases() -> list[World]:
    """All of them."""
    return [
        *by_id(),
        *by_id_and_more(),
        *beside_an_id(),
        *by_reference(),
        *beside_a_reference(),
        *by_hand(),
        *payouts(),
        *three_sides(),
        *fuzzy(),
        *tolerances(),
        *groups(),
        *sums(),
        *long_sums(),
        *payout_groups(),
    ]

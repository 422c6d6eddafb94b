"""Hard cases of likeness, groups and sums, and of one event told three times.

In: nothing. Out: worlds as in hard_cases, whose story is told by hand.
"""

from __future__ import annotations

from tests.python.dbt.worlds import World

ORDER = {"order_id": "O-1"}
GROUP = {"reference_number": "G-1"}
ALL = {
    "reference_number": "R-1",
    "order_id": "R-1",
    "authorization_code": "R-1",
    "merchant_id": "R-1",
}
LATER = {"transaction_date": "2026-10-02 10:00:00"}
BACK = {"event_type": "refund"}
DISPUTE = {"event_type": "chargeback"}


def three_sides() -> list[World]:
    """Duplicate references on all three sides: each row is in one match or none, none twice."""
    fan = World("fan_out")
    for n in ("1", "2", "3"):
        fan.book(f"b{n}", **ALL, transaction_date=f"2026-10-0{n} 09:00:00")
        fan.told(f"p{n}", **ALL, transaction_date=f"2026-10-0{n} 10:00:00")
        day = {"effective_at_utc": f"2026-10-0{n} 00:00:00"}
        fan.payout(f"t{n}", "-10.00", "po_1", trace_id="R-1", **day)
        fan.line("10.00", "STRIPE PO_1", end_to_end_id="R-1", booking_date=f"2026-10-0{n}")
    columns = World("one_word_in_two_columns")
    for n in ("1", "2"):
        when = {"transaction_date": f"2026-10-0{n} 09:00:00"}
        columns.book(f"b{n}", reference_number="W", **when)
        columns.told(f"p{n}", reference_number="W", **when)
        columns.book(f"c{n}", order_id="W", **when).told(f"q{n}", order_id="W", **when)
    one = World("two_bank_rows_one_booking").payout("t", "-100.00", "po_1")
    one.line("100.00", "STRIPE PO_1").line("100.00", "STRIPE PO_1", booking_date="2026-10-04")
    return [
        fan.expect(b1="p1", b2="p2", b3="p3", t1="s/1", t2="s/2", t3="s/3"),
        columns.expect(b1="p1", b2="p2", c1="q1", c2="q2"),
        one.expect(t="s/1", s__1="t", s__2="duplicate"),
        World("chargeback_with_every_word_of_the_sale")
        .book("b", customer_id="c", **ALL)
        .told("p", "-10.00", customer_id="c", **{**ALL, **DISPUTE})
        .expect(b="no_counterpart", p="no_counterpart"),
        World("chargeback_in_capital_and_sign")
        .book("b", "-10.00", customer_id="c", **{**ALL, **BACK})
        .told("p", "-10.00", customer_id="c", **{**ALL, **DISPUTE})
        .expect(b="no_counterpart", p="no_counterpart"),
    ]


def fuzzy() -> list[World]:
    """Where the references are only alike."""
    who = {"customer_id": "c"}
    swapped = World("swapped_digits").book("b", reference_number="INVOICE-2026-100017", **who)
    tie = World("tie_in_pass_3").book("b", reference_number="INV-10017")
    tie.told("p1", reference_number="INV-100171").told("p2", reference_number="INV-100172")
    late = World("second_choice_that_becomes_the_first")
    late.book("b1", reference_number="INVOICE-10017", **who)
    late.book("b2", reference_number="INVOICE-1001")
    late.told("p1", reference_number="INVOICE-100170", **who)
    late.told("p2", reference_number="INVOICE-1-0-0-1-X-Y", transaction_date="2026-10-06 10:00:00")
    return [
        swapped.told("p", reference_number="INVOICE-2026-100071", **who).expect(b="p"),
        tie.expect(b="rivals", p1="rivals", p2="rivals"),
        late.expect(b1="p1", b2="~p2"),
        chain(),
        World("too_early")
        .book("b", reference_number="INV-10017", transaction_date="2026-10-05 09:00:00")
        .told("p", reference_number="INV-10018", transaction_date="2026-10-03 09:00:00")
        .expect(b="no_counterpart"),
        World("as_late_as_allowed")
        .book("b", reference_number="INV-10017", transaction_date="2026-10-05 09:00:00")
        .told("p", reference_number="INV-10018", transaction_date="2026-10-10 09:00:00")
        .expect(b="~p"),
    ]


def chain() -> World:
    """Each wants the one before more: nine rounds, one pair a round."""
    rule = {"amount_tolerance_minor": 10_000, "margin_min": 1, "amount_weight": 1}
    rule |= {f"{name}_weight": 0 for name in ("reference", "days", "customer", "merchant")}
    world = World("chain_of_nine").rule("books_fuzzy", confirms_from=50, **rule)
    euro, gap = 1000, 1
    for n in range(9):
        world.book(f"b{n}", f"{euro}.00").told(f"p{n}", f"{euro + gap}.00")
        euro, gap = euro + gap + gap + 2, gap + 4
        world.expect(**{f"b{n}": f"p{n}"})
    return world


def tolerances() -> list[World]:
    """A tenth of the left, the right, the smaller or the larger; the first pair just within it."""
    edges = {
        "left": ("100.00", "110.00", "100.00", "110.01"),
        "right": ("100.00", "111.11", "100.00", "90.90"),
        "smaller": ("110.00", "100.00", "100.00", "90.90"),
        "larger": ("100.00", "111.11", "100.00", "111.12"),
    }
    worlds = []
    for base, amounts in edges.items():
        share = {"amount_tolerance_bps": 1000, "tolerance_base": base}
        world = World(f"a_tenth_of_the_{base}").rule("books_reference", **share)
        world.book("b1", amounts[0], reference_number="R-1")
        world.told("p1", amounts[1], reference_number="R-1")
        world.book("b2", amounts[2], reference_number="R-2")
        world.told("p2", amounts[3], reference_number="R-2")
        near = World(f"alike_within_a_tenth_of_the_{base}")
        near.rule("books_fuzzy", proposes_from=30, **share).book("b", amounts[0])
        worlds += [
            world.expect(b1="p1", b2="rivals"),
            near.told("p", amounts[1]).expect(b="~p"),
        ]
    fees = {"left": ("5.00", "95.00", "2.00"), "both": ("5.00", "97.00", "2.00")}
    for side, (ours, amount, theirs) in fees.items():
        net = World(f"net_of_{side}").rule("books_reference", amount_basis=f"{side}_net")
        net.book("b", "100.00", fee=ours, reference_number="R-1")
        net.told("p", amount, fee=theirs, reference_number="R-1")
        worlds.append(net.expect(b="p"))
    digits = World("one_digit_more").rule("books_fuzzy", proposes_from=30, **share)
    return [*worlds, digits.book("b", "99.00").told("p", "109.00").expect(b="~p")]


def groups() -> list[World]:
    """All under one reference."""
    batch = World("batch_with_a_refund").book("b", "80.00", **GROUP)
    batch.told("p1", "60.00", **GROUP).told("p2", "40.00", **GROUP)
    batch.told("p3", "-20.00", **GROUP, **BACK)
    dispute = World("group_with_a_chargeback").book("b", "80.00", **GROUP)
    dispute.told("p1", "60.00", **GROUP).told("p2", "40.00", **GROUP)
    dispute.told("p3", "-20.00", **GROUP, **DISPUTE)
    barred = World("group_with_a_contradiction").book("b", "100.00", **GROUP)
    barred.told("p1", "60.00", **GROUP).told("p2", "40.00", **GROUP).told("p2", "41.00", **GROUP)
    late = World("group_with_a_part_too_late").rule("books_group", days_after=2)
    late.book("b", "100.00", **GROUP).told("p1", "60.00", **GROUP)
    late.told("p2", "40.00", **GROUP, transaction_date="2026-10-04 10:00:00")
    many = World("many_to_many").book("b1", "70.00", **GROUP).book("b2", "30.00", **GROUP)
    many.told("p1", "45.00", **GROUP).told("p2", "55.00", **GROUP)
    return [
        batch.expect(b="p1+p2+p3"),
        dispute.expect(b="rivals", p1="rivals", p2="rivals", p3="no_counterpart"),
        barred.expect(b="rivals", p1="rivals", p2="key_conflict"),
        late.expect(b="rivals", p1="rivals", p2="rivals"),
        many.expect(b1="b2+p1+p2", p1="b1+b2+p2"),
    ]


def sums() -> list[World]:
    """Some of what carries one order."""
    known = World("100_against_60_50_50").book("b", "100.00", **ORDER)
    known.told("p1", "60.00", **ORDER).told("p2", "50.00", **ORDER).told("p3", "50.00", **ORDER)
    ways = World("two_ways").book("b", "100.00", **ORDER).told("p1", "60.00", **ORDER)
    ways.told("p2", "40.00", **ORDER).told("p3", "70.00", **ORDER).told("p4", "30.00", **ORDER)
    days = World("three_days").book("b", "100.00", **ORDER)
    for n in ("1", "2", "3"):
        days.told(f"p{n}", "50.00", **ORDER, transaction_date=f"2026-10-0{n} 10:00:00")
    wanted = World("a_part_two_want").book("b1", "100.00", **ORDER).book("b2", "90.00", **ORDER)
    wanted.told("p1", "60.00", **ORDER).told("p2", "40.00", **ORDER).told("p3", "30.00", **ORDER)
    wanted.told("p4", "20.00", **ORDER).told("p5", "10.00", **ORDER)
    nothing = World("nothing_is_no_part").book("b1", "0.00").book("b2", "0.00", **LATER)
    budget = World("over_the_limit").rule("books_sum", max_items=3).book("b", "100.00", **ORDER)
    for place, amount in enumerate(("60.00", "40.00", "11.00", "12.00")):
        budget.told(f"p{place}", amount, **ORDER)
    net = World("net_sum").rule("books_sum", amount_basis="right_net").book("b", "95.00", **ORDER)
    net.told("p1", "60.00", fee="3.00", **ORDER).told("p2", "40.00", fee="2.00", **ORDER)
    return [
        known.expect(b="p2+p3", p2="b+p3", p1="no_counterpart"),
        ways.expect(b="rivals", p1="rivals", p4="rivals"),
        days.expect(b="rivals", p1="rivals", p3="rivals"),
        wanted.expect(b1="rivals", b2="rivals"),
        nothing.told("p", "0.00", **{**LATER, **ORDER}).expect(p="rivals"),
        budget.expect(b="rivals", p0="rivals"),
        net.expect(b="p1+p2"),
    ]


def long_sums() -> list[World]:
    """More parts than one half of the search holds; twins on both sides of the cut."""
    powers = World("sixteen_parts").book("b", f"{2 + 32 + 4096 + 16384 + 32768}.00", **ORDER)
    for n in range(16):
        powers.told(f"p{n:02}", f"{2**n}.00", **ORDER)
    twins = World("twins_in_both_halves").book("b", "20005.00", **ORDER)
    for n in range(12):
        twins.told(f"p{n:02}", f"{2**n}.00", **ORDER)
    for n in range(3):
        when = {"transaction_date": f"2026-10-01 1{n}:00:00"}
        twins.told(f"t{n}", "10000.00", **ORDER, **when)
    return [
        powers.expect(b="p01+p05+p12+p14+p15", p01="b+p05+p12+p14+p15", p00="no_counterpart"),
        twins.expect(b="p00+p02+t0+t1", t2="no_counterpart"),
    ]


def payout_groups() -> list[World]:
    """Several payouts on one bank line and one on several."""
    two = World("payout_of_two_lines").payout("t", "-100.00", "po_1", trace_id="TR-1")
    two.line("60.00", "STRIPE", end_to_end_id="TR-1")
    two.line("40.00", "STRIPE", end_to_end_id="TR-1")
    both = World("two_payouts_on_one_line").payout("t1", "-60.00", "po_1")
    both.payout("t2", "-40.00", "po_2").line("100.00", "STRIPE")
    luck = World("two_of_three_payouts").line("100.00", "STRIPE")
    for n in ("1", "2", "3"):
        luck.payout(f"t{n}", "-50.00", f"po_{n}")
    rival = World("a_sum_beside_two_of_the_amount").line("100.00", "STRIPE")
    for place, amount in enumerate(("-100.00", "-100.00", "-60.00", "-40.00")):
        rival.payout(f"t{place}", amount, f"po_{place}")
    claimed = World("a_part_that_another_may_need").line("100.00", "STRIPE")
    claimed.line("90.00", "STRIPE")
    for place, amount in enumerate(("-60.00", "-40.00", "-30.00", "-50.00", "-25.00", "-65.00")):
        claimed.payout(f"t{place}", amount, f"po_{place}")
    return [
        two.expect(t="s/1+s/2", s__1="s/2+t"),
        both.expect(t1="~s/1+t2", s__1="~t1+t2"),
        luck.expect(t1="rivals", t2="rivals", t3="rivals", s__1="rivals"),
        rival.expect(s__1="rivals", t0="rivals", t1="rivals", t2="rivals", t3="rivals"),
        claimed.expect(s__1="rivals", s__2="rivals", t0="rivals", t1="rivals"),
    ]

"""Scenarios of one row here and one there, and of rows that only look like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.accuracy.typos import respelled, spoiled
from benchmarks.accuracy.world import SPELLED_AT_RANDOM, Sale, World

NIGHTS = (datetime(2026, 9, 30, 21, 30, tzinfo=UTC), datetime(2026, 10, 31, 22, 30, tzinfo=UTC))
CLOCKS_GO_BACK = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)


def exact_id(world: World) -> None:
    """The books know the processor's id; the reference may be anything."""
    sale = world.sale()
    told = world.tell(sale.later(world.few_days()), reference_number="")
    world.same(world.book(sale, processor_transaction_id=told.split()[1]), told)


def exact_id_other_amount(world: World) -> None:
    """The id is the same and the amount is not: one event, and a break."""
    sale = world.sale()
    told = world.tell(sale.later(world.few_days()), sale.minor + world.random.choice((-1, 10, 100)))
    world.same(world.book(sale, processor_transaction_id=told.split()[1]), told)


def reference(world: World) -> None:
    """The merchant's reference came through."""
    sale = world.sale()
    world.same(world.book(sale), world.tell(sale.later(world.few_days())))


def reference_spelling(world: World) -> None:
    """It came through in another case and with other punctuation."""
    sale = world.sale()
    text = respelled(world.random, sale.reference)
    world.same(world.book(sale), world.tell(sale.later(world.few_days()), reference_number=text))


def order_number(world: World) -> None:
    """The processor gave a reference of its own; the order's number is on both."""
    sale = world.sale()
    own, order = f"psp{world.letters(10)}", f"SO-{world.letters(7)}"
    told = world.tell(sale.later(world.few_days()), reference_number=own, order_id=order.lower())
    world.same(world.book(sale, order_id=order), told)


def authorisation(world: World) -> None:
    """A terminal's sale: no reference there, the authorisation code on both."""
    sale, code = world.sale(), world.letters(6)
    told = world.tell(
        sale.later(world.few_days(3)), reference_number="", customer_id="", authorization_code=code
    )
    world.same(world.book(sale, authorization_code=code), told)


def customer_alone(world: World) -> None:
    """The reference is lost; customer, shop and amount are there and meet nowhere else."""
    sale = replace(world.sale(), customer=f"K{world.letters(7)}")
    told = world.tell(sale.later(world.random.choice((0.05, 0.5, 1, 2))), reference_number="")
    world.same(world.book(sale), told)


def nothing_but_money(world: World) -> None:
    """Neither reference nor customer: amount and day prove nothing."""
    sale = world.sale()
    told = world.tell(sale.later(world.few_days()), reference_number="", customer_id="")
    world.same(world.book(sale), told, is_decidable=False)


def same_reference_other_amounts(world: World) -> None:
    """One reference, two sales of different amounts on both sides."""
    sale = world.sale()
    for minor in (sale.minor, sale.minor + world.random.randint(1, 5000)):
        part = replace(sale, minor=minor).later(world.random.uniform(0, 2))
        world.same(world.book(part), world.tell(part.later(world.few_days(3))))


def twins(world: World) -> None:
    """One reference and one amount twice on one day; sometimes one of them is missing there."""
    sale = replace(world.sale(), moment=_noon(world.sale().moment))
    name = f"twins {sale.reference}"
    mine = [world.book(sale), world.book(sale.later(0.01))]
    theirs = [world.tell(sale.later(0.02)), world.tell(sale.later(0.03))]
    if world.random.random() < 0.3:
        world.told.pop()
        world.labels.pop(theirs.pop())
    for pair in zip(mine, theirs, strict=False):
        world.same(*pair, twins=name)
    for left in mine[len(theirs) :]:
        world.same(left, twins=name)


def twins_of_two_days(world: World) -> None:
    """The same, three days apart: each has its own on its day."""
    sale = replace(world.sale(), moment=_noon(world.sale().moment))
    for days in (0, 3):
        part = sale.later(days)
        world.same(world.book(part), world.tell(part.later(0.05)))


def other_attempt(world: World) -> None:
    """The same reference and amount three weeks later: another attempt of the order, two breaks."""
    sale = world.sale()
    world.book(sale)
    world.tell(sale.later(world.random.uniform(16, 30)))


def month_end(world: World) -> None:
    """Written down late on the last evening, told in the next month, at the window's very edge."""
    sale = replace(world.sale(), moment=world.random.choice(NIGHTS))
    world.same(world.book(sale), world.tell(sale.later(world.random.choice((0.1, 5, 13.9)))))


def clocks_go_back(world: World) -> None:
    """In the hour that comes twice, with a spoiled reference."""
    minutes = world.random.randrange(0, 180)
    sale = replace(world.sale(), moment=CLOCKS_GO_BACK + timedelta(minutes=minutes))
    text = spoiled(world.random, sale.reference, "swap", world.taken)
    world.same(world.book(sale), world.tell(sale.later(0.01), reference_number=text))


def within_tolerance(world: World) -> None:
    """A processor whose rule lets 5 cents or 1 % pass: at the very edge."""
    sale = _at_the_edge(world)
    world.same(world.book(sale), world.tell(sale.later(0.2), sale.minor - _allowed(sale)))


def beyond_tolerance(world: World) -> None:
    """One cent over the edge is no match by rule: both stay open."""
    sale = _at_the_edge(world)
    world.book(sale)
    world.tell(sale.later(0.2), sale.minor - _allowed(sale) - 1)


def missing_there(world: World) -> None:
    """The processor never told."""
    world.book(world.sale())


def missing_here(world: World) -> None:
    """The books do not have it."""
    world.tell(world.sale())


def near_strangers(world: World) -> None:
    """Both missing on the other side, with one amount, one shop, one day."""
    mine, other = world.sale(), world.sale()
    theirs = replace(mine, reference=other.reference, customer=other.customer)
    world.book(mine)
    world.tell(theirs.later(world.few_days()))


def neighbours_in_series(world: World) -> None:
    """The same, and their numbers follow each other; half of them say nothing of the customer."""
    mine = world.sale()
    world.number += 1
    text = f"INV-2026-{world.number:07}"
    world.number += 1
    other = f"INV-2026-{world.number:07}"
    world.taken.update((text, other))
    mine = replace(mine, reference=text)
    columns = {"customer_id": world.random.choice(("", world.sale().customer))}
    world.book(mine)
    world.tell(mine.later(world.few_days()), None, reference_number=other, **columns)


def comes_again(world: World) -> None:
    """One customer buys the same again; of the first the processor tells nothing, of the second
    the books: same customer, shop and amount, days apart, and two references. In a series the
    second is the next number or some hundreds further on."""
    mine = replace(world.sale(), customer=f"K{world.letters(7)}")
    if mine.spelling == SPELLED_AT_RANDOM:
        other = f"R{world.letters(9)}"
    else:
        further = world.random.choice((1, 2, world.random.randint(3, 900)))
        other = f"INV-2026-{int(mine.reference[-7:]) + further:07}"
    world.taken.add(other)
    world.book(mine)
    world.tell(mine.later(world.random.uniform(0.5, 5)), reference_number=other)


def _noon(moment: datetime) -> datetime:
    return moment.replace(hour=10)


def _at_the_edge(world: World) -> Sale:
    return replace(world.sale(), processor="edgepay", currency="EUR")


def _allowed(sale: Sale) -> int:
    return max(5, sale.minor // 100)


WEIGHTS = {
    exact_id: 300,
    exact_id_other_amount: 10,
    reference: 260,
    reference_spelling: 40,
    order_number: 20,
    authorisation: 20,
    customer_alone: 12,
    nothing_but_money: 10,
    same_reference_other_amounts: 10,
    twins: 10,
    twins_of_two_days: 6,
    other_attempt: 6,
    month_end: 12,
    clocks_go_back: 6,
    within_tolerance: 8,
    beyond_tolerance: 6,
    missing_there: 20,
    missing_here: 20,
    near_strangers: 12,
    neighbours_in_series: 8,
    comes_again: 8,
}

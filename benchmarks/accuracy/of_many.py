"""Scenarios of several rows: parts, groups with refunds inside, disputes, instalments."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.accuracy.world import World, split


def partial_captures(world: World) -> None:
    """One sale in the books, captured in two to four parts."""
    sale = world.sale()
    parts = split(world.random, sale.minor, world.random.randint(2, 4))
    told = [
        world.tell(sale.later(day + world.random.random()), part) for day, part in enumerate(parts)
    ]
    world.same(world.book(sale), *told)


def split_tenders(world: World) -> None:
    """Two or three ways of paying in the books, one charge at the processor."""
    sale = world.sale()
    parts = split(world.random, sale.minor, world.random.randint(2, 3))
    mine = [world.book(sale, part) for part in parts]
    world.same(*mine, world.tell(sale.later(world.few_days())))


def split_both_ways(world: World) -> None:
    """Two rows here, three there, no part equal to another."""
    sale = world.sale()
    while True:  # by luck a part may equal one of the other side: that is another scenario
        a, b, c, d, e = split(world.random, sale.minor, 5)
        books, processor = (a + b + 1, c + d + e - 1), (a + c, b + d, e)
        if not {*books} & {*processor}:
            break
    mine = [world.book(sale, part) for part in books]
    told = [world.tell(sale.later(0.2), part) for part in processor]
    world.same(*mine, *told)


def refund_inside(world: World) -> None:
    """The books keep what is left of a sale; the processor tells the sale and its refund."""
    sale = world.sale()
    back = split(world.random, sale.minor, 2)[0]
    refund = replace(sale, event="refund").later(2)
    world.same(
        world.book(sale, sale.minor - back), world.tell(sale.later(0.1)), world.tell(refund, -back)
    )


def refund_of_a_sale(world: World) -> None:
    """The refund carries the sale's reference on both sides; part of the money, twice."""
    sale = world.sale()
    parts = split(world.random, sale.minor, 3)
    world.same(world.book(sale), world.tell(sale.later(0.1)))
    for day, part in enumerate(parts[: world.random.choice((1, 2))], start=1):
        refund = replace(sale, event="refund").later(day)
        world.same(world.book(refund, -part), world.tell(refund.later(0.2), -part))


def some_of_an_order(world: World) -> None:
    """100 here; 60, 50, 50 there under one order: 50 and 50 are it, the 60 is nobody's."""
    sale, order = world.sale(), f"SO-{world.letters(7)}"
    half = world.random.randint(60, 9000)
    world.same(
        world.book(sale, 2 * half, order_id=order),
        world.tell(sale.later(0.1), half, order_id=order, reference_number=world.reference()[0]),
        world.tell(sale.later(0.2), half, order_id=order, reference_number=world.reference()[0]),
    )
    odd = half + world.random.randint(1, half - 1)
    world.tell(sale.later(0.3), odd, order_id=order, reference_number=world.reference()[0])


def sums_two_ways(world: World) -> None:
    """100 here; 60, 40, 70, 30 there: two sums explain it, so nothing does."""
    sale, order = world.sale(), f"SO-{world.letters(7)}"
    first, second = sorted(split(world.random, max(sale.minor, 500), 2))
    others = (first + 1, second - 1)
    mine = world.book(sale, first + second, order_id=order)
    told = [
        world.tell(sale.later(0.1), part, order_id=order, reference_number=world.reference()[0])
        for part in (first, second, *others)
    ]
    world.same(mine, *told[:2], is_decidable=False)


def dispute(world: World) -> None:
    """The processor takes a sale back under the sale's reference; half of the books know."""
    sale = world.sale()
    world.same(world.book(sale), world.tell(sale.later(0.1)))
    back = replace(sale, event="chargeback").later(world.random.uniform(1, 9))
    told = world.tell(back.later(0.2), -sale.minor)
    if world.random.random() < 0.5:
        world.same(world.book(back, -sale.minor), told)


def dispute_without_its_sale(world: World) -> None:
    """The sale is missing there; its dispute and the dispute's reversal are not the sale."""
    sale = world.sale()
    world.book(sale)
    world.tell(replace(sale, event="chargeback").later(1), -sale.minor)
    world.tell(replace(sale, event="chargeback_reversal").later(2))


def refund_and_dispute(world: World) -> None:
    """A refund here, a dispute there, of one sale and amount: a double loss, not one event."""
    sale = world.sale()
    world.same(world.book(sale), world.tell(sale.later(0.1)))
    world.book(replace(sale, event="refund").later(1), -sale.minor)
    world.tell(replace(sale, event="chargeback").later(1), -sale.minor)


def instalments(world: World) -> None:
    """Three of one amount, a month apart, each with its number behind the reference."""
    sale = world.sale()
    for number in (1, 2, 3):
        part = sale.later(28 * number - 28)
        mine = world.book(part, reference_number=f"{sale.reference}/{number}")
        told = world.tell(
            part.later(world.few_days()), reference_number=f"{sale.reference}-{number}"
        )
        world.same(mine, told)


def instalments_in_one(world: World) -> None:
    """The books keep the whole sale; the processor pays it in three parts within a month."""
    sale = world.sale()
    third = max(1, sale.minor // 3)
    told = [world.tell(sale.later(day), third) for day in (0.1, 14, 28)]
    world.same(world.book(sale, 3 * third), *told)


WEIGHTS = {
    partial_captures: 10,
    split_tenders: 8,
    split_both_ways: 4,
    refund_inside: 6,
    refund_of_a_sale: 12,
    some_of_an_order: 4,
    sums_two_ways: 3,
    dispute: 12,
    dispute_without_its_sale: 6,
    refund_and_dispute: 4,
    instalments: 8,
    instalments_in_one: 4,
}

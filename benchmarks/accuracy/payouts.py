"""Scenarios of payouts and bank lines."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.accuracy.world import EXPONENTS, Sale, World


def _payout(world: World) -> Sale:
    """Some thousands, on a day; every amount its own."""
    sale = world.sale()
    minor = world.random.randint(50_000, 90_000_000) * 10 ** max(0, EXPONENTS[sale.currency] - 2)
    return replace(sale, minor=minor, event="payout", customer="", reference="")


def _paid(world: World, payout: Sale, minor: int | None = None, **columns: str) -> tuple[str, str]:
    """The processor tells the payout: the row's name and the payout's id."""
    payout_id = f"po_1{world.letters(14)}"
    amount = payout.minor if minor is None else minor
    name = world.tell(
        payout, -amount, payout_id=payout_id, authorization_code="", merchant_id="", **columns
    )
    return name, payout_id


def _days(world: World) -> float:
    return world.random.choice((1, 2, 3))


def payout_by_id(world: World) -> None:
    """The bank prints the payout's id, in capitals."""
    payout = _payout(world)
    name, payout_id = _paid(world, payout)
    text = f"REF {payout_id.upper()} THANK YOU"
    world.same(name, world.line(payout.later(_days(world)), remittance=text))


def payout_by_trace(world: World) -> None:
    """The bank says the trace alone."""
    payout, trace = _payout(world), f"TR{world.letters(12)}"
    name, _ = _paid(world, payout, trace_reference=trace)
    world.same(name, world.line(payout.later(_days(world)), end_to_end_id=trace))


def payout_by_amount(world: World) -> None:
    """The bank says who and how much: nobody else's, but nothing proves it."""
    payout = _payout(world)
    name, _ = _paid(world, payout)
    world.same(name, world.line(payout.later(_days(world))), is_decidable=False)


def payouts_alike(world: World) -> None:
    """Two payouts of one round amount, one bank line without an id: nobody can tell."""
    payout = replace(_payout(world), minor=100_000 * world.random.randint(1, 900))
    first, _ = _paid(world, payout)
    _paid(world, payout.later(1))
    world.same(first, world.line(payout.later(2)), is_decidable=False)


def payout_negative(world: World) -> None:
    """Refunds were more than sales: the processor collects."""
    payout = _payout(world)
    payout = replace(payout, minor=-payout.minor)
    name, payout_id = _paid(world, payout)
    world.same(name, world.line(payout.later(_days(world)), remittance=payout_id))


def payouts_on_one_line(world: World) -> None:
    """Two to four payouts arrive as one sum that carries their trace."""
    payout, trace = _payout(world), f"TR{world.letters(12)}"
    parts = [payout.minor // 7 * n + n for n in range(1, world.random.randint(3, 5))]
    names = [_paid(world, payout, part, trace_reference=trace)[0] for part in parts]
    line = world.line(payout.later(_days(world)), sum(parts), end_to_end_id=trace)
    world.same(*names, line)


def payout_on_lines(world: World) -> None:
    """The bank books a payout in two or three amounts."""
    payout, trace = _payout(world), f"TR{world.letters(12)}"
    parts = [payout.minor // 7 * n + n for n in range(1, world.random.randint(3, 4))]
    name, _ = _paid(world, payout, sum(parts), trace_reference=trace)
    lines = [
        world.line(payout.later(day), part, end_to_end_id=trace)
        for day, part in enumerate(parts, 1)
    ]
    world.same(name, *lines)


def payouts_summed(world: World) -> None:
    """Two payouts arrive as one sum that says nothing: it adds up, and that is no proof."""
    payout = _payout(world)
    parts = [payout.minor // 7 * n + n for n in (1, 2)]
    names = [_paid(world, payout, part)[0] for part in parts]
    world.same(*names, world.line(payout.later(_days(world)), sum(parts)), is_decidable=False)


def payout_missing(world: World) -> None:
    """It never arrives."""
    _paid(world, _payout(world))


def line_missing(world: World) -> None:
    """Money of the processor's that it did not report."""
    payout = _payout(world)
    world.line(payout, remittance=f"po_1{world.letters(14)}")


WEIGHTS = {
    payout_by_id: 20,
    payout_by_trace: 10,
    payout_by_amount: 4,
    payouts_alike: 2,
    payout_negative: 4,
    payouts_on_one_line: 4,
    payout_on_lines: 4,
    payouts_summed: 2,
    payout_missing: 3,
    line_missing: 3,
}

"""Scenarios of a reference that was spoiled on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from benchmarks.accuracy.typos import KINDS, spoiled
from benchmarks.accuracy.world import SPELLED_AT_RANDOM, World


def typo(world: World, kind: str) -> None:
    """A spoiled reference, equal amounts, days apart. Three in four say the customer too.

    Without the customer a number of a series could be its neighbour, and spoiled twice it could be
    another number of the same customer's: then nobody can tell.
    """
    sale = world.sale()
    text = spoiled(world.random, sale.reference, kind, world.taken)
    columns = {"reference_number": text}
    is_known = world.random.random() < 0.75
    if not is_known:
        columns["customer_id"] = ""
    told = world.tell(sale.later(world.few_days()), None, **columns)
    is_random = sale.spelling == SPELLED_AT_RANDOM
    is_decidable = {
        "two": is_known and is_random,
        "cut": is_known,
    }.get(kind, is_known or is_random)
    world.same(world.book(sale), told, is_decidable=is_decidable)


def typo_on_a_neighbour(world: World) -> None:
    """A number typed wrong is another sale's number; the amounts tell the two apart."""
    sale, other = world.sale(), world.sale()
    other = replace(
        sale,
        reference=spoiled(world.random, sale.reference, "change", world.taken),
        customer=other.customer,
        minor=sale.minor + 7,
        moment=sale.moment + timedelta(hours=3),
    )
    wrong = world.tell(sale.later(0.1), reference_number=other.reference)
    world.same(world.book(sale), wrong)
    world.same(world.book(other), world.tell(other.later(0.1)))


WEIGHTS = {typo_on_a_neighbour: 6}
TYPO_WEIGHTS = dict.fromkeys(KINDS, 12)

"""Random worlds for matching, the same for the same number.

In: a number. Out: a World in which ids, references, amounts and days collide.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.python.dbt.worlds import World

DAYS = ("2026-08-01", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-20", "2026-10-30")
AMOUNTS = ("10.00", "10.00", "20.00", "10.01", "-10.00")
REFERENCES = ("KW-1", "kw 1", "KW/2", None)
IDS = ("ch_1", "ch_2", None, None)
STATUSES = ("settled",) * 7 + ("failed", "canceled", "pending", "pending")


@dataclass(frozen=True)
class Words:
    """The few words one world is made of: in some worlds everything is a twin of something."""

    draw: random.Random
    days: list[str]
    amounts: list[str]
    references: list[str | None]
    ids: list[str | None]
    oddity: float

    def rarely(self, usual: str, *others: str) -> str:
        """The usual word, or now and then another."""
        return self.draw.choice(others) if self.draw.random() < self.oddity else usual

    def moment(self, minute: int) -> str:
        """A time on one of the days."""
        return f"{self.draw.choice(self.days)} {self.draw.randrange(24):02}:{minute:02}:00"


def random_world(number: int) -> World:
    """One tenant's world, drawn from a generator seeded with the number."""
    draw = random.Random(number)
    words = Words(
        draw,
        days=draw.sample(DAYS, draw.randrange(2, 7)),
        amounts=draw.choices(AMOUNTS, k=draw.randrange(1, 5)),
        references=draw.choices(REFERENCES, k=draw.randrange(1, 4)),
        ids=draw.choices(IDS, k=draw.randrange(1, 4)),
        oddity=draw.choice((0.0, 0.1, 0.3)),
    )
    world = World(f"random_{number:03}")
    _books(world, words)
    _changes(world, words)
    if draw.random() < 0.3:
        for _ in range(draw.randrange(1, 4)):
            left, right = f"b{draw.randrange(7)}", f"p{draw.randrange(7)}"
            world.decide(draw.choice(("match", "match", "unmatch")), left, right)
    _payouts(world, draw)
    return world


def _books(world: World, words: Words) -> None:
    draw = words.draw
    for n in range(draw.randrange(9)):
        world.book(
            f"b{n if draw.random() > words.oddity / 2 else 0}",
            draw.choice(words.amounts),
            currency=words.rarely("EUR", "USD"),
            status=draw.choice(STATUSES),
            transaction_date=words.moment(0),
            event_type=words.rarely("charge", "refund", "chargeback", "mystery"),
            reference_number=draw.choice(words.references),
            processor_transaction_id=draw.choice(words.ids),
            authorization_code=draw.choice((None, None, "A1")),
        )


def _changes(world: World, words: Words) -> None:
    draw = words.draw
    for n in range(draw.randrange(9)):
        world.change(
            f"p{n}",
            draw.choice(words.amounts),
            currency=words.rarely("eur", "usd"),
            created_utc=words.moment(30),
            reporting_category=words.rarely("charge", "refund", "dispute", "riddle"),
            merchant_reference=draw.choice(words.references),
            source_id=draw.choice(words.ids),
        )


def _payouts(world: World, draw: random.Random) -> None:
    for n in range(draw.randrange(5)):
        gross = draw.choice(("-100.00", "-100.00", "-50.00", "100.00"))
        world.payout(
            f"t{n}",
            gross,
            draw.choice(("po_1", "po_2", "po_3")),
            effective_at_utc=f"{draw.choice(DAYS)} 00:00:00",
            payout_expected_arrival_date=draw.choice((None, "2026-10-07", "2026-10-30")),
            reporting_category="payout_reversal" if gross == "100.00" else "payout",
            payout_status=draw.choice(("paid", "paid", "in_transit", "failed", "pending")),
            trace_id=draw.choice((None, "TR 1", "TR-2")),
        )
    for _ in range(draw.randrange(5)):
        text = draw.choice(("STRIPE PO_1", "STRIPE po_2 OCT", "STRIPE", "STRIPE", "RENT PO_1"))
        world.line(
            draw.choice(("100.00", "100.00", "50.00", "-100.00")),
            text,
            booking_date=draw.choice(DAYS),
            end_to_end_id=draw.choice(("NOTPROVIDED", "TR-1", "TR-2")),
        )

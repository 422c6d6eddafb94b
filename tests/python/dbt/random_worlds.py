"""Random worlds for matching, the same for the same number.

In: a number. Out: a World in which ids, references, amounts and days collide, whose tenant may have
rules of its own (random_rules). Every other world has a theme (random_themes).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.python.dbt.random_rules import draw_rules
from tests.python.dbt.random_themes import alike, bank_sums, split_orders
from tests.python.dbt.worlds import World

DAYS = ("2026-08-01", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-20", "2026-10-30")
NEAR_DAYS = ("2026-10-08", "2026-10-09", "2026-10-10", "2026-10-11", "2026-10-12", "2026-10-13")
AMOUNTS = ("10.00", "10.00", "20.00", "10.01", "-10.00", "30.00", "0.00")
REFERENCES = ("KW-1", "kw 1", "KW/2", None)
ALIKE = ("ORD-10017", "ord 10017", "ORD-10071", "ORD-1001", "ORD-20017", "QX-99", None)
IDS = ("ch_1", "ch_2", None, None)
STATUSES = ("settled",) * 7 + ("failed", "canceled", "pending", "pending")
KINDS = ("refund", "chargeback", "adjustment", "mystery")


@dataclass(frozen=True)
class Words:
    """The few words one world is made of: in some worlds everything is a twin of something."""

    draw: random.Random
    days: list[str]
    amounts: list[str]
    references: list[str | None]
    orders: list[str | None]
    ids: list[str | None]
    oddity: float

    def rarely(self, usual: str, *others: str) -> str:
        """The usual word, or now and then another."""
        return self.draw.choice(others) if self.draw.random() < self.oddity else usual

    def moment(self, minute: int) -> str:
        """A time on one of the days."""
        return f"{self.draw.choice(self.days)} {self.draw.randrange(24):02}:{minute:02}:00"

    def row(self, minute: int) -> dict[str, str | None]:
        """What books and a processor in the house format both say of an event."""
        draw = self.draw
        return {
            "currency": self.rarely("EUR", "USD"),
            "status": draw.choice(STATUSES),
            "transaction_date": self.moment(minute),
            "event_type": self.rarely("charge", *KINDS),
            "processor_name": self.rarely("Stripe", "Adyen"),
            "reference_number": draw.choice(self.references),
            "order_id": draw.choice(self.orders),
            "authorization_code": draw.choice((None, None, "A1")),
            "customer_id": draw.choice(("c1", "c1", "c2", None)),
            "merchant_id": draw.choice(("m", "m", "m", "n", None)),
            "fee": draw.choice(("0", "0", "0.01", "10.00")),
        }


def random_world(number: int) -> World:
    """One tenant's world, drawn from a generator seeded with the number."""
    draw = random.Random(number)
    world = World(f"random_{number:03}")
    if number % 2:
        _mixed(world, draw)
    else:
        draw.choice((split_orders, split_orders, alike, alike, bank_sums))(world, draw)
    if draw.random() < 0.6:
        draw_rules(world, draw)
    return world


def _mixed(world: World, draw: random.Random) -> None:
    days = draw.choice((DAYS, NEAR_DAYS))
    words = Words(
        draw,
        days=draw.sample(days, draw.randrange(1, 7)),
        amounts=draw.choices(AMOUNTS, k=draw.randrange(1, 5)),
        references=draw.choices(draw.choice((REFERENCES, ALIKE)), k=draw.randrange(1, 4)),
        orders=draw.choices(("KW-1", "ORD-10017", "O-2", None, None), k=draw.randrange(1, 3)),
        ids=draw.choices(draw.choice((IDS, (None,))), k=draw.randrange(1, 4)),
        oddity=draw.choice((0.0, 0.1, 0.3)),
    )
    _books(world, words)
    draw.choice((_changes, _house))(world, words)
    if draw.random() < 0.25:
        for _ in range(draw.randrange(1, 4)):
            left, right = f"b{draw.randrange(5)}", f"p{draw.randrange(5)}"
            action = draw.choice(("match", "match", "unmatch"))
            world.decide(action, left, right, right_source=draw.choice(("stripe", "generic")))
    if draw.random() < 0.5:
        _payouts(world, draw)
    if draw.random() < 0.3:
        _transfers(world, words)
    if draw.random() < 0.3:
        _settlements(world, words)


def _books(world: World, words: Words) -> None:
    draw = words.draw
    for n in range(draw.randrange(8)):
        world.book(
            f"b{n if draw.random() > words.oddity / 2 else 0}",
            draw.choice(words.amounts),
            processor_transaction_id=draw.choice(words.ids),
            **words.row(0),
        )


def _changes(world: World, words: Words) -> None:
    draw = words.draw
    for n in range(draw.randrange(8)):
        world.change(
            f"p{n}",
            draw.choice(words.amounts),
            currency=words.rarely("eur", "usd"),
            created_utc=words.moment(30),
            reporting_category=words.rarely("charge", "refund", "dispute", "riddle"),
            merchant_reference=draw.choice(words.references),
            source_id=draw.choice(words.ids),
        )


def _house(world: World, words: Words) -> None:
    draw = words.draw
    for n in range(draw.randrange(8)):
        world.told(
            f"p{n if draw.random() > words.oddity / 2 else 0}",
            draw.choice(words.amounts),
            processor_reference=draw.choice(words.ids),
            **words.row(30),
        )


def _payouts(world: World, draw: random.Random) -> None:
    days = draw.choice((DAYS, NEAR_DAYS, NEAR_DAYS[:2]))
    amounts = draw.choice((("100.00", "50.00"), ("100.00", "60.00", "40.00"), ("30.00", "20.00")))
    ids = draw.choice((("po_1", "po_2", "po_3"), ("po_1",)))
    for n in range(draw.randrange(6)):
        gross = "-" * (draw.random() < 0.8) + draw.choice(amounts)
        world.payout(
            f"t{n}",
            gross,
            draw.choice(ids),
            effective_at_utc=f"{draw.choice(days)} 00:00:00",
            payout_expected_arrival_date=draw.choice((None, "2026-10-07", "2026-10-30")),
            reporting_category="payout" if gross.startswith("-") else "payout_reversal",
            payout_status=draw.choice(("paid", "paid", "in_transit", "failed", "pending")),
            trace_id=draw.choice((None, None, "TR 1", "TR-2")),
        )
    texts = draw.choice((("STRIPE PO_1", "STRIPE po_2 OCT", "RENT PO_1"), ("STRIPE", "STRIPE X")))
    for _ in range(draw.randrange(6)):
        world.line(
            draw.choice((*amounts, *amounts, f"-{amounts[0]}", "120.00")),
            draw.choice(texts),
            booking_date=draw.choice(days),
            end_to_end_id=draw.choice(("NOTPROVIDED", "NOTPROVIDED", "TR-1", "TR-2")),
        )


def _transfers(world: World, words: Words) -> None:
    """Between own accounts: out of one, into the other."""
    draw = words.draw
    for _ in range(draw.randrange(1, 8)):
        world.line(
            draw.choice(("500.00", "-500.00", "-500.00", "200.00", "-200.00", "300.00")),
            "OWN TRANSFER",
            account=draw.choice(("NL1", "NL2")),
            booking_date=draw.choice(words.days),
            end_to_end_id=draw.choice(("NOTPROVIDED", "E2E-10017", "E2E-10071", "E2E-1")),
            transaction_reference=draw.choice((None, "TR-7")),
        )


def _settlements(world: World, words: Words) -> None:
    """An acquirer's receivables and what was paid of them."""
    draw = words.draw
    for n in range(draw.randrange(1, 8)):
        held = draw.random() < 0.5
        world.told(
            f"r{n % 3}",
            ("-" if held else "") + draw.choice(("70.00", "70.00", "35.00")),
            source=draw.choice(("cielo", "cielo", "rede")),
            processor_name="Cielo",
            event_type="reserve_hold" if held else "reserve_release",
            transaction_date=words.moment(15),
            status=draw.choice(STATUSES),
        )

"""Random worlds of one theme: orders taken apart and put together, references nearly the same.

In: a World and its generator. Out: the World with rows of the books and of a processor in which a
sum, or a likeness, is what there is to go by. Chance alone would seldom draw them.
"""

from __future__ import annotations

import random

from tests.python.dbt.worlds import World

DAYS = ("2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13")
SPLITS = (
    (("100.00",), ("60.00", "40.00")),
    (("100.00",), ("50.00", "50.00")),
    (("80.00",), ("60.00", "40.00", "-20.00")),
    (("70.00", "30.00"), ("45.00", "55.00")),
    (("100.00",), ("60.00", "30.00", "10.00")),
    (("100.00", "100.00"), ("60.00", "40.00", "60.00", "40.00")),
    (("100.00", "-20.00"), ("50.00", "50.00", "-20.00")),
)
NOISE = ("60.00", "50.00", "40.00", "30.00", "20.00", "100.00", "90.00", "-20.00")
TOTALS = ("100.00", "80.00", "60.00", "50.00", "110.00")
PARTS = ("60.00", "50.00", "50.00", "40.00", "30.00", "20.00")
WORDS = ("ORD-10017", "ORD-10071", "ORD-1001", "ORD-20017", "ORD 10018", "QX-99", None)


def split_orders(world: World, draw: random.Random) -> None:
    """One side tells an order whole, the other in parts, with a refund or a chargeback among them.

    Now and then a row too many: then there are several ways, or none.
    """
    column = draw.choice(("order_id", "order_id", "reference_number"))
    days = draw.sample(DAYS, draw.randrange(1, 4))
    keys = draw.sample(("K-1", "K-2", "k 1"), draw.randrange(1, 3))
    whole, parts = draw.sample((world.book, world.told), 2)
    place = 0
    for key in keys:
        split = draw.choice(SPLITS)
        noise = draw.choices(NOISE, k=draw.choice((0, 0, 1, 3)))
        for add, amounts in ((whole, split[0]), (parts, (*split[1], *noise))):
            for amount in amounts:
                place += 1
                back = draw.choice(("refund", "refund", "chargeback"))
                add(
                    f"o{place:02}",
                    amount,
                    event_type=back if amount.startswith("-") else "charge",
                    transaction_date=f"{draw.choice(days)} 01:{place:02}:00",
                    merchant_id=draw.choice(("m",) * 9 + ("n",)),
                    fee=draw.choice(("0",) * 9 + ("10.00",)),
                    status=draw.choice(("settled",) * 19 + ("failed",)),
                    **{column: draw.choice(keys) if draw.random() < 0.05 else key},
                )


def alike(world: World, draw: random.Random) -> None:
    """No key on both sides: references that differ by a letter, amounts and days that are near."""
    days = draw.sample(DAYS, draw.randrange(1, 4))
    amounts = draw.choice(
        (
            ("10.00",),
            ("10.00", "10.01"),
            ("10.00", "10.05", "9.99", "99.95"),
            ("100.00", "110.00", "111.00", "90.00"),
        )
    )
    words = draw.sample(WORDS, draw.randrange(2, 7))
    people = draw.choice((("c1",), ("c1", "c2", None)))
    codes = draw.choice(((None,), (None,), ("A1",), ("A1", "A2", None)))
    for add, name in ((world.book, "b"), (world.told, "p")):
        for n in range(draw.randrange(1, 6)):
            add(
                f"{name}{n}",
                draw.choice(amounts),
                transaction_date=f"{draw.choice(days)} 0{n}:00:00",
                customer_id=draw.choice(people),
                authorization_code=draw.choice(codes),
                merchant_id=draw.choice(("m", "m", "n", None)),
                # a reference that both sides know would be a key
                reference_number=draw.choice(words[: len(words) // 2])
                if name == "b"
                else draw.choice(words[len(words) // 2 :]),
            )


def bank_sums(world: World, draw: random.Random) -> None:
    """Payouts that come together on one line, or one on several, without a word on either."""
    days = draw.sample(DAYS, draw.randrange(1, 3))
    trace = draw.choice((None, None, "TR-1"))
    totals = draw.choice((TOTALS, ("100.00",)))
    lines, sums = (TOTALS, PARTS) if draw.random() < 0.3 else (PARTS, totals)
    for n in range(draw.randrange(1, 6)):
        world.payout(
            f"t{n}",
            f"-{draw.choice(lines)}",
            f"po_{n}",
            effective_at_utc=f"{draw.choice(days)} 00:00:00",
            trace_id=trace,
        )
    for _ in range(draw.randrange(1, 4)):
        world.line(
            draw.choice(sums),
            "STRIPE",
            booking_date=draw.choice(days),
            end_to_end_id=trace or "NOTPROVIDED",
        )

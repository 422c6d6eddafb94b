"""Random reward histories of what is earned, spent and expired.

`histories(seed, customers)` gives customers' events; each customer has other features (ties
in time, money spent before it is earned, zero amounts, many lots a redemption and the reverse).
What a method makes of a history is reward_oracle.py's to say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

START = datetime(2026, 1, 1)


@dataclass(frozen=True)
class Event:
    """One row of a customer's history; amounts in minor units, spent and expired below zero."""

    trans_id: str
    customer_id: str
    kind: str
    amount: int
    created_at: datetime
    expires_at: datetime | None = None
    order_id: str | None = None
    reason: str | None = None

    def place(self) -> tuple[datetime, int, int, str]:
        """The documented order: time, earned, used, reversed, shorter ids first, then bytes."""
        rank = {"earned": 0, "reversed": 2}.get(self.kind, 1)
        return (self.created_at, rank, len(self.trans_id), self.trans_id)


def histories(seed: int, customers: int) -> Iterator[list[Event]]:
    """One history a customer, shuffled; ids are unique and of different lengths."""
    dice = random.Random(seed)
    ids = _ids(dice)
    for number in range(customers):
        yield _history(random.Random(f"{seed}/{number}"), f"c{seed}-{number}", ids)


def _ids(dice: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        text = str(dice.randrange(10 ** dice.choice((2, 4, 6, 8))))
        if text not in seen:
            seen.add(text)
            yield text


def _history(dice: random.Random, customer: str, ids: Iterator[str]) -> list[Event]:
    moments = dice.choice((1, 3, 10, 1000))
    share_earned = dice.choice((0.15, 0.3, 0.5, 0.7, 0.9))
    lot_size = dice.choice((1, 5, 100, 10_000))
    redemption_size = dice.choice((1, 5, 100, 10_000))
    has_zeros, spends_first = dice.random() < 0.3, dice.random() < 0.3
    events = []
    for position in range(dice.randint(1, 24)):
        earned = dice.random() < share_earned and not (spends_first and position < 3)
        size = dice.randint(1, lot_size if earned else redemption_size)
        if has_zeros and dice.random() < 0.2:
            size = 0
        kind = "earned" if earned else dice.choice(("spent", "spent", "expired"))
        offset = position if spends_first and position < 3 else dice.randrange(moments)
        moment = START + timedelta(seconds=offset, microseconds=dice.choice((0, 0, 1)))
        events.append(Event(next(ids), customer, kind, size if earned else -size, moment))
    if dice.random() < 0.2:
        events += _closing(dice, customer, ids, events)
    dice.shuffle(events)
    return events


def _closing(
    dice: random.Random, customer: str, ids: Iterator[str], events: list[Event]
) -> list[Event]:
    """One last redemption of exactly what is left, so that the balance ends at zero."""
    left = 0
    for event in sorted(events, key=Event.place):
        left = max(left + event.amount, 0)
    last = START + timedelta(days=1)
    return [Event(next(ids), customer, dice.choice(("spent", "expired")), -left, last)]

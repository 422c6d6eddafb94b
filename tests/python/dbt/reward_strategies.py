"""Reward histories as hypothesis draws them: expiry dates in any order, reversals, ties, zeros.

`drawn(count)` gives that many histories, each a customer's, always the same ones; hypothesis
steers what they contain, so that short and odd ones come too. Built together they are one document.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.python.dbt.reward_histories import START, Event

KINDS = ("earned", "earned", "spent", "expired", "reversed")
# Hours after the start: what is used comes rather later than what is earned, and so on; ties too.
HOURS = {"earned": (0, 9), "spent": (1, 11), "expired": (1, 12), "reversed": (5, 14)}
AMOUNTS = st.one_of(st.integers(0, 4), st.sampled_from((50, 100, 150)), st.integers(0, 10_000))
ORDERS = ("o1", "o2", None)


@st.composite
def _event(draw: st.DrawFn, place: int) -> Event:
    kind, amount = draw(st.sampled_from(KINDS)), draw(AMOUNTS)
    moment = START + timedelta(hours=draw(st.integers(*HOURS[kind])))
    hours = draw(st.one_of(st.none(), st.integers(0, 15)))
    expires = START + timedelta(hours=hours) if hours is not None and kind == "earned" else None
    order = draw(st.sampled_from(ORDERS)) if kind in ("spent", "reversed") else None
    sign = 1 if kind in ("earned", "reversed") else -1
    return Event(str(place), "", kind, sign * amount, moment, expires, order)


@st.composite
def history(draw: st.DrawFn) -> list[Event]:
    """One customer's rows; a reversal may name a redemption by order, by id, or none."""
    count = draw(st.integers(3, 14))
    events = [draw(_event(place)) for place in range(count)]
    used = [event.trans_id for event in events if event.kind in ("spent", "expired")]
    named = []
    for event in events:
        reason = draw(st.sampled_from(used)) if used and event.kind == "reversed" else None
        named.append(replace(event, reason=reason))
    return named


def drawn(count: int) -> list[list[Event]]:
    """That many histories, with ids of their own; the same on every machine."""
    found: list[list[Event]] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(history())
    def collect(events: list[Event]) -> None:
        found.append(events)

    collect()
    return [_numbered(number, events) for number, events in enumerate(found[:count])]


def _numbered(number: int, events: list[Event]) -> list[Event]:
    """Ids that no other customer has; the order of the ids stays."""
    return [
        replace(
            event,
            trans_id=f"{number}-{event.trans_id}",
            customer_id=f"c{number}",
            reason=f"{number}-{event.reason}" if event.reason else None,
        )
        for event in events
    ]

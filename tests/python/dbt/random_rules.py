"""Random rules of one tenant: like those of the seed but for a few words.

In: a World and its generator. Out: the World with rules of its own, which only it follows.
SHARED_RULES are for every world: a processor's own, a newer version, one whose day has not come;
OWN_TRANSFERS makes a bank line a transfer between own accounts.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from tests.python.dbt.worlds import World

RULES: Mapping[str, tuple[int, int]] = {
    "books_exact": (1, 1),
    "books_reference": (2, 1),
    "books_order": (2, 2),
    "books_authorisation": (2, 3),
    "books_fuzzy": (3, 1),
    "books_group": (4, 1),
    "books_sum": (4, 2),
    "payouts_trace": (2, 1),
    "payouts_fuzzy": (3, 1),
    "payouts_group": (4, 1),
    "payouts_sum": (4, 2),
    "settlements_exact": (1, 1),
    "transfers_reference": (2, 1),
    "transfers_fuzzy": (3, 1),
}
SECONDS = ("merchant_id", "customer_id", "order_id")
SCOPES = (
    ({"reconciliation": "books_processor", "event_type": "adjustment"}, {"treatment": "exclude"}),
    ({"reconciliation": "books_processor", "event_type": "refund"}, {"treatment": "out"}),
    ({"reconciliation": "books_processor", "event_type": "refund"}, {"treatment": "exclude"}),
    (
        {"reconciliation": "books_processor", "event_type": "charge"},
        {"direction": "out", "event_class": "odd"},
    ),
    ({"reconciliation": "books_processor", "role": "right"}, {"group_class": "alone"}),
)


def draw_rules(world: World, draw: random.Random) -> None:
    """Gives the tenant one to six rules of its own, and now and then a filter."""
    for like in draw.sample(list(RULES), draw.randrange(1, 7)):
        number, step = RULES[like]
        world.rule(like, **_changes(draw, number, step))
    if draw.random() < 0.5:
        words, changes = draw.choice(SCOPES)
        world.scope(words, **changes)


def _changes(draw: random.Random, number: int, step: int) -> dict[str, Any]:
    """A few words of a rule that any tenant might want."""
    is_sum = (number, step) == (4, 2)
    ideas = [_window(draw, number), _basis(draw)]
    if not is_sum:
        ideas.append(_tolerance(draw))
    if number in (1, 2) or (number, step) == (4, 1):
        ideas.append({"takes_failed": draw.random() < 0.5})
        ideas.append({"key_form": draw.choice(("exact", "normalised"))})
    if number in (2, 4):
        second = draw.choice(SECONDS)
        ideas.append({"left_second_key": second, "right_second_key": second})
    if number == 3:
        ideas += [_fuzzy(draw), {"similarity_min": draw.choice((40, 60))}, _weights(draw)]
    if is_sum:
        ideas += [{"max_items": draw.choice((2, 3))}, {"confidence": draw.choice((80, 90))}]
        ideas.append({"left_key": None, "right_key": None})
        ideas.append({"left_key": "reference", "right_key": "reference"})
    if (number, step) == (4, 1):
        ideas += [{"mixes_classes": draw.random() < 0.5}, {"confidence": 60}]
    chosen = draw.sample(ideas, draw.randrange(1, min(4, len(ideas)) + 1))
    return {name: value for idea in chosen for name, value in idea.items()}


def _window(draw: random.Random, number: int) -> dict[str, Any]:
    days: tuple[int | None, ...] = (0, 1, 2, 4) if number in (3, 4) else (0, 1, 3, None)
    calendar = draw.choice(("every_day", "weekdays", "us_fed", "br_banks"))
    return {
        "days_before": draw.choice(days),
        "days_after": draw.choice(days),
        "calendar": calendar,
    }


def _tolerance(draw: random.Random) -> dict[str, Any]:
    return {
        "amount_tolerance_minor": draw.choice((0, 1, 5, 1000)),
        "amount_tolerance_bps": draw.choice((0, 10, 1000, 5000)),
        "tolerance_base": draw.choice(("left", "right", "smaller", "larger")),
    }


def _basis(draw: random.Random) -> dict[str, Any]:
    return {"amount_basis": draw.choice(("gross", "left_net", "right_net", "both_net"))}


def _fuzzy(draw: random.Random) -> dict[str, Any]:
    return {
        "margin_min": draw.choice((1, 3, 20)),
        "proposes_from": draw.choice((30, 50, 70)),
        "confirms_from": draw.choice((60, 75)),
    }


def _weights(draw: random.Random) -> dict[str, Any]:
    names = ("reference", "amount", "days", "customer", "merchant")
    return {f"{name}_weight": draw.choice((1, 7, 30)) for name in names}


SHARED_RULES = (
    ("books_reference", {"rule_id": "adyen_reference", "processor": "adyen", "days_after": 3}),
    ("books_fuzzy", {"rule_id": "adyen_fuzzy", "processor": "adyen", "amount_tolerance_bps": 100}),
    (
        "books_order",
        {"rule_version": 2, "effective_from": "2026-01-01", "days_before": 2, "confidence": 91},
    ),
    ("books_group", {"rule_version": 2, "effective_from": "2027-01-01", "days_after": 0}),
)
OWN_TRANSFERS = {
    "rule_id": "own_transfer",
    "priority": 1,
    "field": "remittance",
    "pattern": "OWN TRANSFER",
    "amount_sign": "any",
    "event_type": "transfer",
}

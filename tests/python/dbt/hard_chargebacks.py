"""Disputes that are hard, by hand: money after the end, in part, in two currencies, by other names.

In: a ChargebackWorld. Out: the same with these cases; EXPECTED says of each what anybody reads off
it, so that the step-by-step model is held to something too.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.python.dbt.random_chargebacks import Case, ChargebackWorld, Said, write

LAST_DAY, ITS_MIDNIGHT = date(2026, 10, 31), datetime(2026, 11, 1, 5)  # in New York
OPENED = datetime(2026, 9, 1, 8)
TAKEN, GIVEN = ("dispute", "chargeback"), ("dispute_reversal", "won")
# name: stage, moved, faults
EXPECTED: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "won_and_taken_again": ("chargeback", -1000, ()),
    "won_taken_and_still_said_won": ("won", -1000, ("money_after_the_end",)),
    "won_taken_and_given_again": ("won", 0, ()),
    "lost_and_given_back": ("won", 0, ("illegal_transition",)),
    "lost_and_settled_late": ("lost", -1000, ()),
    "won_in_part": ("won", -600, ()),
    "opened_again_by_a_word": ("lost", -1000, ("illegal_transition",)),
    "won_by_its_word_and_taken": ("won", -1000, ("money_after_the_end",)),
    "with_one_hour_left": ("chargeback", 0, ()),
    "in_two_currencies": ("won", -1000, ("money_in_another_currency",)),
}


def add_hard_cases(made: ChargebackWorld) -> ChargebackWorld:
    """The world with these cases in it."""
    for name, said in _told().items():
        own = [replace(s, transaction=s.transaction and f"{name}_{s.transaction}") for s in said]
        case = Case(name, "stripe", f"P_{name}", "visa", 1000, own)
        made.cases.append(case)
        write(random.Random(0), case, made.tables)
    return made


def _told() -> dict[str, list[Said]]:
    taken, again = _moved("a", 1, -1000), _moved("c", 20, -1000)
    back, begun, lost = _moved("b", 10, 1000), _said(1, "chargeback"), _said(10, "lost")
    won = _said(9, "won")
    return {
        "won_and_taken_again": [begun, taken, won, back, again],
        "won_taken_and_still_said_won": [begun, taken, won, back, again, _said(25, "won")],
        "won_taken_and_given_again": [begun, taken, won, back, again, _moved("d", 30, 1000)],
        "lost_and_given_back": [begun, taken, lost, _moved("b", 20, 1000)],
        "lost_and_settled_late": [begun, lost, again],
        "won_in_part": [begun, taken, _moved("b", 12, 400), won],
        "opened_again_by_a_word": [begun, taken, won, back, again, _said(21, "lost")],
        "won_by_its_word_and_taken": [begun, won, _money("a", 12, -1000, GIVEN)],
        "with_one_hour_left": [replace(begun, respond_by=LAST_DAY, respond_until=ITS_MIDNIGHT)],
        "in_two_currencies": [begun, taken, _moved("b", 3, 900, "USD")],
    }


def _said(day: int, stage: str) -> Said:
    return Said(OPENED + timedelta(days=day), stage, stage, is_stated=True)


def _moved(name: str, day: int, amount: int, currency: str = "EUR") -> Said:
    return _money(name, day, amount, TAKEN if amount < 0 else GIVEN, currency)


def _money(name: str, day: int, amount: int, word: tuple[str, str], currency: str = "EUR") -> Said:
    at = OPENED + timedelta(days=day, minutes=5)
    return Said(at, word[1], word[0], False, amount, 0, name, currency=currency)

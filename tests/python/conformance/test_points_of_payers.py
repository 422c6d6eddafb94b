"""A public exercise on points: the oldest are spent first, and no payer's balance goes below zero.

Its file has payers and points; here a payer is a lot's reason and the purchase spends for all.
Skipped without ../shared/samples, as in test_foreign_files.py. What it must come to stands in the
exercise's own output.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conformance.test_foreign_files import SAMPLES, pytestmark  # noqa: F401
from tests.python.dbt.reward_builds import build
from tests.python.dbt.reward_histories import Event
from tests.python.dbt.reward_oracle import play

FOLDER = SAMPLES / "fifo_oracles"
SPENT = 5000
PAYER = re.compile(r"^([A-Z ]+),(-?\d+)$", re.MULTILINE)


def points() -> list[Event]:
    """The exercise's rows as one customer's history; a point is a cent."""
    rows = list(csv.DictReader((FOLDER / "fetch_transactions.csv").open(encoding="utf-8")))
    events = []
    for number, row in enumerate(rows):
        amount, moment = int(row["points"]), datetime.fromisoformat(row["timestamp"][:19])
        kind = "earned" if amount > 0 else "spent"
        events.append(Event(str(number), "user", kind, amount, moment, reason=row["payer"]))
    return [*events, Event("now", "user", "spent", -SPENT, datetime(2020, 12, 1))]


def expected() -> tuple[dict[str, int], dict[str, int]]:
    """What each payer pays of the purchase, and what is left: the exercise's own answer."""
    spent, left = (FOLDER / "fetch_output.csv").read_text(encoding="utf-8").split("balance")
    return (
        {payer: -int(amount) for payer, amount in PAYER.findall(spent)},
        {payer: int(amount) for payer, amount in PAYER.findall(left)},
    )


@pytest.fixture
def found(duckdb_settings: Settings) -> tuple[dict[str, int], dict[str, int]]:
    """By payer, what the purchase took and what is left, from the marts."""
    built = build(duckdb_settings, [points()])
    assert built.run.succeeded, built.run.output
    with open_warehouse(built.settings, read_only=True) as warehouse:
        taken = warehouse.rows(
            "select lots.reason, sum(moved.allocated_minor) as points"
            " from marts.reward_allocations as moved inner join marts.reward_transactions as lots"
            " on moved.earned_reward_transaction_id = lots.reward_transaction_id"
            " where moved.redeemed_trans_id = 'now' group by lots.reason"
        )
        left = warehouse.rows(
            "select reason, sum(open_amount_minor) as points from marts.reward_transactions"
            " where is_lot group by reason"
        )
    return (
        {row["reason"]: int(row["points"]) for row in taken},
        {row["reason"]: int(row["points"]) for row in left},
    )


def test_the_oldest_points_are_spent_first(
    found: tuple[dict[str, int], dict[str, int]],
) -> None:
    """The marts say what the exercise's output says, payer by payer."""
    assert found == expected()
    assert sum(found[0].values()) == SPENT


def test_the_newest_first_would_say_something_else() -> None:
    """The control: the exercise tells methods apart."""
    by_age, by_youth = (play(points(), method).moves for method in ("fifo", "lifo"))
    assert by_age != by_youth

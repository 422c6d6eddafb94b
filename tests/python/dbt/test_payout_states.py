"""Payouts from the file to the mart: what became of each, over what processor and bank wrote.

The hard cases of payouts and more, one tenant each, landed and built with the room's tests.
Run alone: pytest tests/python/dbt/test_payout_states.py
"""

from __future__ import annotations

from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.hard_cases import payouts
from tests.python.dbt.hard_cases_of_many import payout_groups
from tests.python.dbt.worlds import World, land

AS_OF = {"as_of": "2026-11-01 04:00:00"}
MORE = ["+path:models/marts/payouts", "+control_results"]
LATER = {"transaction_date": "2026-10-08 10:00:00", "event_type": "payout"}
EVENT = {"payout": {"event_type": "payout"}, "back": {"event_type": "payout_reversal"}}


def own_worlds() -> list[World]:
    """What the hard cases of matching have no need of."""
    short = (
        World("a_charge_of_the_bank").payout("t", "-100.00", "po_1").line("97.50", "STRIPE PO_1")
    )
    again = World("failed_and_paid_again")
    again.told("sale", "100.00", payout_id="po_1")
    again.told("t1", "-100.00", payout_id="po_1", status="failed", **EVENT["payout"])
    again.told("back", "100.00", payout_id="po_1", processor_reference="po_1", **EVENT["back"])
    again.told("t2", "-100.00", payout_id="po_1", **LATER)
    shared = World("paid_in_two").told("sale", "100.00", payout_id="b")
    shared.told("t1", "-60.00", payout_id="b", **EVENT["payout"])
    shared.told("t2", "-40.00", payout_id="b", **LATER)
    kept = World("kept_back").told("held", "-20.00", event_type="reserve_hold")
    kept.told("freed", "5.00", event_type="reserve_release", transaction_date="2026-11-03 10:00:00")
    kept.told("used", "15.00", event_type="reserve_applied", transaction_date="2026-12-03 10:00:00")
    return [short, again, shared, kept]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Landed and built."""
    settings = make_settings(tmp_path_factory.mktemp("payout_states"))
    land(settings, [*payouts(), *payout_groups(), *own_worlds()])
    words = ["build", "--exclude-resource-type", "unit_test", "test", "--select", *MORE]
    ran = run_dbt(settings, words, AS_OF)
    assert ran.succeeded, ran.output
    room = ["test", "--exclude-resource-type", "unit_test", "--select", "path:models/marts/payouts"]
    tested = run_dbt(settings, [*room, "path:tests/dbt/payouts"], AS_OF)
    assert tested.succeeded, tested.output
    return settings


def rows(settings: Settings, query: str) -> list[dict[str, Any]]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(query)


STATES = {
    ("by_payout_id", "t"): ("reached_bank", 1, 10000, 0),
    ("by_trace", "t"): ("reached_bank", 1, 10000, 0),
    ("negative_payout", "t"): ("reached_bank", 1, -7500, 0),
    ("came_back_unseen", "t1"): ("failed", 0, 0, 0),
    ("came_back_seen", "t1"): ("returned", 1, 10000, 0),
    ("in_transit", "t"): ("in_transit", 0, 0, 0),
    ("never_arrived", "t"): ("missing_at_bank", 0, 0, 0),
    ("not_a_processors", "t"): ("missing_at_bank", 0, 0, 0),
    ("payout_of_two_lines", "t"): ("reached_bank", 2, 10000, 0),
    ("two_payouts_on_one_line", "t1"): ("proposed_at_bank", 1, 0, 6000),
    ("two_payouts_on_one_line", "t2"): ("proposed_at_bank", 1, 0, 4000),
    ("a_charge_of_the_bank", "t"): ("partly_arrived", 1, 9750, 0),
    ("failed_and_paid_again", "t1"): ("failed", 0, 0, 0),
    ("failed_and_paid_again", "t2"): ("missing_at_bank", 0, 0, 0),
}


def test_what_became_of_each_payout(built: Settings) -> None:
    """State, bank lines, what arrived and what is proposed."""
    found = rows(
        built,
        "select payouts.*, events.native_id from marts.payouts as payouts inner join"
        " marts.transactions as events on payouts.transaction_id = events.transaction_id",
    )
    told = {
        (row["tenant_id"], row["native_id"]): (
            row["state"],
            row["bank_line_count"],
            row["arrived_minor"],
            row["proposed_minor"],
        )
        for row in found
    }
    assert {key: told[key] for key in STATES} == STATES
    explained = {(row["tenant_id"], row["native_id"]): row["explained_by"] for row in found}
    assert explained["failed_and_paid_again", "t1"] == "members"
    assert explained["failed_and_paid_again", "t2"] == "members"
    assert explained["paid_in_two", "t1"] == explained["paid_in_two", "t2"] == "members"
    assert explained["by_trace", "t"] == "nothing"


def test_a_movement_is_told_once_whatever_shares_its_id(built: Settings) -> None:
    found = rows(
        built,
        "select tenant_id, reporting_category, net_minor, is_counted from marts.payout_categories"
        " where tenant_id in ('failed_and_paid_again', 'paid_in_two')"
        " order by tenant_id, reporting_category, net_minor, is_counted",
    )
    assert [tuple(row.values()) for row in found] == [
        ("failed_and_paid_again", "charge", 10000, False),
        ("failed_and_paid_again", "charge", 10000, True),
        ("paid_in_two", "charge", 10000, True),
        ("paid_in_two", "paid_under_the_same_id", -6000, True),
        ("paid_in_two", "paid_under_the_same_id", 6000, True),
    ]


def test_two_lines_of_one_payout_and_two_payouts_of_one_line_add_up(built: Settings) -> None:
    found = rows(
        built,
        "select tenant_id, count(*) as n, sum(paid_minor) as paid, sum(arrived_minor) as arrived,"
        " sum(difference_minor) as off from marts.payout_bank_lines where tenant_id in"
        " ('payout_of_two_lines', 'two_payouts_on_one_line', 'a_charge_of_the_bank')"
        " group by tenant_id order by tenant_id",
    )
    assert [tuple(int(v) if k != "tenant_id" else v for k, v in r.items()) for r in found] == [
        ("a_charge_of_the_bank", 1, 10000, 9750, -250),
        ("payout_of_two_lines", 2, 10000, 10000, 0),
        ("two_payouts_on_one_line", 2, 10000, 10000, 0),
    ]


def test_a_reserve_is_held_freed_and_used_up_as_the_books_say(built: Settings) -> None:
    """Month by month, and account 1130 ends where it ends."""
    months = rows(
        built,
        "select opening_minor, withheld_minor, released_minor, applied_minor, closing_minor"
        " from marts.reserve_balances where tenant_id = 'kept_back' order by period",
    )
    assert [tuple(row.values()) for row in months] == [
        (0, 2000, 0, 0, 2000),
        (2000, 0, 500, 0, 1500),
        (1500, 0, 0, 1500, 0),
    ]
    controls = rows(
        built, "select control from marts.control_results where control = 'reserves_tie' and passed"
    )
    assert controls

"""A reconciliation of one's own is rows of seeds and nothing else.

Two are added to a small deployment: transfers between two own bank accounts, known by the other
account's number (bank_line_rules), and payouts as the books have them against the processor's
(reconciliations, reconciliation_scopes, match_rules, settlement_calendars). Everything is built
with all of dbt's tests: matches, open items, breaks, ledger and every control.
Run alone: pytest tests/python/dbt/test_own_reconciliations.py
"""

from __future__ import annotations

from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.worlds import Row, World, add_seed_rows, land

AS_OF = {"as_of": "2026-11-01 04:00:00"}
CURRENT, SAVINGS = "NL02MARL0000000001", "NL02MARL0000000002"


def transfers() -> World:
    """From one account to the other: one by its id, one by amount and day, one never arrives."""
    made = World("two_accounts")
    for amount, account, other, day, reference in (
        ("-500.00", CURRENT, SAVINGS, "2026-10-05", "SWEEP-1"),
        ("500.00", SAVINGS, CURRENT, "2026-10-06", "SWEEP-1"),
        ("-70.00", SAVINGS, CURRENT, "2026-10-12", None),
        ("70.00", CURRENT, SAVINGS, "2026-10-12", None),
        ("-33.00", CURRENT, SAVINGS, "2026-10-15", "SWEEP-3"),
    ):
        made.line(
            amount,
            "own money",
            account=account,
            counterparty_account=other,
            end_to_end_id=reference,
            booking_date=day,
        )
    return made.line("-12.00", "rent", account=CURRENT, counterparty_account="NL99RENT0000000009")


def booked_payouts() -> World:
    """A payout that both have, one with another amount, one that the books do not know."""
    made = World("payout_books")
    for number, sold, booked in (
        (1, "100.00", "-100.00"),
        (2, "80.00", "-79.00"),
        (3, "60.00", ""),
    ):
        words = {"transaction_date": f"2026-10-0{number} 09:00:00"}
        made.book(f"b{number}", sold, processor_transaction_id=f"c{number}", **words)
        made.told(f"c{number}", sold, payout_id=f"po_{number}", **words)
        made.told(f"p{number}", f"-{sold}", event_type="payout", payout_id=f"po_{number}", **words)
        if booked:
            made.book(f"w{number}", booked, event_type="payout", payout_id=f"po_{number}", **words)
    return made


def line_rules() -> list[Row]:
    """Lines between the two accounts are transfers."""
    return [
        {
            "rule_id": f"own_{account[-1]}",
            "priority": 5,
            "field": "counterparty_account",
            "pattern": account,
            "amount_sign": "any",
            "event_type": "transfer",
        }
        for account in (CURRENT, SAVINGS)
    ]


def like(settings: Settings, seed: str, words: Row, **changes: Any) -> Row:
    """A row of a loaded seed, with changes."""
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = warehouse.rows(f"select * from seeds.{seed}")
    return {**next(row for row in rows if words.items() <= row.items()), **changes}


def own_reconciliation(settings: Settings) -> dict[str, list[Row]]:
    """Everything that payouts in the books against payouts of the processor needs."""
    name = {"reconciliation": "booked_payouts"}
    of_books = {"reconciliation": "books_processor"}
    payout = {"event_type": "payout", "event_class": "payout", "group_class": "payout"}
    scope = like(settings, "reconciliation_scopes", of_books, **name, **payout, one_per_id=True)
    calendar = like(settings, "settlement_calendars", {**of_books, "event_type": "*"}, **name)
    key = {"left_key": "payout_id", "right_key": "payout_id"}
    return {
        "reconciliations": [like(settings, "reconciliations", of_books, **name)],
        "reconciliation_scopes": [
            {**scope, "role": "left", "side": "internal"},
            {**scope, "role": "right", "side": "processor"},
        ],
        "match_rules": [
            like(settings, "match_rules", {"rule_id": "books_by_hand"}, rule_id="booked_0", **name),
            like(settings, "match_rules", {"rule_id": "books_exact"}, rule_id="booked_1", **name)
            | key,
        ],
        "settlement_calendars": [{**calendar, "side": side} for side in ("internal", "processor")],
        "bank_line_rules": line_rules(),
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Both added, everything built and tested."""
    settings = make_settings(tmp_path_factory.mktemp("own"))
    worlds = [transfers(), booked_payouts()]
    land(settings, worlds)
    assert run_dbt(settings, ["seed"]).succeeded
    add_seed_rows(settings, worlds, own_reconciliation(settings))
    words = ["build", "--exclude-resource-type", "unit_test", "seed"]
    ran = run_dbt(settings, words, AS_OF)
    failed = {node.name: node.message for node in ran.failed()}
    assert set(failed) == {"control_landed_lines"}, failed  # these rows never were a file
    return settings


def rows(settings: Settings, sql: str) -> set[tuple[Any, ...]]:
    """The rows of a query."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return {tuple(row.values()) for row in warehouse.rows(sql)}


MATCHED = """
select matches.rule_id, lefts.native_id as left_id, rights.native_id as right_id,
    matches.left_amount_minor, matches.difference_minor
from marts.matches as matches
inner join marts.match_members as left_members
    on matches.match_id = left_members.match_id and left_members.role = 'left'
inner join marts.match_members as right_members
    on matches.match_id = right_members.match_id and right_members.role = 'right'
inner join marts.transactions as lefts on left_members.transaction_id = lefts.transaction_id
inner join marts.transactions as rights on right_members.transaction_id = rights.transaction_id
where matches.reconciliation = '{0}'
"""
OPEN = """
select native_id, role, state, amount_minor from marts.open_items where reconciliation = '{0}'
"""
SUMMED = """
select sum(left_count), sum(right_count), sum(matched_count), sum(proposed_count),
    sum(missing_count)
from marts.reconciliation_summary where reconciliation = '{0}'
"""


def test_transfers_meet_by_id_or_by_amount_and_day(built: Settings) -> None:
    assert rows(built, MATCHED.format("own_transfers")) == {
        ("transfers_reference", "s/1", "s/2", 50000, 0),
        ("transfers_fuzzy", "s/3", "s/4", 7000, 0),
    }
    assert rows(built, OPEN.format("own_transfers")) == {("s/5", "left", "missing", -3300)}


def test_what_left_one_account_and_is_not_in_the_other_rests_in_the_books(built: Settings) -> None:
    """The clearing account ends at the open item; the rent is no transfer."""
    balances = "select closing_minor from marts.account_balances where account_code = '1140'"
    assert rows(built, balances) == {(3300,)}
    rent = "select event_type from marts.transactions where native_id = 's/6'"
    assert rows(built, rent) == {("withdrawal",)}


def test_a_reconciliation_of_ones_own_matches_and_has_breaks(built: Settings) -> None:
    assert rows(built, MATCHED.format("booked_payouts")) == {
        ("booked_1", "w1", "p1", -10000, 0),
        ("booked_1", "w2", "p2", -7900, -100),
    }
    assert rows(built, OPEN.format("booked_payouts")) == {("p3", "right", "missing", -6000)}
    breaks = "select kind, amount_at_risk_minor from marts.discrepancies where reconciliation = "
    assert rows(built, f"{breaks}'booked_payouts'") == {
        ("amount_differs", 100),
        ("missing_internally", 6000),
    }


@pytest.mark.parametrize("name", ["own_transfers", "booked_payouts"])
def test_the_summary_and_the_controls_speak_of_it(built: Settings, name: str) -> None:
    """It is counted, compared, and every control passes."""
    ((lefts, rights, matched, proposed, missing),) = rows(built, SUMMED.format(name))
    assert (lefts, rights, missing) == ((3, 2, 1) if name == "own_transfers" else (2, 3, 1))
    # amount and day alone only propose
    assert (matched, proposed) == ((2, 2) if name == "own_transfers" else (4, 0))
    controls = "select control from marts.control_results"
    spoken = {row[0] for row in rows(built, f"{controls} where scope like '%{name}%'")}
    assert {"matched_or_open", "match_groups"} <= spoken
    assert rows(built, f"{controls} where not passed") == {("landed_lines",)}

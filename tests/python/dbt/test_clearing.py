"""What is written off, claimed, accrued and held back is in the books; every account is its items.

One world lives through October and half of November; it is built once on DuckDB, with the tests.
Run alone: pytest tests/python/dbt/test_clearing.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.clearing_world import LOST, RENT, TENANT, decisions, key, world
from tests.python.dbt.laws import found_by
from tests.python.dbt.worlds import add_seed_rows, land

AS_OF = {"as_of": "2026-11-20 12:00:00"}
BOOKED = "write_offs_are_booked_and_accepted"
BEYOND = "nothing_is_written_off_beyond_what_was_open"
NO_MORE = "a_write_off_takes_no_more_than_was_open"
PAID = "invoices_for_fees_are_paid_by_fees"


def copied(transaction_id: str, other_id: str, changes: str = "") -> str:
    """SQL that books an entry once more under another id."""
    again = f"'again ' || ledger_line_id as ledger_line_id {changes}"
    one = f"(select ledger_line_id from marts.ledger_entries where transaction_id = '{other_id}')"
    return f"""insert into marts.ledger_entries select * replace ({again},
        '{other_id}' as transaction_id) from marts.ledger_entries
        where transaction_id = '{transaction_id}';
        insert into marts.account_lines select * replace ({again}) from marts.account_lines
        where 'again ' || ledger_line_id in {one}"""


CHARGED = "event_type = 'charge'"
LATER = "recorded_at + interval 1 day as recorded_at"
CAME = copied(LOST, "txn_came", f", -amount_minor as amount_minor, {LATER}")
TWICE = f"""insert into seeds.write_offs select * replace ('again' as write_off_id)
    from seeds.write_offs where write_off_id = 'b_lost';
    {copied(key("wof", TENANT, "b_lost"), key("wof", TENANT, "again"))}"""
FAULTS: tuple[tuple[str, str], ...] = (
    (BOOKED, "update seeds.write_offs set amount_minor = amount_minor + 1"),
    (BOOKED, "delete from marts.ledger_entries where event_type = 'write_off_clearing'"),
    (BOOKED, "update marts.account_lines set item_id = transaction_id || event_type"),
    (BOOKED, "update marts.discrepancies set is_accepted = false where kind = 'amount_differs'"),
    (BEYOND, CAME),
    (BEYOND, TWICE),
    (NO_MORE, TWICE),
    (NO_MORE, f"update marts.account_lines set amount_minor = 1 where {CHARGED}"),
    (NO_MORE, f"update marts.account_lines set posted_on = '2026-11-11' where {CHARGED}"),
    (PAID, "update seeds.fee_invoices set amount_minor = amount_minor + 1"),
    (PAID, f"update seeds.fee_invoices set paid_by_transaction_id = '{RENT}'"),
    (PAID, "delete from marts.ledger_entries where event_type = 'fee'"),
    (
        PAID,
        """update seeds.fee_invoices set paid_by_transaction_id = (select
        min(paid_by_transaction_id) from seeds.fee_invoices)""",
    ),
    ("accounts_roll_forward", "update marts.account_roll_forward set late_minor = late_minor + 1"),
    ("the_trial_balance_balances", "update marts.trial_balance set balance_minor = 1"),
    (
        "a_balance_stands_on_one_side",
        "update marts.trial_balance set debit_balance_minor = debit_balance_minor + 1",
    ),
    ("what_is_owed_of_fees_adds_up", "update marts.fee_accruals set true_up_minor = 1"),
    ("open_items_are_not_zero", "update marts.open_account_items set balance_minor = 0"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, str]]:
    """The world, built and tested; and every law's compiled SQL by its name."""
    settings = make_settings(tmp_path_factory.mktemp("clearing"), tenant=TENANT)
    land(settings, [world()])
    assert run_dbt(settings, ["seed"]).succeeded
    add_seed_rows(settings, [], decisions())
    marts = ["trial_balance", "account_roll_forward", "account_lines", "fee_accruals"]
    marts += ["reserve_balances", "int_controls__clearing_equals_open_items"]
    words = ["build", "--indirect-selection", "empty", "--exclude-resource-type", "seed"]
    words += ["unit_test", "--select", *(f"+{mart}" for mart in marts), *dict(FAULTS)]
    ran = run_dbt(settings, words, AS_OF)
    assert ran.succeeded, ran.output
    laws = {node.name: node for node in ran.results if node.name in dict(FAULTS)}
    assert {name: law.status for name, law in laws.items()} == dict.fromkeys(dict(FAULTS), "pass")
    return settings, {name: law.compiled_code for name, law in laws.items()}


def rows(settings: Settings, sql: str) -> set[tuple[Any, ...]]:
    """The rows of a query."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return {tuple(row.values()) for row in warehouse.rows(sql)}


Built = tuple[Settings, Mapping[str, str]]


def test_every_account_ends_at_what_is_still_open(built: Built) -> None:
    """What was given up is closed, in whole or in part; the rest stands by its name."""
    open_items = """select items.account_code, transactions.native_id, items.item_id like 'stripe%',
        items.balance_minor from marts.open_account_items as items
        left join marts.transactions on items.transaction_id = transactions.transaction_id"""
    assert rows(built[0], open_items) == {
        ("1100", "b_waits", False, 2000),
        ("1130", None, True, 1500),
        ("1150", "p_dear", False, 1),
        ("2200", "p_cheap", False, -3),
        ("2900", "p_odd", False, -900),
        ("2900", "s/2", False, 300),
    }
    control = (
        "select scope, expected, found from intermediate.int_controls__clearing_equals_open_items"
    )
    compared = {(scope, expected == found) for scope, expected, found in rows(built[0], control)}
    accounts = {f"items of account {code}" for code in ("1100", "1130", "1150", "2200", "2900")}
    scopes = {"books_processor", "suspense", "fee_claims", "fee_accruals"}
    assert compared == {(s, True) for s in accounts | scopes}
    doubts = "select native_id, kind from marts.discrepancies where native_id in ('p_odd', 's/2')"
    assert rows(built[0], doubts) == {("p_odd", "unknown_event_type"), ("s/2", "in_suspense")}


def test_fees_are_the_contracts_and_the_invoices(built: Built) -> None:
    """1.00 + 1.00 + 1.00 + 0.50 by contract, 0.45 by invoices; a part of the claim was paid.

    Each invoice is paid by its own row; what a row cost beyond its invoice (0.02) stays a cost.
    """
    balances = "select account_code, closing_minor from marts.account_balances where"
    november = f"{balances} period = '2026-11-01' and account_code in ('5000', '5200')"
    fees = 100 * 3 + 50 + 35 + 10 + 2 + 4
    assert rows(built[0], november) == {("5000", fees), ("5200", 1000 + 30 + 2400)}
    months = (
        "select accrued_minor, invoiced_minor, true_up_minor, paid_minor, owed_minor, accrued_on"
    )
    ((*figures, accrued_on),) = rows(built[0], f"{months} from marts.fee_accruals")
    assert (*figures, str(accrued_on)) == (30, 45, 15, 45, 0, "2026-10-31")
    paid = "select transaction_id from marts.ledger_entries where event_type = 'fee_invoice_paid'"
    assert len(rows(built[0], paid)) == 2
    october = f"{balances} period = '2026-10-01' and account_code = '2200'"
    assert rows(built[0], october) == {("2200", -33)}


def test_a_write_off_marks_its_break_and_names_the_line_of_the_file(built: Built) -> None:
    """Who, who else and why; down to the line that told the transaction."""
    accepted = "select kind, native_id, accepted_by from marts.discrepancies where is_accepted"
    assert rows(built[0], accepted) == {
        ("missing_at_processor", "b_lost", "ann, bob"),
        ("amount_differs", "b_short", "ann, bob"),
        ("in_suspense", "s/1", "ann, bob"),
    }
    lines = """select native_id, _source_file, is_open from marts.account_lines
        where event_type = 'write_off_clearing' and account_code = '1100'"""
    assert rows(built[0], lines) == {
        ("b_lost", "clear_internal", False),
        ("p_short", "clear_stripe", False),
    }
    rolled = """select written_off_minor from marts.account_roll_forward
        where account_code = '1100' and period = '2026-11-01'"""
    assert rows(built[0], rolled) == {(-1030,)}


def test_a_reserve_rolls_from_month_to_month(built: Built) -> None:
    months = """select cast(period as varchar), opening_minor, withheld_minor, released_minor,
        closing_minor from marts.reserve_balances"""
    assert rows(built[0], months) == {
        ("2026-10-01", 0, 2000, 0, 2000),
        ("2026-11-01", 2000, 0, 500, 1500),
    }


@pytest.mark.parametrize(("law", "fault"), FAULTS)
def test_a_law_finds_its_fault(built: Built, law: str, fault: str) -> None:
    """Nothing is found before the damage, something after it."""
    assert found_by(built[1][law], fault, built[0])


def test_money_that_comes_after_a_write_off_is_a_warning_and_no_failure(built: Built) -> None:
    """What the books did not know when it was decided does not count against the decision."""
    assert found_by(built[1][BEYOND], CAME, built[0])
    assert not found_by(built[1][NO_MORE], CAME, built[0])

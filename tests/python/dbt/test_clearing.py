"""What is written off, claimed, accrued and held back is in the books; every account is its items.

One world lives through October and half of November; it is built once on DuckDB, with the tests.
Run alone: pytest tests/python/dbt/test_clearing.py
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.laws import found_by
from tests.python.dbt.worlds import Row, World, add_seed_rows, land

AS_OF = {"as_of": "2026-11-20 12:00:00"}
TENANT = "clear"
BOOKED = "write_offs_are_booked_and_accepted"
FAULTS: tuple[tuple[str, str], ...] = (
    (BOOKED, "update seeds.write_offs set amount_minor = amount_minor + 1"),
    (BOOKED, "delete from marts.ledger_entries where event_type = 'write_off_clearing'"),
    (BOOKED, "update marts.account_lines set item_id = transaction_id || event_type"),
    (BOOKED, "update marts.discrepancies set is_accepted = false where kind = 'amount_differs'"),
    (
        "nothing_is_written_off_beyond_what_was_open",
        "update marts.account_lines set amount_minor = 1 where event_type = 'charge'",
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
SCHEDULE = {
    "tenant_id": TENANT,
    "processor": "stripe",
    "source_account": "*",
    "currency": "EUR",
    "card_brand": "*",
    "card_product": "*",
    "card_funding": "*",
    "valid_from": "2026-01-01",
    "pricing": "blended",
    "tier_by": "none",
    "is_returned": False,
    "rounding": "half_up",
    "rounding_unit_minor": 1,
    "tax_millionths": 0,
    "tolerance_minor": 0,
}


def world() -> World:
    """One of each: what stays open, what is given up, what the contract says."""
    made = World(TENANT)
    for name, booked, paid, fee, net in (
        ("right", "100.00", "100.00", "1.00", "99.00"),
        ("dear", "100.00", "100.00", "1.05", "98.95"),
        ("cheap", "100.00", "100.00", "0.97", "99.03"),
        ("short", "50.00", "49.70", "0.50", "49.20"),
    ):
        made.book(f"b_{name}", booked, processor_transaction_id=f"ch_{name}", fee=fee)
        made.change(f"p_{name}", paid, source_id=f"ch_{name}", fee=fee, net=net)
    made.book("b_lost", "10.00").book("b_waits", "20.00")
    made.book("b_back", "-5.00", event_type="refund", processor_transaction_id="re_1")
    made.change("p_back", "-5.00", source_id="re_1", reporting_category="refund")
    november = {"created_utc": "2026-11-06 10:00:00"}
    made.change("p_bill", "-0.35", reporting_category="fee", **november)
    made.change("p_held", "-20.00", reporting_category="risk_reserved_funds")
    made.change("p_freed", "5.00", reporting_category="risk_reserved_funds", **november)
    made.line("-24.00", "Rent October").line("-3.00", "Nobody knows")
    return made


def named(source: str, record: str, native_id: str, account: str = "") -> str:
    """The transaction_id of a row: the key of its key (macros/key_hash.sql)."""

    def key(prefix: str, *parts: str | None) -> str:
        told = "".join("~" if part is None else f"{len(part)}:{part}" for part in parts)
        return f"{prefix}_{md5(told.encode(), usedforsecurity=False).hexdigest()}"

    return key("txn", key("key", TENANT, source, account, record, native_id), None)


PRICES = (("sale", "charge", 10_000, 0, "netted"), ("refund", "refund", 0, 30, "invoiced"))
GIVEN_UP = (
    ("missing_at_processor", "b_lost", "write_off_clearing", 1000),
    ("amount_differs", "p_short", "write_off_clearing", 30),
    ("in_suspense", "s/1", "write_off_suspense", 2400),
    ("fee_off_schedule", "p_dear", "fee_claim_paid", 4),
)
EYES = {"tenant_id": TENANT, "currency": "EUR", "written_off_by": "ann", "approved_by": "bob"}
INVOICE = {"tenant_id": TENANT, "processor": "stripe", "invoice_number": "i1", "month": "2026-10"}


def decisions() -> dict[str, list[Row]]:
    """What people entered: prices, an invoice, write-offs."""
    moved = ("p_short", "p_dear", "p_bill")
    ids = {name: named("stripe", "balance_transaction", name) for name in moved}
    ids["s/1"] = named("bank", "entry 2026-10-03 -2400 EUR", "s/1", "NL1")
    ids["b_lost"] = named("internal", "charge", "b_lost")
    billed = {"currency": "EUR", "amount_minor": 35, "invoiced_on": "2026-11-05"}
    names = ("schedule_id", "event_type", "rate_millionths", "flat_minor", "collected")
    return {
        "fee_schedules": [{**SCHEDULE, **dict(zip(names, price, strict=True))} for price in PRICES],
        "fee_invoices": [
            {**INVOICE, **billed, "paid_by_transaction_id": ids["p_bill"], "entered_by": "ann"}
        ],
        "write_offs": [
            {
                **EYES,
                **{"write_off_id": name, "kind": kind, "transaction_id": ids[name]},
                **{"event_type": event, "amount_minor": amount},
                **{"written_off_on": "2026-11-10", "reason": "too old"},
            }
            for kind, name, event, amount in GIVEN_UP
        ],
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, str]]:
    """The world, built and tested; and every law's compiled SQL by its name."""
    settings = make_settings(tmp_path_factory.mktemp("clearing"), tenant=TENANT)
    land(settings, [world()])
    assert run_dbt(settings, ["seed"]).succeeded
    add_seed_rows(settings, [], decisions())
    words = ["run", "--select", "+int_controls__clearing_equals_open_items", "+trial_balance"]
    words += ["+account_roll_forward", "+account_lines", "+fee_accruals", "+reserve_balances"]
    ran = run_dbt(settings, words, AS_OF)
    assert ran.succeeded, ran.output
    ran = run_dbt(settings, ["test", "--select", *dict(FAULTS)], AS_OF)
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
        ("2900", "s/2", False, 300),
    }
    control = (
        "select scope, expected, found from intermediate.int_controls__clearing_equals_open_items"
    )
    compared = {(scope, expected == found) for scope, expected, found in rows(built[0], control)}
    accounts = {f"items of account {code}" for code in ("1100", "1130", "1150", "2200", "2900")}
    assert compared == {(s, True) for s in accounts | {"books_processor", "suspense"}}


def test_fees_are_the_contracts_and_the_invoices(built: Built) -> None:
    """1.00 + 1.00 + 1.00 + 0.50 by contract, 0.35 by invoice; a part of the claim was paid."""
    balances = "select account_code, closing_minor from marts.account_balances where"
    november = f"{balances} period = '2026-11-01' and account_code in ('5000', '5200')"
    assert rows(built[0], november) == {("5000", 100 * 3 + 50 + 35 + 4), ("5200", 1000 + 30 + 2400)}
    months = (
        "select accrued_minor, invoiced_minor, true_up_minor, paid_minor, owed_minor, accrued_on"
    )
    ((*figures, accrued_on),) = rows(built[0], f"{months} from marts.fee_accruals")
    assert (*figures, str(accrued_on)) == (30, 35, 5, 35, 0, "2026-10-31")
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

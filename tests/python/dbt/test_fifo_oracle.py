"""First in, first out against a row-by-row oracle: 300 random customers, both modes, both engines.

The histories are one document of the raw table, rows shuffled; dbt builds the rewards room with its
laws; then every lot, redemption, allocation and running balance is compared with the oracle's.
Run alone: pytest tests/python/dbt/test_fifo_oracle.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.conftest import make_settings, new_database
from tests.python.dbt.reward_builds import MARTS, Built, build
from tests.python.dbt.reward_histories import Event, Outcome, histories, play
from tests.python.fingerprint import fingerprint

SEED, CUSTOMERS = 20261031, 300
LAWS = (
    "lots_are_not_overused",
    "allocations_stay_with_their_customer",
    "redemptions_add_up",
    "older_lots_are_used_first",
    "nothing_is_unfunded_while_a_lot_is_open",
)
History = list[list[Event]]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def customers() -> History:
    """The random histories of all customers."""
    return list(histories(SEED, CUSTOMERS))


@pytest.fixture(scope="module")
def engines(
    postgres_server: Any, tmp_path_factory: pytest.TempPathFactory, customers: History
) -> dict[str, Built]:
    """The rewards room built with its tests, on each engine."""
    folder = tmp_path_factory.mktemp("fifo")
    database = new_database(postgres_server)
    return {
        "duckdb": build(make_settings(folder / "duckdb"), customers),
        "postgres": build(
            make_settings(folder / "postgres", target="postgres", postgres=database), customers
        ),
    }


@pytest.fixture(params=["duckdb", "postgres"])
def built(request: pytest.FixtureRequest, engines: dict[str, Built]) -> Built:
    """Each engine in turn."""
    return engines[request.param]


def rows_by_id(warehouse: Warehouse, mart: str) -> dict[str, Row]:
    """A mart's rows by TRANS_ID."""
    return {row["trans_id"]: row for row in warehouse.rows(f"select * from marts.{mart}")}


def expected_rows(customers: Iterable[list[Event]]) -> dict[str, Row]:
    """What the oracle says of every row of reward_transactions."""
    rows: dict[str, Row] = {}
    for history in customers:
        true, single = play(history), play(history, one_to_one=True)
        for number, event in enumerate(sorted(history, key=Event.place), start=1):
            rows[event.trans_id] = _expected_row(event, number, true, single)
    return rows


def _expected_row(event: Event, number: int, true: Outcome, single: Outcome) -> Row:
    side = 0 if event.kind == "earned" else 1
    allocated = sum(n for pair, n in true.allocations.items() if pair[side] == event.trans_id)
    return {
        "customer_id": event.customer_id,
        "type": event.kind,
        "amount_minor": event.amount,
        "event_number": number,
        "allocated_minor": allocated,
        "open_amount_minor": true.open_amounts.get(event.trans_id, 0),
        "unfunded_amount_minor": true.unfunded.get(event.trans_id, 0),
        "redeem_id": true.redeem_ids.get(event.trans_id),
        "redeem_id_one_to_one": single.redeem_ids.get(event.trans_id),
    }


def test_the_build_and_its_laws_pass(built: Built) -> None:
    """All laws ran, and none found anything."""
    assert built.run.succeeded, built.run.output
    passed = {result.name for result in built.run.results if result.status == "pass"}
    assert passed >= set(LAWS)


def test_every_row_is_the_oracles(built: Built, customers: History) -> None:
    """Lots and redemptions in both modes, row by row."""
    expected = expected_rows(customers)
    with open_warehouse(built.settings, read_only=True) as warehouse:
        rows = rows_by_id(warehouse, "reward_transactions")
    found = {key: {name: rows[key][name] for name in expected[key]} for key in rows}
    assert found == expected


def test_every_allocation_is_the_oracles(built: Built, customers: History) -> None:
    """Which redemption took how much of which lot, amount-true and one to one."""
    with open_warehouse(built.settings, read_only=True) as warehouse:
        rows = warehouse.rows("select * from intermediate.int_rewards__allocations")
        public = warehouse.rows("select * from marts.reward_allocations")
    for mode in ("amount_true", "one_to_one"):
        expected: dict[tuple[str, str], int] = {}
        for history in customers:
            expected |= play(history, one_to_one=mode == "one_to_one").allocations
        found = {
            (row["earned_trans_id"], row["redeemed_trans_id"]): row["units"]
            for row in rows
            if row["mode"] == mode
        }
        assert found == expected
    amounts = {
        (row["earned_trans_id"], row["redeemed_trans_id"]): row["allocated_minor"] for row in public
    }
    assert amounts == {pair: n for h in customers for pair, n in play(h).allocations.items()}


def test_every_running_balance_is_the_oracles(built: Built, customers: History) -> None:
    """The balance and what is left in lots, after every event; the last one is the current one."""
    expected = {key: value for h in customers for key, value in play(h).balances.items()}
    last = {max(h, key=Event.place).trans_id: h[0].customer_id for h in customers}
    current = {customer: expected[trans_id] for trans_id, customer in last.items()}
    with open_warehouse(built.settings, read_only=True) as warehouse:
        rows = rows_by_id(warehouse, "reward_balance_history")
        now = warehouse.rows("select * from marts.reward_current_balances")
    assert {k: (r["balance_minor"], r["open_lots_minor"]) for k, r in rows.items()} == expected
    assert {r["customer_id"]: (r["balance_minor"], r["open_lots_minor"]) for r in now} == current


def test_both_engines_give_the_same_rows(engines: dict[str, Built]) -> None:
    """Bit by bit, in every mart of the room."""
    prints = []
    for built in engines.values():
        with open_warehouse(built.settings, read_only=True) as warehouse:
            prints.append({mart: fingerprint(warehouse, f"marts.{mart}") for mart in MARTS})
    assert prints[0] == prints[1]
    assert all(print_of.rows > CUSTOMERS / 2 for print_of in prints[0].values())


FAULTS = {
    "lots_are_not_overused": """
        update marts.reward_allocations set allocated_minor = allocated_minor + 1000000
        where allocation_id = (select min(allocation_id) from marts.reward_allocations)""",
    "redemptions_add_up": """
        update marts.reward_transactions set unfunded_amount_minor = unfunded_amount_minor + 1
        where trans_id = (select min(redeemed_trans_id) from marts.reward_allocations)""",
    "allocations_stay_with_their_customer": """
        update marts.reward_allocations as a set redeemed_reward_transaction_id = (
            select max(b.redeemed_reward_transaction_id) from marts.reward_allocations as b
            where b.customer_id != a.customer_id)
        where allocation_id = (select min(allocation_id) from marts.reward_allocations)""",
    "older_lots_are_used_first": """
        update marts.reward_allocations as a
        set earned_reward_transaction_id = younger.reward_transaction_id
        from marts.reward_transactions as younger
        inner join marts.reward_transactions as redemption
            on younger.customer_id = redemption.customer_id
        where younger.is_lot and younger.allocated_minor = 0
            and younger.event_number < redemption.event_number
            and a.redeemed_trans_id = redemption.trans_id""",
    "nothing_is_unfunded_while_a_lot_is_open": """
        update marts.reward_transactions set allocated_minor = allocated_minor - 1,
            unfunded_amount_minor = unfunded_amount_minor + 1
        where trans_id = (select min(redeemed_trans_id) from marts.reward_allocations)""",
}

GENERIC_FAULTS = {
    "unique_together_reward_balance_history": """
        insert into marts.reward_balance_history select * from marts.reward_balance_history
        where customer_id = (select min(customer_id) from marts.reward_balance_history)""",
    "not_empty_when_reward_transactions": "delete from marts.reward_transactions",
    "allocations_are_above_zero": "update marts.reward_allocations set allocated_minor = null",
    "reward_amounts_are_whole": """
        update marts.reward_transactions set open_amount_minor = open_amount_minor + 1""",
}


@pytest.mark.parametrize("law", [*LAWS, *GENERIC_FAULTS])
def test_every_law_can_be_broken(engines: dict[str, Built], law: str) -> None:
    """The control of the laws: the SQL that dbt ran finds nothing, and finds the planted fault."""
    built = engines["duckdb"]
    sql = next(r.compiled_code for r in built.run.results if r.name.startswith(law))
    with open_warehouse(built.settings) as warehouse:
        assert warehouse.rows(sql) == []
        warehouse.execute("begin transaction")
        warehouse.execute((FAULTS | GENERIC_FAULTS)[law])
        found = warehouse.rows(sql)
        warehouse.execute("rollback")
    assert found


def test_the_histories_have_what_they_are_meant_to_have(customers: History) -> None:
    """The control of the generator: without these cases the tests above would prove little."""
    outcomes = [(history, play(history)) for history in customers]
    lots = [Counter(lot for lot, _ in o.allocations) for _, o in outcomes]
    redemptions = [Counter(r for _, r in o.allocations) for _, o in outcomes]
    places = [Counter(e.created_at for e in history) for history, _ in outcomes]
    seen = {
        "many redemptions a lot": sum(max(c.values(), default=0) >= 4 for c in lots),
        "many lots a redemption": sum(max(c.values(), default=0) >= 4 for c in redemptions),
        "ties": sum(max(c.values()) >= 2 for c in places),
        "unfunded": sum(any(o.unfunded.values()) for _, o in outcomes),
        "zero amounts": sum(any(e.amount == 0 for e in history) for history, _ in outcomes),
        "zero balance": sum(not o.open_amounts and bool(o.allocations) for _, o in outcomes),
        "modes differ": sum(o.redeem_ids != play(h, True).redeem_ids for h, o in outcomes),
    }
    assert all(count >= 20 for count in seen.values()), seen

"""The allocation of rewards against a row-by-row oracle: every method and mode, on both engines.

1 000 histories that hypothesis draws and 300 of another generator are one document of the raw
table, rows shuffled; dbt builds the rewards room with its laws; then every lot, redemption,
reversal, allocation and running balance is compared with the oracle's, method by method.
Run alone: pytest tests/python/dbt/test_fifo_oracle.py
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product
from operator import itemgetter
from typing import Any

import pytest

from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.conftest import make_settings, new_database
from tests.python.dbt.reward_builds import MARTS, Built, build
from tests.python.dbt.reward_faults import FAULTS, GENERIC_FAULTS
from tests.python.dbt.reward_histories import Event, histories
from tests.python.dbt.reward_methods import law, under
from tests.python.dbt.reward_oracle import METHODS, Played, Result, play
from tests.python.dbt.reward_strategies import drawn
from tests.python.fingerprint import fingerprint

SEED, CUSTOMERS, DRAWN = 20261031, 300, 1000
OF_THE_AXIS = """
select (select count(*) from intermediate.int_rewards__allocations) - count(lot_number) as n
from intermediate.int_rewards__allocations_in_turns
"""
History = list[list[Event]]
Row = dict[str, Any]
FIGURES = {
    "allocated_minor": "allocated",
    "open_amount_minor": "open_amount",
    "unfunded_amount_minor": "unfunded",
    "still_unfunded_minor": "still_unfunded",
    "reversed_amount_minor": "reversed_amount",
    "unmatched_amount_minor": "unmatched",
    "redeem_id": "redeem_id",
}


@pytest.fixture(scope="module")
def customers() -> History:
    """The histories of all customers."""
    return [*histories(SEED, CUSTOMERS), *drawn(DRAWN)]


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


def expected_row(number: int, event: Event, result: Result, single: Result) -> Row:
    """What reward_transactions has to say of a row."""
    return {
        "customer_id": event.customer_id,
        "type": event.kind,
        "amount_minor": event.amount,
        "event_number": number,
        "redeem_id_one_to_one": single.redeem_id,
        **{column: getattr(result, name) for column, name in FIGURES.items()},
    }


def found_moves(warehouse: Warehouse) -> dict[Any, int]:
    """The allocations, a lot, a using row and an undone redemption each."""
    return {
        (row["earned_trans_id"], row["redeemed_trans_id"], row["reversed_trans_id"]): row[
            "allocated_minor"
        ]
        for row in warehouse.rows("select * from marts.reward_allocations")
    }


def test_the_build_and_its_laws_pass(built: Built) -> None:
    """All laws ran, and none found anything."""
    assert built.run.succeeded, built.run.output
    passed = {result.name for result in built.run.results if result.status == "pass"}
    assert passed >= set(FAULTS)


@pytest.mark.parametrize("method", METHODS)
def test_every_row_and_allocation_is_the_oracles(
    built: Built, customers: History, method: str
) -> None:
    """Every row, every allocation and every running balance; and the laws hold."""
    expected: dict[str, Row] = {}
    moves: dict[Any, int] = {}
    balances: dict[str, tuple[int, int]] = {}
    for history in customers:
        played, single = play(history, method), play(history, "one_to_one")
        moves |= {key: minor for key, minor in played.moves.items() if minor}
        balances |= played.balances
        for number, event in enumerate(sorted(history, key=Event.place), start=1):
            key = event.trans_id
            expected[key] = expected_row(number, event, played.results[key], single.results[key])
    with open_warehouse(built.settings) as warehouse, under(built, warehouse, method):
        rows = rows_by_id(warehouse, "reward_transactions")
        allocations = found_moves(warehouse)
        running = rows_by_id(warehouse, "reward_balance_history")
        broken = {name: warehouse.rows(law(built, name, method)) for name in FAULTS}
    assert {key: {name: rows[key][name] for name in expected[key]} for key in rows} == expected
    assert allocations == moves
    assert {k: (r["balance_minor"], r["open_lots_minor"]) for k, r in running.items()} == balances
    assert not any(broken.values()), broken


def test_the_last_running_balance_is_the_current_one(built: Built, customers: History) -> None:
    """reward_current_balances says of a customer what the history ends at."""
    last = {h[0].customer_id: max(h, key=Event.place).trans_id for h in customers}
    with open_warehouse(built.settings, read_only=True) as warehouse:
        running = rows_by_id(warehouse, "reward_balance_history")
        now = warehouse.rows("select * from marts.reward_current_balances")
    both = itemgetter("balance_minor", "open_lots_minor")
    assert {row["customer_id"]: both(row) for row in now} == {
        customer: both(running[trans_id]) for customer, trans_id in last.items()
    }


def test_merged_customers_are_one_history(built: Built, customers: History) -> None:
    """Each second customer becomes the one before: their rows are played as one history."""
    pairs = list(zip(customers[-400::2], customers[-399::2], strict=True))
    merges = {one[0].customer_id: other[0].customer_id for one, other in pairs}
    moves: dict[Any, int] = {}
    for one, other in pairs:
        moves |= {key: minor for key, minor in play([*one, *other]).moves.items() if minor}
    with (
        open_warehouse(built.settings) as warehouse,
        under(built, warehouse, "fifo", merges=merges),
    ):
        found = found_moves(warehouse)
        rows = rows_by_id(warehouse, "reward_transactions")
        broken = {name: warehouse.rows(law(built, name)) for name in FAULTS}
    ids = {event.trans_id: event.customer_id for pair in pairs for h in pair for event in h}
    assert {key: minor for key, minor in found.items() if key[0] in ids} == moves
    assert {k: rows[k]["reported_customer_id"] for k in ids} == ids
    assert {k: rows[k]["customer_id"] for k in ids} == {k: merges.get(c, c) for k, c in ids.items()}
    assert not any(broken.values()), broken


def test_no_later_row_changes_what_was_taken_before(customers: History) -> None:
    """Without its last row a history has the same moves, but for that row's own."""
    for history, method in product(customers, METHODS):
        *earlier, last = sorted(history, key=Event.place)
        moves = play(history, method).moves
        before = {key: minor for key, minor in moves.items() if key[1] != last.trans_id}
        assert play(earlier, method).moves == before


@pytest.mark.parametrize("method", ["fifo", "fefo", "one_to_one"])
def test_the_axis_and_the_turns_say_the_same(engines: dict[str, Built], method: str) -> None:
    """Histories that one axis holds come out alike when they go redemption by redemption."""
    built = engines["duckdb"]
    prints = []
    for in_turns in (False, True):
        with (
            open_warehouse(built.settings) as warehouse,
            under(built, warehouse, method, in_turns),
        ):
            prints.append([fingerprint(warehouse, f"marts.{mart}") for mart in MARTS])
            (of_axis,) = warehouse.rows(OF_THE_AXIS)
        assert (of_axis["n"] == 0) == in_turns
    assert prints[0] == prints[1]


def test_both_engines_give_the_same_rows(engines: dict[str, Built]) -> None:
    """Bit by bit, in every mart of the room."""
    prints = []
    for built in engines.values():
        with open_warehouse(built.settings, read_only=True) as warehouse:
            prints.append({mart: fingerprint(warehouse, f"marts.{mart}") for mart in MARTS})
    assert prints[0] == prints[1]
    assert all(print_of.rows > CUSTOMERS / 2 for print_of in prints[0].values())


@pytest.mark.parametrize("name", [*FAULTS, *GENERIC_FAULTS])
def test_every_law_can_be_broken(engines: dict[str, Built], name: str) -> None:
    """The control of the laws: the SQL that dbt ran finds nothing, and finds the planted fault."""
    with open_warehouse((built := engines["duckdb"]).settings) as warehouse:
        assert warehouse.rows(law(built, name)) == []
        warehouse.execute("begin transaction")
        warehouse.execute((FAULTS | GENERIC_FAULTS)[name])
        found = warehouse.rows(law(built, name))
        warehouse.execute("rollback")
    assert found


def test_the_histories_have_what_they_are_meant_to_have(customers: History) -> None:
    """The control of the generators: without these cases the tests above would prove little."""
    outcomes = [(history, play(history)) for history in customers]
    seen = Counter(case for history, played in outcomes for case in cases(history, played))
    assert len(seen) == 13, seen
    assert all(count >= 20 for count in seen.values()), seen


def cases(history: list[Event], played: Played) -> set[str]:
    """What a history shows."""
    rows = played.results
    lots = Counter(key[0] for key in played.moves)
    uses = Counter(key[1] for key in played.moves)
    undone = [key for key in played.moves if key[2]]
    places = Counter(event.created_at for event in history)
    others = {method: play(history, method) for method in METHODS[1:]}
    found = {
        "many uses a lot": max(lots.values(), default=0) >= 4,
        "many lots a use": max(uses.values(), default=0) >= 4,
        "ties": max(places.values()) >= 2,
        "unfunded": any(row.unfunded for row in rows.values()),
        "zero amounts": any(event.amount == 0 for event in history),
        "nothing left": bool(lots) and not any(row.open_amount for row in rows.values()),
        "put back": bool(undone),
        "put back in part": any(
            row.reversed_amount and row.reversed_amount < row.allocated + row.unfunded
            for row in rows.values()
        ),
        "unfunded undone": any(row.still_unfunded < row.unfunded for row in rows.values()),
        "reversal unmatched": any(row.unmatched for row in rows.values()),
        "used again": any(
            rows[lot].redeem_id and lots[lot] > 2 for lot in {key[0] for key in undone}
        ),
        "methods differ": len({str(other.moves) for other in others.values()}) == 3,
        "by date differs": play(replace(e, expires_at=None) for e in history).moves != played.moves,
    }
    return {case for case, is_seen in found.items() if is_seen}

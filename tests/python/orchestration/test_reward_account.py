"""`tieout explain customer`: the allocation as a function, against the oracle and the books.

Without a database: 300 drawn histories and every method against the row-by-row oracle of the
tests. With one: every customer of a built room is asked, and a changed allocation is found.
Run alone: pytest tests/python/orchestration/test_reward_account.py
"""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from orchestration.rewards.account import Account, accounts
from orchestration.rewards.allocate import Event, Method, allocate
from orchestration.rewards.statement import statement, verdict
from tests.python.conftest import make_settings
from tests.python.dbt.reward_builds import build
from tests.python.dbt.reward_histories import Event as Drawn
from tests.python.dbt.reward_oracle import METHODS, play
from tests.python.dbt.reward_strategies import drawn

Moves = dict[tuple[str, str, str | None], int]


def method_named(name: str) -> Method:
    """A method as its seed says it."""
    with (PROJECT_ROOT / "seeds" / "reward_methods.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["method_id"] == name)
    return Method(row["counts"], row["lot_order"], row["expired_rows"])


def moves_of(history: list[Drawn], method: Method) -> Moves:
    """Lot, using row, undone redemption and how much, as the function has it."""
    events = [
        Event(n, e.trans_id, e.kind, e.amount, e.created_at, e.expires_at, e.order_id, e.reason)
        for n, e in enumerate(sorted(history, key=Drawn.place), start=1)
    ]
    found: Moves = {}
    for use in allocate(events, method):
        if use.lot is not None:
            undone = use.undone.trans_id if use.undone else None
            key = (use.lot.trans_id, use.event.trans_id, undone)
            found[key] = found.get(key, 0) + use.minor(method)
    return found


@pytest.fixture(scope="module")
def histories() -> list[list[Drawn]]:
    return drawn(300)


@pytest.mark.parametrize("name", METHODS)
def test_the_function_is_the_oracle(name: str, histories: list[list[Drawn]]) -> None:
    method = method_named(name)
    differing = [h for h in histories if moves_of(h, method) != play(h, name).moves]
    assert differing == []


def test_methods_differ_on_these_histories(histories: list[list[Drawn]]) -> None:
    """The control: a function that knew one method alone would not pass the test above."""
    found = [[moves_of(h, method_named(name)) for h in histories] for name in METHODS]
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            assert sum(a != b for a, b in zip(one, other, strict=True)) > 15


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, histories: list[list[Drawn]]) -> Settings:
    """The rewards room built over 40 of the histories."""
    built = build(make_settings(tmp_path_factory.mktemp("room")), histories[:40])
    assert built.run.succeeded, built.run.output
    return built.settings


def asked(settings: Settings, customer: str, method: str = "") -> list[Account]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return accounts(warehouse, customer, method)


def mart_rows(settings: Settings, sql: str) -> list[dict[str, Any]]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(sql)


def test_every_account_is_what_the_books_say(room: Settings) -> None:
    """Each line's balance, each lot's rest and REDEEMID, and no difference from the books."""
    rows = mart_rows(room, "select * from marts.reward_transactions")
    history = mart_rows(room, "select * from marts.reward_balance_history")
    lots: dict[str, Any] = {}
    balances: dict[str, Any] = {}
    for customer in {row["customer_id"] for row in rows}:
        for account in asked(room, customer):
            assert account.differing == ()
            lots |= {lot.row["trans_id"]: (lot.left, lot.redeem_id) for lot in account.lots}
            balances |= {
                line.row["trans_id"]: (line.balance, line.open_lots, line.unfunded, line.unmatched)
                for line in account.lines
            }
    assert lots == {
        row["trans_id"]: (row["open_amount_minor"], row["redeem_id"])
        for row in rows
        if row["is_lot"]
    }
    of = {row["trans_id"]: row for row in rows}
    signs = {"reversed": -1}
    assert balances == {
        row["trans_id"]: (
            row["balance_minor"],
            row["open_lots_minor"],
            of[row["trans_id"]]["unfunded_amount_minor"] * signs.get(row["type"], 1),
            of[row["trans_id"]]["unmatched_amount_minor"],
        )
        for row in history
    }


def test_a_changed_allocation_is_found(room: Settings) -> None:
    """The control: the books are compared, not repeated."""
    (row, *_) = mart_rows(
        room, "select * from marts.reward_allocations order by allocation_id limit 1"
    )
    with open_warehouse(room) as warehouse:
        change = "update marts.reward_allocations set allocated_minor = allocated_minor + $1"
        change += " where allocation_id = $2"
        warehouse.execute(change, [1, row["allocation_id"]])
        try:
            (account,) = accounts(warehouse, row["customer_id"])
        finally:
            warehouse.execute(change, [-1, row["allocation_id"]])
    assert account.differing == (
        f"lot {row['earned_trans_id']}, used by {row['redeemed_trans_id']}",
    )
    assert "THE BOOKS SAY OTHERWISE" in verdict(account)


def test_another_method_is_told_beside_the_books(room: Settings) -> None:
    customer = mart_rows(room, "select min(customer_id) as c from marts.reward_transactions")
    (account,) = asked(room, customer[0]["c"], "lifo")
    assert account.differing is None
    assert json.loads(json.dumps(statement(account)))["method"] == "lifo"
    with pytest.raises(ConfigurationError, match="nifo is no method: one of fefo, fifo"):
        asked(room, customer[0]["c"], "nifo")


def test_a_customer_of_no_row_has_no_account(room: Settings) -> None:
    assert asked(room, "nobody") == []

"""Matching hangs on no order: rows shuffled, and each source's rows in three files instead of one.

The same worlds are landed twice, once as they are and once torn apart, and every mart of matching
must say the same, ids included. The controls: the second landing is another one, and an amount
that is changed by a cent is seen.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.hard_cases import hard_cases
from tests.python.dbt.random_rules import OWN_TRANSFERS, SHARED_RULES
from tests.python.dbt.random_worlds import random_world
from tests.python.dbt.worlds import World, add_seed_rows, land, named

AS_OF = "2026-11-01 04:00:00"
RANDOM_WORLDS = range(2_000, 2_120)  # not those the row-by-row model is asked about
MARTS = ("matches", "match_members", "open_items")
Rows = list[dict[str, Any]]


def worlds() -> list[World]:
    """The hard cases and some random ones, with the rules they share."""
    shared = World("*")
    for like, changes in SHARED_RULES:
        shared.rule(like, **{"rule_id": like, **changes})
    return [shared, *hard_cases(), *(random_world(n) for n in RANDOM_WORLDS)]


def torn(world: World, draw: random.Random) -> World:
    """The world with the rows of each list in another order; what is told again stays later."""
    other = deepcopy(world)
    for rows in (other.bank, other.decisions):
        draw.shuffle(rows)
    for rows in (other.books, other.activity, other.payouts, *other.house.values()):
        names = sorted({named(row) for row in rows})
        draw.shuffle(names)
        rows.sort(key=lambda row: names.index(named(row)))
    return other


def build(folder: Path, all_worlds: Iterable[World], files: int) -> dict[str, Rows]:
    """The marts over the worlds, and where the rows came from."""
    settings = make_settings(folder)
    shared, *others = all_worlds
    land(settings, others, files)
    assert run_dbt(settings, ["seed"], {"as_of": AS_OF}).succeeded
    add_seed_rows(settings, [shared, *others], {"bank_line_rules": [OWN_TRANSFERS]})
    words = ["build", "--exclude-resource-type", "test", "unit_test", "seed", "--select"]
    ran = run_dbt(settings, [*words, *(f"+{mart}" for mart in MARTS)], {"as_of": AS_OF})
    assert ran.succeeded, ran.output
    return told(settings)


def told(settings: Settings) -> dict[str, Rows]:
    """What the marts say, without the file and line that said it."""
    with open_warehouse(settings, read_only=True) as warehouse:
        tables = {mart: warehouse.rows(f"select * from marts.{mart}") for mart in MARTS}
        lines = warehouse.rows(
            "select transaction_id, _document_id, _source_line from raw.internal_transactions"
        )
    for rows in tables.values():
        for row in rows:
            for name in [name for name in row if name.startswith("_")]:
                del row[name]
        rows.sort(key=lambda row: sorted((name, str(value)) for name, value in row.items()))
    return {**tables, "lines": lines}


def cents(amount: str) -> World:
    """A tenant whose row is another one in the second landing."""
    return World("cents").book("b", amount, order_id="o").told("p", "10.00", order_id="o")


def is_cents(row: dict[str, Any]) -> bool:
    """Whether a row is that tenant's."""
    return bool(row["tenant_id"] == "cents")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """As they are, and torn apart."""
    straight = worlds()
    draw = random.Random("another order")
    apart = [straight[0], *(torn(world, draw) for world in straight[1:])]
    draw.shuffle(apart[1:])
    folders = [tmp_path_factory.mktemp(name) for name in ("straight", "apart")]
    first = build(folders[0], [*straight, cents("10.02")], 1)
    return first, build(folders[1], [*apart, cents("10.01")], 3)


@pytest.mark.parametrize("mart", MARTS)
def test_the_marts_say_the_same_in_any_order(
    both: tuple[dict[str, Rows], dict[str, Rows]], mart: str
) -> None:
    straight, apart = both
    rows, others = ([row for row in side[mart] if not is_cents(row)] for side in (straight, apart))
    assert len(rows) > 150
    assert rows == others


def test_control_the_rows_did_come_in_other_files_and_lines(
    both: tuple[dict[str, Rows], dict[str, Rows]],
) -> None:
    straight, apart = (
        {(row["transaction_id"], row["_document_id"], row["_source_line"]) for row in side["lines"]}
        for side in both
    )
    assert len(straight) == len(apart)
    assert len(straight & apart) < len(straight) / 2


def test_control_a_cent_is_seen(both: tuple[dict[str, Rows], dict[str, Rows]]) -> None:
    """Of one tenant an amount was changed on the way."""
    straight, apart = ([row for row in side["open_items"] if is_cents(row)] for side in both)
    assert straight
    assert straight != apart

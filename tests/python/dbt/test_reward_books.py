"""The books of rewards agree with a month-by-month model of them, and with the standard's example.

Random worlds are planted where the allocation leaves them and built once on each engine, with all
of dbt's tests; each law then finds the damage that is planted for it.
Run alone: pytest tests/python/dbt/test_reward_books.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema
from tests.python.conftest import make_settings, new_database
from tests.python.dbt.laws import found_by
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.reward_books import (
    SHARES,
    RewardWorld,
    breakage,
    example_52,
    random_world,
    roll_forward,
)
from tests.python.dbt.worlds import insert

WORLDS = range(6)
MODELS = ("path:models/intermediate/rewards/books", "path:models/marts/rewards/books")
SEEDS = {
    "currencies": "currency text, exponent integer",
    "reward_reasons": "reason text, type text, event_type text, program_id text",
    "reward_programs": "program_id text, tenant_id text, measured_by text",
    "reward_program_estimates": (
        "program_id text, tenant_id text, valid_from date, expected_redemption_bps integer"
    ),
}
SALES = {
    **dict.fromkeys(("tenant_id", "order_id", "currency", "_document_id"), "text"),
    **{"gross_sales_minor": "bigint", "_received_at": "timestamp", "_source_line": "bigint"},
}


def reason(name: str, program: str) -> dict[str, Any]:
    return {"reason": name, "type": "earned", "event_type": "reward_earned", "program_id": program}


def estimate(program: str, since: date, bps: int) -> dict[str, Any]:
    named = {"program_id": program, "tenant_id": "*", "valid_from": since}
    return {**named, "expected_redemption_bps": bps}


def program(name: str, measured_by: str) -> dict[str, Any]:
    return {"program_id": name, "tenant_id": "*", "measured_by": measured_by}


SEED_ROWS = {
    "currencies": [{"currency": "EUR", "exponent": 2}, {"currency": "JPY", "exponent": 0}],
    "reward_reasons": [
        *(reason("*", "estimated"), reason("REFUND", "face"), reason("ORDER", "bought"))
    ],
    "reward_programs": [
        program("estimated", "proportional"),
        program("face", "face"),
        program("bought", "relative_price"),
    ],
    "reward_program_estimates": [
        *(estimate("estimated", since, bps) for since, bps in SHARES.items()),
        estimate("bought", date(2000, 1, 1), 9500),
        estimate("bought", date(2023, 2, 1), 9700),
    ],
}


@dataclass(frozen=True)
class Books:
    """A deployment with the worlds built, the worlds, and the SQL of dbt's tests by name."""

    settings: Settings
    worlds: list[RewardWorld]
    laws: dict[str, str]

    def rows(self, mart: str) -> list[dict[str, Any]]:
        with open_warehouse(self.settings, read_only=True) as warehouse:
            return warehouse.rows(f"select * from marts.{mart}")


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Books:
    settings = make_settings(tmp_path_factory.mktemp("reward_books"))
    if request.param == "postgres":
        database = new_database(request.getfixturevalue("postgres_server"), "reward_books")
        settings = settings.model_copy(update={"target": "postgres", "postgres": database})
    run_dbt(settings, ["parse"])
    worlds = [example_52(), *map(random_world, WORLDS)]
    _plant(settings, worlds)
    words = ["build", "--exclude-resource-type", "unit_test", "--select", *MODELS]
    ran = run_dbt(settings, words, {"as_of": "2023-03-01 00:00:00"})
    assert ran.succeeded, ran.output
    laws = {r.name: r.compiled_code for r in ran.results if r.unique_id.startswith("test.")}
    return Books(settings, worlds, laws)


def _plant(settings: Settings, worlds: list[RewardWorld]) -> None:
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        warehouse.execute("create schema if not exists seeds")
        for seed, columns in SEEDS.items():
            warehouse.execute(f"create table seeds.{seed} ({columns})")
            insert(warehouse, f"seeds.{seed}", SEED_ROWS[seed])
    plant(settings, "reward_transactions", _all_columns(w for w in worlds for w in w.transactions))
    plant(settings, "reward_allocations", [row for world in worlds for row in world.allocations])
    received = {"_document_id": "d", "_received_at": datetime(2023, 3, 1), "_source_line": 2}
    sales = [{"tenant_id": w.tenant, **received, **row} for w in worlds for row in w.sales]
    plant(settings, "stg_thrive_cash__sales", sales, SALES)


def _all_columns(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the columns that only some have."""
    some = dict.fromkeys(("reason", "order_id", "reversed_type", "problem"))
    return [{**some, **row} for row in rows]


def test_months_roll_forward_as_a_model_of_them_does(books: Books) -> None:
    names = ("opening", "earned", "spent", "expired", "reversed", "closing")
    found: dict[str, dict[Any, Any]] = {world.tenant: {} for world in books.worlds}
    for row in books.rows("reward_roll_forward"):
        figures = tuple(row[f"{name}_minor"] for name in names)
        found[row["tenant_id"]][row["currency"], row["period"]] = figures
    assert found == {world.tenant: roll_forward(world) for world in books.worlds}


def test_breakage_of_every_program_is_what_a_model_of_it_says(books: Books) -> None:
    found: dict[str, dict[Any, Any]] = {}
    for row in books.rows("reward_breakage"):
        line = (row["program_id"], row["currency"], row["period"])
        names = ("open_lots_minor", "expired_to_date_minor", "proportional_to_date_minor")
        found.setdefault(row["tenant_id"], {})[line] = tuple(row[name] for name in names)
    found.pop("example")
    assert found == {world.tenant: breakage(world) for world in books.worlds[1:]}
    early = [b for lines in found.values() for _, b, p in lines.values() if 0 < b == p]
    ahead = [b for lines in found.values() for _, b, p in lines.values() if b < p]
    assert early  # expired beyond the estimate
    assert ahead  # revenue before it expired


def test_the_standards_example_comes_out_as_printed(books: Books) -> None:
    found = {row["period"].month: row for row in books.rows("reward_deferrals")}
    first, second = found[1], found[2]
    assert (first["product_minor"], first["deferred_minor"]) == (91324, 8676)
    assert (first["revenue_minor"], first["liability_minor"]) == (4110, 4566)
    assert (second["revenue_minor"], second["liability_minor"]) == (3493, 1073)
    entries = {
        row["period"].month: (row["liability_minor"], row["change_minor"], row["is_posted"])
        for row in books.rows("reward_valuations")
        if row["program_id"] == "bought"
    }
    assert entries == {1: (4566, 5500 - 4566, True), 2: (1073, 1500 - 1073 - 934, True)}


FAULTS = {
    "rewards_roll_forward": "update marts.reward_roll_forward"
    " set opening_minor = opening_minor + 1",
    "customers_never_close_below_zero": "update marts.reward_customer_months"
    " set closing_minor = -1",
    "breakage_stays_within_what_was_earned": "update marts.reward_breakage"
    " set proportional_to_date_minor = earned_to_date_minor + 1",
    "deferred_is_revenue_or_liability": "update marts.reward_deferrals"
    " set liability_minor = liability_minor + 1",
    "open_lots_are_carried_at_most_in_full": "update marts.reward_valuations"
    " set not_carried_minor = open_lots_minor + 1",
    "a_fingerprint_changes_with_its_months": "insert into marts.reward_closed_periods"
    " (close_id, tenant_id, period, fingerprint, fingerprint_now, is_unchanged, adjusted_count)"
    " values ('c', 'example', date '2023-01-01', '1:1', '1:2', false, 0)",
}


@pytest.mark.parametrize("law", FAULTS)
def test_a_planted_fault_is_found_by_its_law(books: Books, law: str) -> None:
    assert found_by(books.laws[law], FAULTS[law], books.settings)

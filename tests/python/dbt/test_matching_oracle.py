"""Matching against a row-by-row model of itself, on both engines, all worlds in one build.

The hard cases say by hand what must come of them; the random ones must come out as the oracle says.
Controls: the random worlds reach every pass, state and reason, and a planted fault is seen.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings, new_database
from tests.python.dbt.hard_cases import hard_cases
from tests.python.dbt.oracle import Outcome
from tests.python.dbt.oracle_states import reconcile
from tests.python.dbt.random_worlds import random_world
from tests.python.dbt.worlds import land

AS_OF = datetime(2026, 11, 1, 4, 0)
RANDOM_WORLDS = 200
MARTS = ("transactions", "matches", "match_members", "open_items")
Outcomes = dict[tuple[str, str], Outcome]
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Every world landed and built once on an engine."""
    folder = tmp_path_factory.mktemp("worlds")
    changes: dict[str, Any] = {}
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        changes = {"target": "postgres", "postgres": new_database(server, "worlds")}
    settings = make_settings(folder, **changes)
    land(settings, [*hard_cases(), *(random_world(n) for n in range(RANDOM_WORLDS))])
    words = ["build", "--exclude-resource-type", "test", "unit_test", "--select"]
    ran = run_dbt(settings, [*words, *(f"+{mart}" for mart in MARTS)], {"as_of": f"{AS_OF}"})
    assert ran.succeeded, ran.output
    return settings


@pytest.fixture(scope="module")
def marts(built: Settings) -> dict[str, Rows]:
    """The rows of the matching marts, the transactions and people's decisions."""
    with open_warehouse(built, read_only=True) as warehouse:
        rows = {mart: warehouse.rows(f"select * from marts.{mart}") for mart in MARTS}
        rows["decisions"] = warehouse.rows("select * from ops.match_decisions")
    return rows


def outcomes(marts: dict[str, Rows]) -> Outcomes:
    """What the models made of every transaction, in the oracle's words."""
    passes = {row["match_id"]: row["pass"] for row in marts["matches"]}
    members: dict[str, list[str]] = {}
    for row in marts["match_members"]:
        members.setdefault(row["match_id"], []).append(row["transaction_id"])
    found: Outcomes = {}
    for row in marts["match_members"]:
        name = row["transaction_id"]
        (partner,) = [other for other in members[row["match_id"]] if other != name]
        found[row["reconciliation"], name] = Outcome(
            "matched", match_pass=passes[row["match_id"]], partner=partner
        )
    for row in marts["open_items"]:
        place = row["reconciliation"], row["transaction_id"]
        assert place not in found, f"{place} is matched and open"
        found[place] = Outcome(
            row["state"],
            row["reason_code"],
            related=row["related_transaction_id"],
            rivals=row["rivals"],
            expected_by=row["expected_by"],
        )
    return found


def differences(model: Outcomes, oracle: Outcomes, transactions: Rows) -> list[str]:
    """Where the two disagree, with the tenant and native id to look at."""
    names = {t["transaction_id"]: f"{t['tenant_id']} {t['native_id']}" for t in transactions}
    return [
        f"{names[place[1]]}: models {model.get(place)}, oracle {oracle.get(place)}"
        for place in sorted(model.keys() | oracle.keys())
        if model.get(place) != oracle.get(place)
    ]


def test_every_transaction_comes_out_as_the_row_by_row_model_says(
    marts: dict[str, Rows],
) -> None:
    """Pass, partner, state, reason, rivals and due date of every row of every world."""
    oracle = reconcile(marts["transactions"], marts["decisions"], AS_OF)
    assert len(oracle) > 1000
    assert differences(outcomes(marts), oracle, marts["transactions"]) == []


def test_the_worlds_reach_every_pass_and_reason(marts: dict[str, Rows]) -> None:
    """A control: what no world reaches, the comparison above does not test."""
    random_rows = {
        t["transaction_id"] for t in marts["transactions"] if t["tenant_id"].startswith("random")
    }
    reached = Counter(
        (place[0], outcome.reason or f"pass {outcome.match_pass}")
        for place, outcome in outcomes(marts).items()
        if place[1] in random_rows
    )
    both = ("pass 1", "pass 2", "rivals", "duplicate", "not_due", "no_counterpart", "failed")
    books = ("pass 0", "taken_apart", "pending", "key_conflict", "unknown_event_type")
    wanted = {("books_processor", name) for name in (*both, *books)}
    wanted |= {("books_processor", name) for name in ("conflict_opposite", "other_currency")}
    wanted |= {("payout_bank", name) for name in (*both, "returned")}
    assert {place for place in wanted if reached[place] < 2} == set()


def test_a_planted_fault_is_seen(marts: dict[str, Rows]) -> None:
    """A control: two matches that swapped partners, and a lost open item, are differences."""
    model = outcomes(marts)
    oracle = dict(model)
    places = [place for place, outcome in model.items() if outcome.match_pass == 1][:2]
    oracle[places[0]], oracle[places[1]] = oracle[places[1]], oracle[places[0]]
    lost = next(place for place, outcome in model.items() if outcome.state == "missing")
    del model[lost]
    assert len(differences(model, oracle, marts["transactions"])) == 3


def told(marts: dict[str, Rows]) -> dict[tuple[str, str], set[str]]:
    """By tenant and native id: the partner's native id, or the reason."""
    rows = {t["transaction_id"]: t for t in marts["transactions"]}
    story: dict[tuple[str, str], set[str]] = {}
    for (_, name), outcome in outcomes(marts).items():
        row = rows[name]
        what = rows[outcome.partner]["native_id"] if outcome.partner else outcome.reason
        story.setdefault((row["tenant_id"], row["native_id"]), set()).add(what)
    return story


@pytest.mark.parametrize("world", hard_cases(), ids=lambda world: world.tenant)
def test_hard_case(world: Any, marts: dict[str, Rows]) -> None:
    """What the case says by hand, whatever models and oracle agree on."""
    story = told(marts)
    found = {name: story.get((world.tenant, name)) for name in world.expected}
    assert found == {name: {what} for name, what in world.expected.items()}


def test_a_bank_line_of_no_processor_is_out_of_scope(marts: dict[str, Rows]) -> None:
    """Rent is not an open item of the payouts, whatever its text says."""
    story = told(marts)
    assert ("not_a_processors", "s/1") not in story
    assert story["not_a_processors", "t"] == {"no_counterpart"}

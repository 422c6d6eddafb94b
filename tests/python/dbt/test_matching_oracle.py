"""Matching against a row-by-row model of itself, on both engines, all worlds in one build.

The hard cases say by hand what must come of them; the random ones must come out as the oracle says,
which reads rules and scopes from the seeds as they stand in the warehouse, tenants' own among them.
Controls: the random worlds reach every pass, step, state and reason, and a planted fault is seen.
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
from tests.python.dbt.oracle import SEEDS, Outcome
from tests.python.dbt.oracle_states import MATCHED, Places, Reconciled, reconcile
from tests.python.dbt.random_rules import OWN_TRANSFERS, SHARED_RULES
from tests.python.dbt.random_worlds import random_world
from tests.python.dbt.worlds import World, add_seed_rows, land

AS_OF = datetime(2026, 11, 1, 4, 0)
RANDOM_WORLDS = 600
MARTS = ("transactions", "matches", "match_members", "open_items")
Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


def worlds() -> list[World]:
    """All of them, and the rules they share."""
    shared = World("*")
    for like, changes in SHARED_RULES:
        shared.rule(like, **{"rule_id": like, **changes})
    return [shared, *hard_cases(), *(random_world(n) for n in range(RANDOM_WORLDS))]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Every world landed and built once on an engine, by the seeds and the tenants' own rules."""
    folder = tmp_path_factory.mktemp("worlds")
    changes: dict[str, Any] = {}
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        changes = {"target": "postgres", "postgres": new_database(server)}
    settings = make_settings(folder, **changes)
    land(settings, worlds()[1:])
    assert run_dbt(settings, ["seed"], {"as_of": f"{AS_OF}"}).succeeded
    add_seed_rows(settings, worlds(), {"bank_line_rules": [OWN_TRANSFERS]})
    words = ["build", "--exclude-resource-type", "test", "unit_test", "seed", "--select"]
    ran = run_dbt(settings, [*words, *(f"+{mart}" for mart in MARTS)], {"as_of": f"{AS_OF}"})
    assert ran.succeeded, ran.output
    return settings


@pytest.fixture(scope="module")
def tables(built: Settings) -> Tables:
    """The rows of the matching marts, the seeds, people's decisions and the targets of sums."""
    with open_warehouse(built, read_only=True) as warehouse:
        rows = {mart: warehouse.rows(f"select * from marts.{mart}") for mart in MARTS}
        rows |= {seed: warehouse.rows(f"select * from seeds.{seed}") for seed in SEEDS}
        rows["decisions"] = warehouse.rows("select * from ops.match_decisions")
        rows["targets"] = warehouse.rows("select * from intermediate.int_matching__sum_targets")
    return rows


@pytest.fixture(scope="module")
def oracle(tables: Tables) -> Reconciled:
    """What the row-by-row model says of the same rows."""
    return reconcile(tables["transactions"], tables["decisions"], tables, AS_OF)


def outcomes(tables: Tables) -> Places:
    """What the models made of every transaction, in the oracle's words."""
    steps = {
        (rule["rule_id"], rule["rule_version"]): f"{rule['pass']}.{rule['step']}"
        for rule in tables["match_rules"]
    }
    matches = {row["match_id"]: row for row in tables["matches"]}
    members: dict[str, set[str]] = {}
    for row in tables["match_members"]:
        members.setdefault(row["match_id"], set()).add(row["transaction_id"])
    found: Places = {}
    for row in tables["match_members"]:
        match, name = matches[row["match_id"]], row["transaction_id"]
        place = row["reconciliation"], name
        assert place not in found, f"{place} is in two matches"
        rule = match["rule_id"], match["rule_version"]
        found[place] = Outcome(
            match["status"],
            rule=f"{steps[rule]} {rule[0]} {rule[1]}",
            partners=frozenset(members[row["match_id"]] - {name}),
            confidence=match["confidence"],
        )
    for row in tables["open_items"]:
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


def differences(model: Places, oracle: Places, transactions: Rows) -> list[str]:
    """Where the two disagree, with the tenant and native id to look at."""
    names = {t["transaction_id"]: f"{t['tenant_id']} {t['native_id']}" for t in transactions}

    def said(outcome: Outcome | None) -> str:
        text = f"{outcome}"
        for name in outcome.partners if outcome else ():
            text = text.replace(name, names[name])
        return text

    return [
        f"{place[0]} {names[place[1]]}: models {said(model.get(place))},"
        f" oracle {said(oracle.get(place))}"
        for place in sorted(model.keys() | oracle.keys())
        if model.get(place) != oracle.get(place)
    ]


def test_every_transaction_comes_out_as_the_row_by_row_model_says(
    tables: Tables, oracle: Reconciled
) -> None:
    """Rule, partners, confidence, state, reason, rivals and due date, of every row."""
    assert len(oracle.outcomes) > 3000
    assert differences(outcomes(tables), oracle.outcomes, tables["transactions"]) == []


def test_no_sum_is_searched_over_its_rule_s_limit(tables: Tables, oracle: Reconciled) -> None:
    """And each that was not says so."""
    said = {
        (row["reconciliation"], row["transaction_id"])
        for row in tables["targets"]
        if not row["is_searched"]
    }
    assert said == oracle.not_searched
    assert len(said) > 2


STATES = {
    "books_processor": (
        *("0.1", "1.1", "2.1", "2.2", "2.3", "3.1", "4.1", "4.2", "rivals", "duplicate"),
        *("not_due", "no_counterpart", "failed", "taken_apart", "pending", "key_conflict"),
        *("unknown_event_type", "excluded_by_rule", "conflict_opposite", "other_currency"),
    ),
    "payout_bank": (
        *("1.1", "2.1", "3.1", "4.1", "4.2", "rivals", "duplicate", "not_due", "failed"),
        *("no_counterpart", "returned"),
    ),
    "sale_settlement": ("1.1", "rivals", "duplicate", "not_due", "failed", "key_conflict"),
    "own_transfers": ("2.1", "2.2", "3.1", "rivals", "duplicate", "no_counterpart"),
}


def test_the_worlds_reach_every_pass_step_and_reason(tables: Tables) -> None:
    """A control: what no world reaches, the comparison above does not test."""
    reached: Counter[tuple[str, str]] = Counter()
    random_rows = {
        t["transaction_id"] for t in tables["transactions"] if t["tenant_id"].startswith("random")
    }
    for (reconciliation, name), outcome in outcomes(tables).items():
        if name in random_rows:
            reached[reconciliation, outcome.reason or outcome.rule.split()[0]] += 1
            reached[reconciliation, outcome.state] += 1
            if "_of_random" in outcome.rule:
                reached["own rule", outcome.rule.split()[0]] += 1
    wanted = {(room, name) for room, names in STATES.items() for name in names}
    wanted |= {("books_processor", state) for state in (*MATCHED, "ambiguous", "expected")}
    wanted |= {("own rule", step) for step in ("1.1", "2.1", "2.2", "2.3", "3.1", "4.1", "4.2")}
    assert {place: reached[place] for place in wanted if reached[place] < 2} == {}


def test_a_planted_fault_is_seen(tables: Tables) -> None:
    """A control: two matches that swapped partners, and a lost open item, are differences."""
    model = outcomes(tables)
    other = dict(model)
    places = [place for place, outcome in model.items() if outcome.rule.startswith("1.1")][:2]
    other[places[0]], other[places[1]] = other[places[1]], other[places[0]]
    lost = next(place for place, outcome in model.items() if outcome.state == "missing")
    del model[lost]
    assert len(differences(model, other, tables["transactions"])) == 3


def told(tables: Tables) -> dict[tuple[str, str], set[str]]:
    """By tenant and native id: the partners' native ids (~ a proposal), or the reason."""
    rows = {t["transaction_id"]: t for t in tables["transactions"]}
    story: dict[tuple[str, str], set[str]] = {}
    for (_, name), outcome in outcomes(tables).items():
        row = rows[name]
        partners = sorted(rows[partner]["native_id"] for partner in outcome.partners)
        what = ("~" if outcome.state == "proposed" else "") + "+".join(partners)
        story.setdefault((row["tenant_id"], row["native_id"]), set()).add(what or outcome.reason)
    return story


@pytest.mark.parametrize("world", hard_cases(), ids=lambda world: world.tenant)
def test_hard_case(world: Any, tables: Tables) -> None:
    """What the case says by hand, whatever models and oracle agree on."""
    story = told(tables)
    found = {name: story.get((world.tenant, name), set()) for name in world.expected}
    assert found == {name: {what} for name, what in world.expected.items()}


def test_a_bank_line_of_no_processor_is_out_of_scope(tables: Tables) -> None:
    """Rent is not an open item of the payouts, whatever its text says."""
    story = told(tables)
    assert ("not_a_processors", "s/1") not in story
    assert story["not_a_processors", "t"] == {"no_counterpart"}

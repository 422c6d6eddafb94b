"""Evidence against a row-by-row model of it, on both engines: every candidate told, and why not.

Hard and random worlds in one build an engine. Of each open item the model looks at every row of the
other side; the mart must tell the same reasons for those it names, name all of them up to its
bound, and leave out only what is less alike. Controls: each kind of reason is reached, a changed
sentence is seen, and every dbt test of evidence finds the fault planted for it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from tests.python.conftest import make_settings, new_database
from tests.python.dbt.evidence_worlds import AS_OF, Tables, all_rooms, build, read, told
from tests.python.dbt.laws import found_by
from tests.python.dbt.oracle_evidence import apart, candidates, unlike

BOUND = 5
# Tests of a key, by the beginning of their long names.
KEY = "unique_together_match_evidence"
KEY_OF_MATCHES = "unique_together_int_matching__evidence_of_matches"
NEAR = "intermediate.int_matching__pass_3_fuzzy"
LISTED = "intermediate.int_matching__evidence_listed"
EXPLAINED = "intermediate.int_matching__explained"
# Of one sentence the kinds that the model tells, too.
KNOWN = re.compile(
    r"^(excluded: |type differs|direction differs|processor differs|currency differs|status "
    r"|its own status |amount differs by [^,]*|-?\d+ days apart)"
)


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The worlds on DuckDB."""
    settings = make_settings(tmp_path_factory.mktemp("evidence"))
    build(settings)
    return settings


@pytest.fixture(scope="module")
def tables(duckdb: Settings) -> Tables:
    """The marts and seeds."""
    return read(duckdb)


def wrong_reasons(tables: Tables) -> list[str]:
    """Candidates of which the mart says other reasons than the model."""
    found = []
    places = all_rooms(tables)
    matched = {(row["reconciliation"], row["transaction_id"]) for row in tables["match_members"]}
    for (reconciliation, name), rows in told(tables).items():
        for row in rows:
            room = places[reconciliation, row["tenant_id"]]
            items = {one["transaction_id"]: one for one in room.everyone()}
            (rule,) = (one for one in room.rules if one["rule_id"] == row["rule_id"])
            item, other = items[name], items[row["candidate_transaction_id"]]
            model = [*unlike(rule, item, other), *apart(room, rule, item, other)]
            sentences = row["why"].split("; ")
            said = [
                sentence if hit.group().endswith((" ", "differs")) else hit.group()
                for sentence in sentences
                if (hit := KNOWN.match(sentence))
            ]
            is_taken = (reconciliation, other["transaction_id"]) in matched
            says_taken = any(one.startswith("already matched with ") for one in sentences)
            if (said, says_taken) != (model, is_taken):
                found.append(
                    f"{row['tenant_id']} {item['native_id']} {other['native_id']}:"
                    f" {row['why']!r}, model {model}, taken {is_taken}"
                )
    return found


def test_every_reason_is_the_one_the_model_gives(tables: Tables) -> None:
    """Excluded, kind, direction, processor, currency, status, amount, days, taken: all of them."""
    assert wrong_reasons(tables) == []


def test_no_candidate_is_left_out_but_for_a_better_one(tables: Tables) -> None:
    """All that shares a key or the amount is named, or the bound is full of what is as alike."""
    matched = {(row["reconciliation"], row["transaction_id"]) for row in tables["match_members"]}
    places, listed, compared = all_rooms(tables), told(tables), 0
    for room in places.values():
        taken = {name for reconciliation, name in matched if reconciliation == room.name}
        items = {row["transaction_id"]: row for row in room.everyone()}
        rules = {rule["rule_id"]: rule for rule in room.rules}
        for name, item in items.items():
            rows = listed.get((room.name, name))
            if rows is None:
                continue
            named = {row["candidate_transaction_id"] for row in rows}
            worst = max(
                (
                    len(unlike(rules[row["rule_id"]], item, items[row["candidate_transaction_id"]]))
                    for row in rows
                    if not row["is_rival"]
                ),
                default=0,
            )
            for other, rule in candidates(room, item, taken):
                compared += 1
                if other["transaction_id"] not in named:
                    assert len(rows) == BOUND, (room.tenant, item["native_id"], other["native_id"])
                    assert worst <= len(unlike(rule, item, other))
    assert compared > 500


def test_rivals_are_named_up_to_the_bound(tables: Tables) -> None:
    """An ambiguous item names as many of its rivals as fit."""
    rivals = Counter(
        (row["reconciliation"], row["transaction_id"])
        for row in tables["match_evidence"]
        if row["is_rival"]
    )
    wrong = [
        row["reason"]
        for row in tables["open_items"]
        if row["reason_code"] == "rivals"
        and rivals[row["reconciliation"], row["transaction_id"]] != min(BOUND, row["rivals"])
    ]
    assert wrong == []


def test_the_worlds_reach_every_kind_of_reason(tables: Tables) -> None:
    """A control: what no world reaches is not tested above."""
    reached = {row["failed_gate"] for row in tables["match_evidence"]}
    more = "score margin taken hand question group sum rivals"
    wanted = "excluded type direction processor currency status key second_key amount days likeness"
    assert {
        *wanted.split(),
        *more.split(),
    } <= reached
    assert {row["verdict"] for row in tables["match_evidence"]} == {
        *("matched", "proposed", "beaten", "candidate", "tried")
    }


def test_a_changed_sentence_is_seen(tables: Tables) -> None:
    """A control of the comparison."""
    row = next(row for row in tables["match_evidence"] if row["failed_gate"] == "amount")
    before, row["why"] = row["why"], row["why"].replace("by ", "by 1")
    found = wrong_reasons(tables)
    row["why"] = before
    assert len(found) == 1


def test_postgresql_tells_the_same(
    tables: Tables, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Row for row."""
    server = request.getfixturevalue("postgres_server")
    folder = tmp_path_factory.mktemp("evidence_postgres")
    settings = make_settings(folder, target="postgres", postgres=new_database(server))
    build(settings)
    rows = [
        sorted(str(sorted(row.items(), key=str)) for row in found["match_evidence"])
        for found in (tables, read(settings))
    ]
    assert rows[0] == rows[1]


FAULTS = (
    ("every_ambiguous_item_has_a_rival_in_evidence", f"delete from {LISTED} where is_rival"),
    ("every_ambiguous_item_has_a_rival_in_evidence", f"update {LISTED} set is_rival = false"),
    (
        "every_match_passed_its_gates_in_evidence",
        f"update {EXPLAINED} set right_amount_minor ="
        " right_amount_minor + 1 where match_id = (select min(match_id) from"
        f" {EXPLAINED} where pass = 2)",
    ),
    (
        "every_match_passed_its_gates_in_evidence",
        f"update {EXPLAINED} set right_date = date '2026-08-01' where pass = 3",
    ),
    (
        "every_match_passed_its_gates_in_evidence",
        "update intermediate.int_matching__pass_3_fuzzy set margin = 9",
    ),
    ("every_match_passed_its_gates_in_evidence", f"update {EXPLAINED} set confidence = 1"),
    ("every_match_passed_its_gates_in_evidence", "delete from marts.matches where pass = 1"),
    (KEY, f"insert into {LISTED} select * from {LISTED} where verdict = 'candidate'"),
    (KEY_OF_MATCHES, f"insert into {NEAR} select * from {NEAR}"),
    (
        "evidence_of_an_item_is_bounded",
        f"update {LISTED} set transaction_id = 'one' where verdict = 'candidate'",
    ),
    (
        "evidence_of_an_item_is_bounded",
        f"update {LISTED} set match_id = 'one' where verdict = 'beaten'",
    ),
)


@pytest.fixture(scope="module")
def laws(duckdb: Settings, tables: Tables) -> dict[str, Any]:
    """The compiled SQL of the dbt tests of evidence, all of which pass."""
    words = ["test", "--exclude-resource-type", "unit_test", "--indirect-selection", "eager"]
    words += ["--select", "match_evidence", "int_matching__evidence_of_matches"]
    ran = run_dbt(duckdb, words, {"as_of": f"{AS_OF}"})
    assert ran.succeeded, ran.output
    found = {result.name: result.compiled_code for result in ran.results}
    keys = {key: next(n for n in found if n.startswith(key)) for key in (KEY, KEY_OF_MATCHES)}
    return found | {key: found[name] for key, name in keys.items()}


@pytest.mark.parametrize(("law", "fault"), FAULTS)
def test_a_law_finds_its_fault(
    duckdb: Settings, laws: dict[str, Any], law: str, fault: str
) -> None:
    """Nothing before the damage, something after it."""
    assert found_by(laws[law], fault, duckdb)

"""Rules that must not be: each is refused by its own test; and a used version never changes.

The seeds are loaded once on DuckDB; each fault is planted in a transaction, and the SQL that dbt
ran for the test must return the rule. A version's history runs through dbt itself on both engines.
Run alone: pytest tests/python/dbt/test_rule_rows.py
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

import pytest

from dbt_project.project import DbtRun, run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.laws import found_by

NEVER_CHANGES = "a_rule_version_never_changes"
SEEDS = ["match_rules", "business_calendars", "reconciliations"]
ROOM = [*SEEDS, "reconciliation_scopes", "settlement_calendars", "holidays"]
NO_WINDOW = "days_before = null, days_after = null"

# The test that must speak, the rule it must name, and what is wrong with the rule.
FAULTS: tuple[tuple[str, str, str], ...] = (
    ("a_rule_has_criteria", "books_exact", "left_key = null, right_key = null"),
    ("a_rule_has_criteria", "books_reference", "left_key = null, right_key = null"),
    ("a_rule_has_criteria", "books_fuzzy", "amount_tolerance_minor = null"),
    ("a_rule_has_criteria", "books_fuzzy", "days_before = null"),
    ("a_rule_has_criteria", "books_fuzzy", "days_after = null"),
    ("a_rule_has_criteria", "books_group", "left_key = null, right_key = null"),
    ("a_rule_has_criteria", "books_group", "amount_tolerance_minor = null"),
    ("a_rule_has_criteria", "payouts_sum", "amount_tolerance_minor = null"),
    ("a_rule_has_criteria", "payouts_sum", NO_WINDOW),
    ("a_key_has_two_sides", "books_order", "right_key = null"),
    ("a_key_has_two_sides", "books_authorisation", "left_second_key = null"),
    (
        "a_key_has_two_sides",
        "payouts_fuzzy",
        "left_key = null, right_key = null, similarity_min = 80",
    ),
    ("the_numbers_of_a_rule_are_possible", "books_order", "amount_tolerance_minor = -1"),
    ("the_numbers_of_a_rule_are_possible", "books_order", "amount_tolerance_bps = 10000"),
    ("the_numbers_of_a_rule_are_possible", "books_order", "days_before = -1"),
    ("the_numbers_of_a_rule_are_possible", "books_order", "confirms_from = 101"),
    ("the_numbers_of_a_rule_are_possible", "books_order", "rule_version = 0"),
    ("a_fuzzy_rule_weighs_something", "books_fuzzy", "margin_min = 0"),
    ("a_fuzzy_rule_weighs_something", "books_fuzzy", "proposes_from = null"),
    ("a_fuzzy_rule_weighs_something", "books_fuzzy", "days_weight = -1"),
    (
        "a_fuzzy_rule_weighs_something",
        "books_fuzzy",
        "reference_weight = 0, amount_weight = 0, days_weight = 0, customer_weight = 0,"
        " merchant_weight = 0",
    ),
    ("a_sum_has_a_limit", "books_sum", "max_items = 26"),
    ("a_sum_has_a_limit", "books_sum", "max_items = null"),
    ("a_rule_is_of_a_step_that_exists", "books_order", "step = 4"),
    ("a_step_has_one_rule_for_each_party", "books_order", "step = 1"),
    ("a_step_has_one_rule_for_each_party", "books_order", "step = 1, rule_version = 2"),
    ("a_rule_has_each_version_once", "books_order", "rule_id = 'books_reference'"),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Mapping[str, str]]:
    """The seeds, loaded and tested; the SQL of each test by its name."""
    settings = make_settings(tmp_path_factory.mktemp("rules"))
    words = [
        "build",
        "--select",
        *ROOM,
        "snapshot_match_rules",
        "a_step_has_one_rule_for_each_party",
    ]
    ran = run_dbt(settings, [*words, "--indirect-selection", "cautious"])
    assert ran.succeeded, ran.output
    return settings, {node.name: node.compiled_code for node in ran.results}


@pytest.mark.parametrize(
    ("test", "rule", "change"), FAULTS, ids=[f"{f[0]}: {f[2]}" for f in FAULTS]
)
def test_a_rule_that_must_not_be_is_refused_by_name(
    loaded: tuple[Settings, Mapping[str, str]], test: str, rule: str, change: str
) -> None:
    """The test's SQL finds nothing before, and the rule after."""
    settings, compiled = loaded
    fault = f"update seeds.match_rules set {change} where rule_id = '{rule}'"
    found = found_by(compiled[test], fault, settings)
    named = {str(row.get(name)) for row in found for name in ("rule_id", "other_rule_id")}
    expected = re.search(r"rule_id = '(\w+)'", change)
    assert (expected.group(1) if expected else rule) in named


def test_without_criteria_dbt_itself_fails_by_the_tests_name(duckdb_settings: Settings) -> None:
    """Not only the SQL: the command that a deployment runs ends in an error."""
    words = ["--select", *SEEDS, "--indirect-selection", "cautious"]
    assert run_dbt(duckdb_settings, ["seed", *words[:-2]]).succeeded
    with open_warehouse(duckdb_settings) as warehouse:
        warehouse.execute(
            "update seeds.match_rules set left_key = null, right_key = null"
            " where rule_id = 'books_exact'"
        )
    ran = run_dbt(duckdb_settings, ["test", *words])
    assert not ran.succeeded
    assert {node.name for node in ran.failed()} == {"a_rule_has_criteria"}


def test_the_history_keeps_every_column_but_the_comment(
    loaded: tuple[Settings, Mapping[str, str]],
) -> None:
    """A column that a release adds to the seed is added to the macro too."""
    file = PROJECT_ROOT / "seeds" / "match_rules.csv"
    with file.open(encoding="utf-8", newline="") as text:
        columns = set(next(csv.reader(text)))
    with open_warehouse(loaded[0], read_only=True) as warehouse:
        kept = warehouse.rows("select distinct column_name from snapshots.snapshot_match_rules")
    assert {row["column_name"] for row in kept} == columns - {"rule_id", "rule_version", "comment"}


def remembered(settings: Settings) -> DbtRun:
    """What a build does after loading the seed: the history, and the test over it."""
    words = ["--select", "snapshot_match_rules", NEVER_CHANGES, "--indirect-selection", "cautious"]
    return run_dbt(settings, ["build", *words])


def change(settings: Settings, what: str) -> None:
    """Edits a rule of the loaded seed as if the file had been edited."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute(f"update seeds.match_rules set {what} where rule_id = 'books_reference'")


def test_a_version_that_was_used_never_changes(engine_settings: Settings) -> None:
    """A new version and a better comment are welcome; other words under an old number are not."""
    settings = engine_settings
    assert run_dbt(settings, ["seed", "--select", "match_rules"]).succeeded
    assert remembered(settings).succeeded

    change(settings, "days_after = 7, amount_tolerance_minor = null, comment = 'said better'")
    ran = remembered(settings)
    assert {node.name for node in ran.failed()} == {NEVER_CHANGES}
    with open_warehouse(settings, read_only=True) as warehouse:
        found = {tuple(row.values()) for row in warehouse.rows(ran.failed()[0].compiled_code)}
    assert found == {
        ("books_reference", 1, "days_after", "14", "7"),
        ("books_reference", 1, "amount_tolerance_minor", "0", ""),
    }

    change(settings, "rule_version = 2")
    assert remembered(settings).succeeded  # other words under a new number

    # Version 1 is back, and two runs ago it said something else than when it was first used.
    change(settings, "rule_version = 1, days_after = 14, amount_tolerance_minor = 0")
    assert remembered(settings).succeeded

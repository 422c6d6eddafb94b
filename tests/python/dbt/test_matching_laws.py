"""The laws of matching and of breaks can fail: a fault planted for each, and each sees its own.

The hard cases are built once on DuckDB, with the tests. Then every law's own compiled SQL runs
again inside a transaction in which a mart was damaged, and must find the damage.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from tests.python.conftest import make_settings
from tests.python.dbt.hard_cases import hard_cases
from tests.python.dbt.laws import found_by
from tests.python.dbt.worlds import land

ONE = "(select min(transaction_id) from marts.{0})"
OPEN, MEMBER = ONE.format("open_items"), ONE.format("match_members")
MATCH = "(select min(match_id) from marts.matches where pass = {0})"
OTHER_GROUP = "(select max(match_id) from marts.matches where pass = 4)"
GROUPED = f"""(select min(transaction_id) from marts.match_members
    where match_id = {MATCH.format(4)})"""
NEAR = "intermediate.int_matching__pass_3_fuzzy"

FAULTS: Mapping[str, tuple[str, ...]] = {
    "every_transaction_is_matched_or_open": (
        f"delete from marts.open_items where transaction_id = {OPEN}",
        f"delete from marts.match_members where transaction_id = {MEMBER}",
        "insert into marts.match_members (match_id, transaction_id, reconciliation, role)"
        f" select 'm', transaction_id, reconciliation, role from marts.open_items"
        f" where transaction_id = {OPEN}",
        f"insert into marts.match_members select * from marts.match_members"
        f" where transaction_id = {MEMBER}",
        f"insert into marts.match_members select * from marts.match_members"
        f" where transaction_id = {GROUPED}",
    ),
    "near_matches_are_stable": (
        f"delete from {NEAR}",
        f"update {NEAR} set confidence = 0",
        f"delete from {NEAR} where round_number > 1",
    ),
    "groups_hold_together": (
        "update marts.transactions set business_date = date '2026-12-31'"
        f" where transaction_id = {GROUPED}",
        "update marts.transactions set event_type = case side when 'bank' then 'transfer' else"
        f" 'chargeback' end where transaction_id = {GROUPED}",
        f"delete from marts.match_members where match_id = {MATCH.format(4)} and role = 'right'",
    ),
    "matches_stay_within_one_tenant_and_currency": (
        f"update marts.transactions set currency = 'XAU' where transaction_id = {MEMBER}",
        f"update marts.transactions set tenant_id = 'x' where transaction_id = {MEMBER}",
        f"update marts.transactions set currency = 'XAU' where transaction_id = {GROUPED}",
        f"update marts.transactions set tenant_id = 'x' where transaction_id = {GROUPED}",
    ),
    "matches_have_two_sides_that_differ_as_stated": (
        f"update marts.matches set difference_minor = 7 where match_id = {MATCH.format(1)}",
        f"delete from marts.match_members where role = 'right' and match_id = {MATCH.format(1)}",
        f"update marts.transactions set amount_minor = 5 where transaction_id = {MEMBER}",
        f"update marts.matches set difference_minor = 7 where match_id = {MATCH.format(4)}",
        f"update marts.transactions set amount_minor = 5 where transaction_id = {GROUPED}",
        f"update marts.match_members set match_id = {OTHER_GROUP} where transaction_id = {GROUPED}",
    ),
    "matches_keep_to_their_rule": (
        f"update marts.matches set days_apart = 15 where match_id = {MATCH.format(2)}",
        "update marts.matches set right_amount_minor = right_amount_minor + 1"
        f" where match_id = {MATCH.format(2)}",
        f"update marts.transactions set has_conflict = true where transaction_id = {MEMBER}",
    ),
    "transfers_are_between_two_accounts": (
        "update seeds.match_rules set pass = 4 where rule_id = 'transfers_fuzzy'",
        "update seeds.reconciliations set between_accounts = true;"
        " update marts.transactions set source_account = 'one'",
    ),
    "calendars_cover_every_side": ("delete from seeds.settlement_calendars where side = 'bank'",),
    "every_open_item_that_needs_somebody_has_its_break": (
        "delete from marts.discrepancies where kind = 'duplicate'",
        "delete from marts.discrepancies where kind = 'ambiguous'",
        "delete from marts.discrepancies where kind = 'missing_at_bank'",
        "delete from marts.discrepancies where kind = 'currency_differs'",
        "update marts.open_items set state = 'missing' where state = 'expected'",
    ),
    "every_difference_of_a_match_has_its_break": (
        "delete from marts.discrepancies where kind = 'amount_differs'",
        "update marts.discrepancies set difference_minor = 1 where kind = 'amount_differs'",
        "update marts.matches set difference_minor = 0",
    ),
    "every_contradiction_has_its_break": (
        "delete from marts.discrepancies where kind = 'key_conflict'",
        "delete from marts.discrepancies where kind = 'payout_does_not_tie'",
    ),
    "summary_counts_every_item": (
        "update marts.reconciliation_summary set total_count = total_count + 1",
        "update marts.reconciliation_summary set total_amount_minor = total_amount_minor + 1",
        f"delete from marts.open_items where transaction_id = {OPEN}",
    ),
    "never_null_matches": (
        "update marts.matches set tenant_id = null",
        f"update marts.matches set explanation = null where match_id = {MATCH.format(1)}",
    ),
    "is_key_matches_match_id": (
        f"insert into marts.matches select * from marts.matches where match_id = {OTHER_GROUP}",
        f"update marts.matches set match_id = null where match_id = {OTHER_GROUP}",
    ),
    "states_add_up_in_counts": (
        "update marts.reconciliation_summary set missing_count = missing_count + 1",
    ),
    "states_add_up_in_amounts": (
        "update marts.reconciliation_summary set expected_amount_minor = 1 - expected_amount_minor",
    ),
}
CASES = [(law, fault) for law, faults in FAULTS.items() for fault in faults]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, str]]:
    """The hard cases, built and tested; and every test's compiled SQL by its name."""
    settings = make_settings(tmp_path_factory.mktemp("laws"))
    land(settings, hard_cases())
    words = ["build", "--exclude-resource-type", "unit_test", "--select", "+reconciliation_summary"]
    ran = run_dbt(settings, words, {"as_of": "2026-11-01 04:00:00"})
    laws = {result.name: result for result in ran.results if result.name in FAULTS}
    assert {name: law.status for name, law in laws.items()} == dict.fromkeys(FAULTS, "pass")
    return settings, {name: law.compiled_code for name, law in laws.items()}


@pytest.mark.parametrize(("law", "fault"), CASES)
def test_a_law_finds_its_fault(
    built: tuple[Settings, dict[str, str]], law: str, fault: str
) -> None:
    """Nothing is found before the damage, something after it."""
    settings, compiled = built
    assert found_by(compiled[law], fault, settings)

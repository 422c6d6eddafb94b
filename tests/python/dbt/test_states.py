"""States that change: a proposal is confirmed or rejected, a late file closes and opens items.

One world, built twice. Between the builds people decide, the month is closed, and late files come;
the second build follows all of it, and tells what became of the closed figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from orchestration.build import BuildRequest, build_and_announce
from orchestration.closing import close_period, closed_periods, reopen_period
from orchestration.commands.look import _proposed as lines_of_status
from orchestration.decide import decide
from tests.python.conftest import make_settings
from tests.python.dbt.laws import found_by
from tests.python.dbt.state_world import CONTROLS, Row, count_rows, land_late, look, world
from tests.python.dbt.worlds import land

CHAINS, SUMMARY = "order_chains_tie_to_the_transactions", "summary_counts_every_item"
ONE = "(select min(transaction_id) from marts.order_chains)"
FAULTS = (
    (CHAINS, f"delete from marts.order_chains where transaction_id = {ONE}"),
    (CHAINS, "insert into marts.order_chains select * from marts.order_chains"),
    (CHAINS, f"update marts.order_chains set amount_minor = 1 where transaction_id = {ONE}"),
    (CHAINS, "update marts.order_chains set processor_net_minor = processor_net_minor * 2"),
    (SUMMARY, "update marts.match_members set status = 'proposed'"),
)
SECOND = datetime(2026, 11, 4, 5, 0)


@dataclass(frozen=True)
class Life:
    """What was there after each build."""

    settings: Settings
    said: list[str]
    before: Mapping[str, list[Row]]
    after: Mapping[str, list[Row]]
    laws: Mapping[str, str]


def match_of(seen: Mapping[str, list[Row]], native_id: str) -> str:
    return next(str(row["match_id"]) for row in seen["members"] if row["native_id"] == native_id)


def state_of(seen: Mapping[str, list[Row]], native_id: str) -> str:
    return next(str(row["state"]) for row in seen["states"] if row["native_id"] == native_id)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The first build, what people do, the second build."""
    folder = tmp_path_factory.mktemp("states")
    settings = make_settings(folder, tenant="w", now=datetime(2026, 11, 2, 5, 0))
    land(settings, [world()])
    count_rows(settings)
    first = build_and_announce(settings, BuildRequest())
    assert first.succeeded, first.findings
    before = look(settings)
    with open_warehouse(settings, read_only=True) as warehouse:
        said = lines_of_status(warehouse)
    decide(settings, "match", [match_of(before, "b_yes")], "ann", "one buyer")
    decide(settings, "unmatch", [match_of(before, "b_no")], "ann", "two buyers")
    decide(settings, "match", [match_of(before, "t10")], "ann", "one transfer")
    decide(settings, "unmatch", [match_of(before, "t20")], "ann", "another sender")
    with pytest.raises(ConfigurationError, match="nothing in it"):
        close_period(settings, "2026-09", "bob")
    assert close_period(settings, "2026-10", "bob")["closed_by"] == "bob"
    land_late(settings)
    later = settings.model_copy(update={"now": SECOND})
    second = build_and_announce(later, BuildRequest())
    assert second.succeeded, second.findings
    laws = {result.name: result.compiled_code for result in second.results}
    return Life(later, said, before, look(later), laws)


@pytest.mark.parametrize("when", ["before", "after"])
def test_controls_hold_with_proposals_open_and_decided(life: Life, when: str) -> None:
    seen = getattr(life, when)
    assert {row["control"] for row in seen["controls"]} == set(CONTROLS)
    assert [row for row in seen["controls"] if row["expected"] != row["found"]] == []


def test_a_proposal_is_neither_matched_nor_open(life: Life) -> None:
    seen = life.before
    proposed = ("b_yes", "p_yes", "b_no", "p_no", "t10", "t11", "s/1", "t20", "t21", "s/2")
    assert {name: state_of(seen, name) for name in proposed} == dict.fromkeys(proposed, "proposed")
    summary = seen["reconciliation_summary"]
    assert sum(row["proposed_count"] for row in summary) == len(proposed)
    books = [row for row in summary if row["source"] == "internal"]
    assert sum(row["proposed_amount"] for row in books) == Decimal(111)
    for row in summary:
        states = ("matched", "proposed", "expected", "missing", "ambiguous", "excluded")
        for unit in ("count", "amount_minor"):
            assert row[f"total_{unit}"] == sum(row[f"{state}_{unit}"] for state in states)
    told = [row for row in seen["discrepancies"] if row["kind"] == "proposed_match"]
    assert {row["match_id"] for row in told} == {
        row["match_id"] for row in seen["matches"] if row["status"] == "proposed"
    }
    assert len(told) == 4
    assert {row["severity"] for row in told} == {"low"}
    assert {row["match_id"] for row in seen["ledger"] if row["native_id"] == "b_yes"} == {None}
    payouts = {row["payout_id"]: row for row in seen["payouts"]}
    assert payouts["po_10"]["state"] == "proposed_at_bank"
    assert payouts["po_10"]["bank_transaction_id"] is None


def test_what_a_person_confirms_is_matched_and_what_he_rejects_is_open(life: Life) -> None:
    confirmed = ("b_yes", "p_yes", "t10", "t11", "s/1")
    rejected = ("b_no", "p_no", "t20", "t21", "s/2")
    assert {state_of(life.after, name) for name in confirmed} == {"matched"}
    assert {state_of(life.after, name) for name in rejected} == {"missing"}
    reasons = {row["reason_code"] for row in life.after["states"] if row["native_id"] in rejected}
    assert reasons == {"taken_apart"}
    for name in ("b_yes", "t10"):
        identity = match_of(life.after, name)
        assert identity == match_of(life.before, name)
        [match] = [row for row in life.after["matches"] if row["match_id"] == identity]
        assert (match["pass"], match["confidence"], match["difference_minor"]) == (0, 100, 0)
    ledger = {row["match_id"] for row in life.after["ledger"] if row["native_id"] == "b_yes"}
    assert ledger == {match_of(life.after, "b_yes")}
    assert not [row for row in life.after["discrepancies"] if row["kind"] == "proposed_match"]


def test_a_late_file_closes_what_was_missing_and_opens_what_it_contradicts(life: Life) -> None:
    assert (state_of(life.before, "b_late"), state_of(life.after, "b_late")) == (
        "missing",
        "matched",
    )
    assert state_of(life.before, "b_back") == "matched"
    assert state_of(life.after, "b_back") == "missing"
    assert state_of(life.after, "p_back") == "excluded"


def test_what_a_closed_month_becomes_later_is_told_figure_by_figure(life: Life) -> None:
    assert life.before["period_differences"] == []
    found = {
        (row["source"], str(row["business_date"]), row["figure"]): (row["was"], row["is_now"])
        for row in life.after["period_differences"]
        if row["reconciliation"] == "books_processor"
    }
    assert found["internal", "2026-10-30", "missing_count"] == (1, 0)
    assert found["internal", "2026-10-30", "matched_amount"] == (0, 20)
    assert found["generic", "2026-10-31", "total_amount"] == (0, 20)
    assert ("internal", "2026-10-30", "total_count") not in found
    for row in life.after["period_differences"]:
        assert row["difference"] == row["is_now"] - row["was"] != 0
        assert (row["period"], row["closed_by"]) == ("2026-10", "bob")


def test_a_period_closes_once_finished_and_opens_again(life: Life) -> None:
    with pytest.raises(ConfigurationError, match="closed already"):
        close_period(life.settings, "2026-10", "bob", is_forced=True)
    with pytest.raises(ConfigurationError, match="it ends on 2026-12-01"):
        close_period(life.settings, "2026-11", "bob")
    with pytest.raises(ConfigurationError, match="closed up to 2026-10; tieout reopen 2026-10"):
        close_period(life.settings, "2026-09", "bob", is_forced=True)
    with pytest.raises(ConfigurationError, match="a period is a month"):
        close_period(life.settings, "2026-13", "bob")
    assert close_period(life.settings, "2026-11", "bob", is_forced=True)["covers_from"] == "2026-11"
    with pytest.raises(ConfigurationError, match="closed up to 2026-11; tieout reopen 2026-11"):
        reopen_period(life.settings, "2026-10", "eve", "not the last")
    reopen_period(life.settings, "2026-11", "eve", "too early")
    with pytest.raises(ConfigurationError, match="is not closed"):
        reopen_period(life.settings, "2026-11", "eve", "again")
    with open_warehouse(life.settings, read_only=True) as warehouse:
        listed = closed_periods(warehouse, "w")
    assert [(row["period"], row["reopened_by"]) for row in listed] == [
        ("2026-10", None),
        ("2026-11", "eve"),
    ]
    assert listed[0]["differing"] == len(life.after["period_differences"])


def test_decisions_that_name_nothing_are_refused(life: Life) -> None:
    matched = match_of(life.after, "b_yes")
    for ids, why in (
        ([matched], "matched already"),
        (["mat_nothing"], "is no match"),
        (["b_no", "b_late"], "not the two sides"),
    ):
        with pytest.raises(ConfigurationError, match=why):
            decide(life.settings, "match", ids, "ann", "why")


def test_status_lists_both_sides_and_the_score(life: Life) -> None:
    assert len(life.said) == 4
    [line] = [line for line in life.said if "b_yes" in line]
    [match] = [row for row in life.before["matches"] if row["match_id"] in line]
    sides = "internal b_yes 50.00 EUR ↔ generic p_yes 50.00 EUR"
    assert line == f"{match['match_id']}  score {match['confidence']}  {sides}"
    [group] = [line for line in life.said if "t10" in line]
    assert group.endswith("stripe t10, stripe t11 100.00 EUR ↔ bank s/1 100.00 EUR")
    with open_warehouse(life.settings, read_only=True) as warehouse:
        assert lines_of_status(warehouse) == []


def test_one_reference_on_three_sides_makes_three_chains(life: Life) -> None:
    chains = [row for row in life.after["order_chains"] if row["reference"] == "R-1"]
    assert sorted(row["native_id"] for row in chains) == ["f1", "f2", "f3"]
    assert {row["processor_native_id"] for row in chains} == {"g1", "g2", "g3"}
    assert {row["stops_at"] for row in chains} == {"reached_bank"}
    assert sum(row["processor_amount"] for row in chains) == Decimal(30)
    assert sum(row["arrived"] for row in chains) == Decimal(30)
    ends = {row["native_id"]: row["stops_at"] for row in life.after["order_chains"]}
    assert ends["b_yes"] == "at_processor"
    assert ends["b_no"] == "only_in_books"
    before = {row["native_id"]: row["stops_at"] for row in life.before["order_chains"]}
    assert before["b_yes"] == "proposed"


@pytest.mark.parametrize(("law", "fault"), FAULTS)
def test_a_law_finds_its_fault(life: Life, law: str, fault: str) -> None:
    """Nothing before the damage, something after it."""
    assert found_by(life.laws[law], fault, life.settings)

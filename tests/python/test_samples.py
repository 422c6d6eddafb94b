"""The samples are what their generator writes, and the marts come to what the story says by hand.

The expected numbers (samples/expected.json) are worked out from the story in plain arithmetic; this
test builds the marts from the files on each engine and compares every row.
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT, Settings, load_settings
from dbt_project.warehouse import Warehouse, open_warehouse
from samples.make_samples import DELIVERED_TWICE, answers_text, files
from samples.story import books
from tests.python.conftest import make_settings
from tests.python.sample_month import STORY, build, land, sample_files
from tests.python.shared_month import shared_month

SAMPLES = PROJECT_ROOT / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))

QUERIES = {
    "transactions": "select source, event_type, currency, count(*) as count, sum(amount) as amount"
    " from marts.transactions group by source, event_type, currency",
    "matches": "select reconciliation, pass, currency, count(*) as matches,"
    " sum(left_amount) as left_amount, sum(right_amount) as right_amount,"
    " sum(difference) as difference from marts.matches group by reconciliation, pass, currency",
    "open_items": "select reconciliation, native_id, currency, amount, state, reason_code"
    " from marts.open_items",
    "discrepancies": "select kind, native_id, currency, amount_at_risk from marts.discrepancies",
    "payouts": "select payout_id, currency, amount, explained, unexplained, member_count, state"
    " from marts.payouts",
    "rewards.customers": "select customer_id, earned, spent, expired, balance, open_lots, unfunded"
    " from marts.reward_current_balances",
    "rewards.allocations": "select earned_trans_id as earned, redeemed_trans_id as redeemed,"
    " allocated from marts.reward_allocations",
    "ledger": "select account_code, currency, closing from marts.account_balances",
    "postings": "select entries.currency, coalesce(transactions.side, 'rewards') as told_by,"
    " entries.event_type, account_code, count(*) as lines, sum(debit) as debits,"
    " sum(credit) as credits from marts.ledger_entries as entries"
    " left join marts.transactions as transactions"
    " on entries.transaction_id = transactions.transaction_id"
    " group by entries.currency, transactions.side, entries.event_type, account_code",
}


def expected(name: str) -> list[dict[str, Any]]:
    """The rows of expected.json under a dotted name."""
    found: Any = EXPECTED
    for part in name.split("."):
        found = found[part]
    rows: list[dict[str, Any]] = found
    return rows


def comparable(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Rows in one order, numbers in one form: 12.50 is 12.5000 is 12.5."""
    return sorted(tuple(f"{name}={_one_form(row[name])}" for name in sorted(row)) for row in rows)


def _one_form(value: Any) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except ArithmeticError:
        return str(value)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample month on DuckDB, built once for all questions."""
    settings = make_settings(tmp_path_factory.mktemp("samples"), **STORY)
    shutil.copy(shared_month(tmp_path_factory), settings.warehouse)
    return settings


def _differences(warehouse: Warehouse) -> dict[str, list[tuple[str, ...]]]:
    found = {}
    for name, query in QUERIES.items():
        ours, theirs = comparable(warehouse.rows(query)), comparable(expected(name))
        if ours != theirs:
            found[name] = sorted(set(ours) ^ set(theirs))
    return found


def test_every_sample_file_is_what_the_generator_writes() -> None:
    written = {str(f.relative_to(SAMPLES / "inbox")): f for f in (SAMPLES / "inbox").rglob("*.*")}
    assert sorted(written) == sorted(files())
    for name, content in files().items():
        assert written[name].read_bytes() == content, f"{name}: run python -m samples.make_samples"
    assert (SAMPLES / "expected.json").read_text(encoding="utf-8") == answers_text()


def test_the_generator_writes_the_same_bytes_each_time() -> None:
    assert files() == files()


@pytest.mark.parametrize("name", QUERIES)
def test_the_marts_come_to_what_the_story_says(built: Settings, name: str) -> None:
    with open_warehouse(built, read_only=True) as warehouse:
        assert comparable(warehouse.rows(QUERIES[name])) == comparable(expected(name))


def test_every_control_holds(built: Settings) -> None:
    with open_warehouse(built, read_only=True) as warehouse:
        rows = warehouse.rows("select * from marts.control_results")
    assert rows
    assert [row for row in rows if not row["passed"]] == []


def test_files_and_quarantine_are_as_told(built: Settings) -> None:
    with open_warehouse(built, read_only=True) as warehouse:
        rows = warehouse.rows("select state, count(*) as n from marts.files group by state")
        names = warehouse.rows("select name, state from marts.files where state != 'landed'")
        lines = warehouse.rows("select name, source_line, column_name from marts.quarantine")
    states = {row["state"]: row["n"] for row in rows}
    assert {state: states.get(state, 0) for state in EXPECTED["files"]} == EXPECTED["files"]
    assert {row["name"]: row["state"] for row in names} == {
        books.SUPERSEDED_FILE: "superseded",
        books.REJECTED_FILE: "rejected",
        DELIVERED_TWICE: "duplicate",
    }
    assert [tuple(row.values()) for row in lines] == [(books.PARTS["web_3"], 8, "amount")]
    assert len(lines) == EXPECTED["quarantined_lines"]


def test_a_moved_cent_is_seen(built: Settings) -> None:
    """The control of the comparison itself: it must not be blind."""
    with open_warehouse(built, read_only=True) as warehouse:
        rows = warehouse.rows(QUERIES["ledger"])
    rows[0]["closing"] += Decimal("0.01")
    assert comparable(rows) != comparable(expected("ledger"))


def test_postgres_says_the_same(postgres_settings: Settings) -> None:
    told = Settings(**STORY)
    story = {name: getattr(told, name) for name in STORY}
    settings = postgres_settings.model_copy(update=story)
    land(settings, sample_files())
    build(settings)
    with open_warehouse(settings, read_only=True) as warehouse:
        assert _differences(warehouse) == {}


def test_the_readme_tells_of_every_break_with_its_amount() -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for row in expected("discrepancies"):
        told = (f"`{row['native_id']}`", row["kind"], f"{row['currency']} {row['amount_at_risk']}")
        assert any(all(word in line for word in told) for line in text.splitlines()), told


def test_the_demo_deployment_is_the_one_the_tests_speak_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIEOUT_CONFIG", str(SAMPLES / "tieout.yml"))
    demo, told = load_settings(), Settings(**STORY)
    assert (demo.tenant, demo.clock(), demo.limits) == (told.tenant, told.clock(), told.limits)
    assert demo.sources == told.sources
    assert {door.source for door in demo.doors} == set(demo.sources)

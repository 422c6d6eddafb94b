"""The payouts room agrees with a row-by-row model of it, and its laws find their planted faults.

Random worlds take the place of the rooms before it; the room is built with its tests on both
engines. Run alone: pytest tests/python/dbt/test_payout_oracle.py
"""

from __future__ import annotations

from typing import Any

import pytest

from dbt_project.project import DbtRun, run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema
from tests.python.conftest import make_settings
from tests.python.dbt.laws import found_by
from tests.python.dbt.payout_oracle import bank, payouts, reserves, returned
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.random_payouts import PayoutWorld, world
from tests.python.dbt.statements import compare_statements, plant_stated

SEEDS = ["currencies", "payout_sources", "reporting_categories", "reserve_movements"]
ROOM = [
    *("members", "explained", "reporting_categories", "categories", "shares", "bank_pairs"),
    *("bank_lines", "returns", "proven", "stated", "reserve_movements"),
    *("statement_lines", "statement_balances"),
]
MARTS = ["payouts", "payout_categories", "payout_bank_lines", "reserve_balances"]
MARTS += ["balance_summaries", "payout_reconciliations"]
MODELS = [*(f"int_payouts__{name}" for name in ROOM), *MARTS]
# Laws that read rooms which are not here.
ELSEWHERE = [
    *("order_chains_tie_to_the_transactions", "every_contradiction_has_its_break"),
    "summaries_tie_to_the_ledger",
]
AS_OF = {"as_of": "2026-11-01 04:00:00"}


def build(settings: Settings, made: PayoutWorld) -> DbtRun:
    """The room over a world, with its tests."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    assert run_dbt(settings, ["seed", "--select", *SEEDS]).succeeded
    plant(settings, "transactions", made.transactions)
    plant(settings, "matches", made.matches)
    plant(settings, "match_members", made.members)
    plant(settings, "unposted_transactions", made.unposted)
    plant(settings, "account_balances", made.periods)
    plant(settings, "ledger_entries", booked_reserves(made))
    plant(settings, "open_items", [])
    plant(settings, "processor_balances", [])
    plant_stated(settings, made)
    words = ["build", "--exclude-resource-type", "unit_test", "seed", "--select", *MODELS]
    words += ["--exclude", *ELSEWHERE]
    return run_dbt(settings, words, AS_OF)


def booked_reserves(made: PayoutWorld) -> list[dict[str, Any]]:
    """The lines on the reserve account that the books would have."""
    left_out = {row["transaction_id"] for row in made.unposted}
    return [
        {
            "ledger_line_id": f"lin_{row['transaction_id']}",
            "transaction_id": row["transaction_id"],
            "tenant_id": row["tenant_id"],
            "account_code": "1130",
            "posting_period": row["business_date"].replace(day=1),
            "amount_minor": -row["amount_minor"],
        }
        for row in made.transactions
        if row["event_type"].startswith("reserve_") and row["transaction_id"] not in left_out
    ]


def table(settings: Settings, name: str) -> list[dict[str, Any]]:
    """A mart's rows."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(f"select * from marts.{name}")


def test_payouts_are_what_the_row_by_row_model_says(engine_settings: Settings) -> None:
    """Members, categories, shares, what arrived and the reserves, of 120 ids."""
    made = world(1 if engine_settings.target == "duckdb" else 2)
    ran = build(engine_settings, made)
    assert ran.succeeded, ran.output
    told, back = payouts(made), returned(made)
    rows = {row["transaction_id"]: row for row in table(engine_settings, "payouts")}
    assert rows.keys() == told.keys()
    for name, one in told.items():
        row = rows[name]
        found = (row["amount_minor"], row["explained_minor"], row["member_count"])
        assert found == (one.paid, one.explained, one.member_count), name
        assert row["unexplained_minor"] == one.paid - one.explained, name
        assert row["explained_bps"] == one.explained_bps(), name
        assert row["returned_on"] == back.get(name), name
        assert row["explained_by"] == explained_by(row["source"], one), name
    _compare_categories(engine_settings, told)
    _compare_lines(engine_settings, made, rows)
    months = {
        tuple(
            row[n] for n in ("tenant_id", "source", "source_account", "currency", "period")
        ): tuple(
            row[f"{n}_minor"] for n in ("opening", "withheld", "released", "applied", "closing")
        )
        for row in table(engine_settings, "reserve_balances")
    }
    assert months == reserves(made)
    compare_statements(engine_settings, made, told)


def explained_by(source: str, told: Any) -> str:
    """In one word; no balances are stated in these worlds."""
    if told.paid == told.explained:
        return "members"
    if told.member_count:
        return "members_in_part"
    return "not_stated" if source == "paypal" else "nothing"


def _compare_categories(settings: Settings, told: dict[str, Any]) -> None:
    expected = {
        (name, category): (*line, one.shares()[category], one.is_counted)
        for name, one in told.items()
        for category, line in one.lines.items()
    }
    names = ("member_count", "gross_minor", "fee_minor", "net_minor", "share_bps", "is_counted")
    assert expected == {
        (row["transaction_id"], row["reporting_category"]): tuple(row[n] for n in names)
        for row in table(settings, "payout_categories")
    }


def _compare_lines(settings: Settings, made: PayoutWorld, rows: dict[str, Any]) -> None:
    arrived, bridge = bank(made)
    assert bridge == {
        (row["payout_transaction_id"], row["bank_transaction_id"]): (
            row["paid_minor"],
            row["arrived_minor"],
            row["difference_minor"],
        )
        for row in table(settings, "payout_bank_lines")
    }
    status = {m["transaction_id"]: m["status"] for m in made.members}
    for name, row in rows.items():
        both = (row["arrived_minor"], row["proposed_minor"])
        amount = arrived.get(name, 0)
        assert both == ((amount, 0) if status.get(name) == "matched" else (0, amount)), name


def test_the_random_worlds_hold_what_is_hard() -> None:
    """Ids shared, counted once, negative, in part and over, too large for a share, in groups."""
    made = world(1)
    told = payouts(made)
    lines = [set(one.lines) for one in told.values()]
    assert any("paid_under_the_same_id" in names for names in lines)
    assert any("payout_fee" in names for names in lines)
    assert any(not one.is_counted for one in told.values())
    assert any(one.paid < 0 for one in told.values())
    bps = [one.explained_bps() for one in told.values()]
    assert None in bps
    assert any(b is not None and b > 10000 for b in bps)
    assert any(b is not None and 0 < b < 10000 for b in bps)
    assert returned(made)
    sizes = {(row["match_id"], row["role"]) for row in made.members}
    assert len(made.members) > len(sizes)


ONE = "(select min({0}) from marts.{1})"
FAULTS = {
    "categories_add_up_to_the_payout": (
        "update marts.payout_categories set net_minor = net_minor + 1",
        "update marts.payout_categories set share_bps = share_bps + 1",
        "delete from marts.payout_categories where member_count > 0",
        "update marts.payouts set unexplained_minor = unexplained_minor + 1",
        "update marts.payouts set explained_bps = explained_bps - 1",
    ),
    "movements_of_payouts_count_once": (
        "update marts.payout_categories set is_counted = true",
        "update marts.payout_categories set is_counted = false",
        "delete from marts.payout_categories where reporting_category = 'paid_under_the_same_id'"
        " and net_minor > 0",
        "update marts.payout_categories set member_count = member_count + 1 where is_counted",
    ),
    "payout_lines_double_nothing": (
        "update marts.payout_bank_lines set arrived_minor = arrived_minor + 1"
        f" where match_id = {ONE.format('match_id', 'matches')}",
        "update marts.payout_bank_lines set paid_minor = 5 where paid_minor = 0",
        "update marts.payout_bank_lines set difference_minor = 5",
        f"delete from marts.payout_bank_lines where match_id = {ONE.format('match_id', 'matches')}",
        "update marts.payouts set arrived_minor = arrived_minor + 1",
    ),
    "reserves_roll_forward": ("update marts.reserve_balances set closing_minor = 1",),
    "categories_are_net_of_their_fees": (
        "update marts.payout_categories set fee_minor = fee_minor + 1",
    ),
    "only_what_ties_is_explained_whole": (
        "update marts.payouts set explained_bps = 10000",
        "update marts.payouts set explained_bps = 9999 where unexplained_minor = 0",
    ),
    "summaries_close_with_what_moved": (
        "update marts.balance_summaries set net_minor = net_minor + 1 where section = 'activity'",
        "update marts.balance_summaries set net_minor = net_minor + 1 where section = 'closing'",
        "delete from marts.balance_summaries where section = 'payouts'",
    ),
    "items_add_up_to_the_deposit": (
        "delete from marts.payout_reconciliations where item_kind = 'unexplained'",
        "delete from marts.payout_reconciliations where item_kind = 'payout_fee'",
        "update marts.payout_reconciliations set net_minor = net_minor + 1",
    ),
    "what_arrived_names_its_line": ("update marts.payouts set bank_line_count = 0",),
}
CASES = [(law, fault) for law, faults in FAULTS.items() for fault in faults]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, str]]:
    """A world built with its tests; and every law's compiled SQL by its name."""
    settings = make_settings(tmp_path_factory.mktemp("payout_laws"))
    ran = build(settings, world(3))
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

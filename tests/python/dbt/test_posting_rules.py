"""A fault of a posting rule stops the build before anything is posted; it names the rule.

Each fault is a tenant's own rule or account; one build finds them all. Without them the same rows
post by each tenant's own rule. Run alone: pytest tests/python/dbt/test_posting_rules.py
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration.register import has_table
from tests.python.dbt.ledger_room import JOURNAL, document, furnish, words
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.random_books import Life
from tests.python.dbt.worlds import insert

AS_OF = {"as_of": "2026-11-01 04:00:00"}
DAY = date(2026, 10, 5)
Row = dict[str, Any]


def legs(tenant: str, name: str, *accounts: tuple[str, str, int]) -> list[Row]:
    """A tenant's own rule: account, type and factor of each leg."""
    return [
        {
            "tenant_id": tenant, "posting_rule_id": name, "party": "internal",
            "event_type": "charge", "valid_from": date(2026, 10, 1), "leg": leg,
            "account_code": account, "account_type": kind, "basis": "gross", "factor": factor,
            "memo": "Own",
        }
        for leg, (account, kind, factor) in enumerate(accounts, start=1)
    ]  # fmt: skip


DEBIT, CREDIT = ("1100", "asset", 1), ("4000", "revenue", -1)
FAULTY = [
    *legs("one_sided", "short", DEBIT),
    *legs("stranger", "abroad", DEBIT, ("4999", "revenue", -1)),
    *legs("mistyped", "mixed_up", DEBIT, ("5100", "revenue", -1)),
    *legs("foreign", "euro_only", DEBIT, ("4001", "revenue", -1)),
    *legs("odd", "through_suspense", DEBIT, ("2990", "expense", -1)),
    *(
        {**leg, "basis": basis}  # as a use of rewards is booked, which a sale is not
        for leg, basis in zip(
            legs(
                "like_a_use", "mixed_bases", DEBIT, ("2900", "liability", 1), ("4000", "revenue", 1)
            ),
            ("allocated", "unfunded", "gross"),
            strict=True,
        )
    ),
]
MISFIT = {"reason": "PROMO", "type": "spent", "event_type": "reward_earned"}
ACCOUNTS = [
    {"tenant_id": "foreign", "account_code": "4001", "account_name": "Sales in euro",
     "account_type": "revenue", "currency": "EUR"},
    {"tenant_id": "odd", "account_code": "2990", "account_name": "Odd",
     "account_type": "expense", "role": "suspense"},
]  # fmt: skip
SAID = {
    "posting rule short (tenant one_sided): its legs do not sum to zero whatever the amounts are",
    "posting rule short (tenant one_sided): transactions whose legs do not sum to zero: 1, the"
    " first one_sided_1",
    "posting rule mixed_bases (tenant like_a_use): its legs do not sum to zero whatever the amounts"
    " are",
    "posting rule mixed_bases (tenant like_a_use): transactions whose legs do not sum to zero: 1,"
    " the first like_a_use_1",
    "posting rule reward_earned (tenant *): reward_reasons has rows of type earned and of type"
    " spent post by it",
    "posting rule abroad (tenant stranger): account 4999 is not in the chart",
    "posting rule mixed_up (tenant mistyped): it takes account 5100 to be of type revenue, the"
    " chart says expense",
    "posting rule euro_only (tenant foreign): account 4001 takes only EUR, transaction"
    " foreign_1 is in USD",
    "posting rule through_suspense (tenant odd): account 2990 is of type expense, which its role"
    " suspense does not allow",
    "posting rule internal_charge (tenant ruleless): no rule for party internal, event type"
    " charge on 2026-09-30",
}
OWN = legs("sound", "own_sale", DEBIT, ("4001", "revenue", -1))
OWN_ACCOUNT = {**ACCOUNTS[0], "tenant_id": "sound"}
TENANTS = ("one_sided", "stranger", "mistyped", "foreign", "odd", "like_a_use", "sound", "other")
CLOSED = {
    "close_id": "c", "tenant_id": "other", "period": "2026-10", "closed_by": "Ada",
    "closed_at": datetime(2026, 11, 1, 4), "is_forced": False,
}  # fmt: skip
LOST = "tenant other: the journal has no line, yet 2026-10 is closed"


def sales() -> list[Row]:
    """One sale of each tenant."""
    rows: list[Row] = []
    for tenant in TENANTS:
        life = Life(tenant, luck=None, today=DAY)  # type: ignore[arg-type]
        life.add("internal", "charge", 1000, currency="USD" if tenant == "foreign" else "EUR")
        rows += life.rows.values()
    return rows


def test_a_faulty_rule_stops_the_build_by_its_name(duckdb_settings: Settings) -> None:
    """Each fault in the words of the build; nothing is posted. Mended, it posts."""
    settings = duckdb_settings
    furnish(settings, TENANTS)
    late = Life("ruleless", luck=None, today=date(2026, 9, 30))  # type: ignore[arg-type]
    late.add("internal", "charge", 5)
    plant(settings, "transactions", [*sales(), *late.rows.values()])
    with open_warehouse(settings) as warehouse:
        insert(warehouse, "ops.documents", [document("ruleless")])
        insert(warehouse, "seeds.posting_rules", [*FAULTY, *OWN])
        insert(warehouse, "seeds.reward_reasons", [MISFIT])
        insert(warehouse, "seeds.chart_of_accounts", [*ACCOUNTS, OWN_ACCOUNT])
        warehouse.execute(  # the common rule of sales begins too late for one tenant
            "update seeds.posting_rules set valid_from = '2026-10-01'"
            " where tenant_id = '*' and posting_rule_id = 'internal_charge'"
        )
    ran = run_dbt(settings, words("build"), AS_OF)
    assert not ran.succeeded
    [failed] = [node for node in ran.failed() if "says_nothing" in node.name]
    said = {line.strip() for line in failed.message.splitlines() if "posting rule" in line}
    assert said == SAID
    with open_warehouse(settings) as warehouse:
        assert not has_table(warehouse, "intermediate", JOURNAL), "nothing is posted"
        warehouse.execute("delete from seeds.posting_rules where tenant_id not in ('*', 'sound')")
        warehouse.execute(
            "update seeds.posting_rules set valid_from = '1900-01-01' where tenant_id = '*'"
        )
        warehouse.execute("delete from seeds.chart_of_accounts where tenant_id = 'odd'")
        warehouse.execute("delete from seeds.reward_reasons where reason = 'PROMO'")
    ran = run_dbt(settings, words("build"), AS_OF)
    assert ran.succeeded, ran.output
    own_rules_post(settings)
    lost_books_stop_the_build(settings)


def own_rules_post(settings: Settings) -> None:
    """By a tenant's own rule, where it has one."""
    with open_warehouse(settings) as warehouse:
        lines = warehouse.rows(
            "select tenant_id, posting_rule_id, account_name from marts.ledger_entries"
            " where leg = 2 and tenant_id in ('sound', 'other') order by tenant_id"
        )
    assert [tuple(line.values()) for line in lines] == [
        ("other", "internal_charge", "Sales"),
        ("sound", "own_sale", "Sales in euro"),
    ]


def lost_books_stop_the_build(settings: Settings) -> None:
    """A tenant with a closed month and no journal: it is not written anew, tests or no tests."""
    journal = f"intermediate.{JOURNAL}"
    with open_warehouse(settings) as warehouse:
        insert(warehouse, "ops.closed_periods", [CLOSED])
        warehouse.execute(f"drop table {journal}")
    ran = run_dbt(settings, words("build"), AS_OF)
    [failed] = [node for node in ran.failed() if "says_nothing" in node.name]
    assert LOST in failed.message
    assert run_dbt(settings, words("run"), AS_OF).succeeded  # which asks no test
    with open_warehouse(settings) as warehouse:
        assert warehouse.rows(f"select * from {journal}") == []

"""The names that people and tools outside rely on: marts, columns, settings, exit codes, files.

Add to them freely. To rename or drop one, change it here too and say so in CHANGELOG.md.
Run alone: pytest tests/python/test_contract.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer.main

from dbt_project.project import manifest, run_dbt
from dbt_project.settings import Settings
from ingestion.catalogue import catalogue
from orchestration.cli import app
from orchestration.outcome import Exit
from tests.python.conftest import make_settings
from tests.python.contract_of_books import BOOKS

Columns = dict[str, set[str]]

MARTS = {
    "transactions": """transaction_id side source source_account native_id event_type status
        amount_minor amount fee_minor fee net_minor net currency occurred_at business_date
        value_date reference processor_reference authorization_code payout_id merchant_id
        customer_id description _document_id _source_file _source_line""",
    "matches": """match_id reconciliation pass rule_id rule_version match_type confidence status
        currency left_amount_minor right_amount_minor difference_minor left_count right_count
        days_apart explanation""",
    "match_members": "match_id transaction_id side status",
    "match_evidence": """reconciliation verdict match_id transaction_id
        candidate_transaction_id place
        rule_id rule_version pass key_passed left_amount_minor right_amount_minor difference_minor
        tolerance_minor amount_passed days_apart days_before days_after days_passed score margin
        confidence is_rival failed_gate failed_count why""",
    "open_items": """transaction_id reconciliation side state expected_by age_days ageing_bucket
        reason""",
    "discrepancies": """discrepancy_id reconciliation kind severity source business_date match_id
        transaction_id reference currency expected_minor found_minor difference_minor
        amount_at_risk_minor first_seen_on age_days ageing_bucket what_to_do is_accepted
        accepted_by accepted_reason""",
    "reconciliation_summary": """reconciliation source business_date currency left_count
        right_count matched_count proposed_count proposed_amount expected_count missing_count
        ambiguous_count discrepant_count
        left_amount_minor right_amount_minor matched_amount_minor expected_amount_minor
        missing_amount_minor ambiguous_amount_minor discrepant_amount_minor discrepancy_rate
        severity risk_level compliance_status""",
    "chargebacks": """chargeback_id transaction_id sale_transaction_id stage outcome amount
        amount_minor currency fee fee_minor respond_by is_overdue net_effect net_effect_minor
        settlement_currency reason reason_category network merchant""",
    "chargeback_events": """chargeback_id transaction_id sequence stage from_stage fault
        amount_minor fee_minor currency occurred_at""",
    "chargeback_win_rates": """dimension value currency chargeback_count won_count lost_count
        win_rate lost_minor fee_minor net_effect_minor""",
    "chargeback_evidence": "evidence_id chargeback_id sha256 name added_by added_at",
    "discrepancy_history": """discrepancy_id kind currency amount_at_risk_minor valid_from
        valid_to state""",
    "ageing_roll_forward": """reconciliation kind source currency ageing_bucket period_from
        period_to period opening_count opening_minor new_minor reopened_minor revalued_minor
        aged_in_minor aged_out_minor cleared_minor written_off_minor closing_count closing_minor
        accepted_minor""",
    "ageing_roll_forward_months": """period reconciliation kind source currency ageing_bucket
        is_closed opening_minor closing_minor""",
    "repeated_transactions": "transaction_id repetition is_break because",
    "fee_audit": """transaction_id schedule_id currency charged_minor expected_minor
        difference_minor state calculation""",
    "fee_audit_months": """processor schedule_id month currency charged_minor expected_minor
        overcharged_minor undercharged_minor unpriced_minor""",
    "period_differences": "period reconciliation source business_date currency figure was is_now"
    " difference closed_by closed_at",
    "order_chains": """transaction_id currency amount_minor processor_transaction_id payout_id
        bank_transaction_id processor_amount_minor processor_net_minor arrived_minor stops_at""",
    "payouts": """payout_id source currency amount_minor explained_minor unexplained_minor
        explained_bps explained_by member_count bank_transaction_id bank_line_count arrived_minor
        state""",
    "payout_categories": """payout_id reporting_category currency member_count gross_minor fee_minor
        net_minor share_bps is_counted""",
    "payout_bank_lines": """match_id payout_transaction_id bank_transaction_id currency paid_minor
        arrived_minor difference_minor match_status""",
    "reserve_balances": """processor source_account currency period opening withheld released
        applied closing""",
    "processor_balances": """source source_account currency from_day to_day opening moved closing
        is_proven""",
    "reward_transactions": """trans_id customer_id type created_at expires_at order_id amount
        reason redeem_id redeem_id_one_to_one allocated open_amount unfunded_amount""",
    "reward_allocations": "earned_trans_id redeemed_trans_id customer_id allocated",
    "reward_balance_history": """customer_id earned spent expired balance total_earned total_spent
        total_expired""",
    "reward_current_balances": "customer_id earned spent expired balance",
    "tc_data_with_redemptions": """trans_id tctype createdat expiredat customerid orderid amount
        reason redeemid redeemid_one_to_one allocated open_amount unfunded_amount currency""",
    "customer_balance_history": """customerid trans_id tctype createdat earned spent expired
        reversed total_earned total_spent total_expired balance open_lots""",
    "customer_current_balances": """customerid customer_group earned spent expired balance
        open_lots""",
    "reward_customers": "customer_id customer_group company cost_center region group_rule_id",
    "reward_orders": """order_id customer_id customer_group gross_sales redeemed redeemed_share
        is_in_sales""",
    "reward_group_liabilities": "customer_group company cost_center region open_lots",
    "reward_reports": """cycle period_from period_to level member currency opening_minor
        earned_minor spent_minor expired_minor reversed_minor closing_minor is_over""",
    "reward_validations": "layer check_name severity checked_count failing_count passed",
    "reward_validation_failures": "layer check_name severity subject customer_id explanation",
    "reward_customer_months": """customer_id currency period earned spent expired reversed unfunded
        closing event_count rows_print""",
    "reward_roll_forward": """currency period opening earned spent expired reversed closing
        unfunded""",
    "reward_breakage": """program_id currency period measured_by expected_redemption_bps expired
        proportional proportional_to_date open_lots breakage""",
    "reward_deferrals": """program_id currency earned_in period sales product deferred granted
        expected_redemption revenue revenue_to_date liability expected_redemption_bps""",
    "reward_valuations": """program_id currency period open_lots not_carried liability change
        posted_on is_posted""",
    "reward_period_adjustments": """closed_period period customer_id currency figure was is_now
        difference closed_by closed_at""",
    "reward_closed_periods": """period from_period fingerprint fingerprint_now is_unchanged
        adjusted_count closed_by closed_at""",
    **BOOKS,
    "control_results": "control scope currency expected found difference passed ran_at",
    "files": """document_id source name sha256 rows landed quarantined state declared_rows
        found_rows declared_amount found_amount received_at""",
    "expected_files": """expectation_id source business_date due_at state is_complete
        document_id""",
    "file_gaps": "source sequence_scope first_missing last_missing missing_count",
    "quarantine": "document_id source_line column_name code message masked_value",
    "card_sales": """card_sale_id sale_key acquirer sale_id instalment instalments stage store_id
        product_id payment_method_id sale_date due_date settlement_date gross_minor commission_minor
        net_minor currency nsu authorization_code terminal payout_id times_reported""",
    "card_sale_settlements": """sale_key instalment state forecast_net_minor paid_net_minor
        difference_minor days_late""",
    "card_dates": "date_day year_number month_number is_weekend",
    "card_stores": "store_id acquirer establishment store_document",
    "card_products": "product_id acquirer product_code product product_name",
    "card_payment_methods": "payment_method_id product_id brand product payment_method",
    "card_files": "document_id acquirer file_type sequence_number period_start period_end state",
    "v_recent_reconciliations": "",
    "v_high_value_missing_transactions": "",
    "v_daily_reconciliation_metrics": "",
}

COMMANDS = {
    "init": "",
    "load": "--target",
    "release": "--target --by --reason",
    "reject": "--target --by --reason",
    "reland": "--target --by",
    "reprocess": "--target --by --source --dry-run",
    "run": "--target --date --source --as-of --full-refresh",
    "build": "--target --as-of --full-refresh --select",
    "status": "--target",
    "files": "--target --source --state",
    "match": "--target --by --reason --reconciliation",
    "unmatch": "--target --by --reason --reconciliation",
    "close": "--target --by --reason --force --period",
    "reopen": "--target --by --reason --period",
    "explain": "--target --json --method",
    "doctor": "",
    "report": "--target",
    "alerts": "",
    "rules": "",
    "chargeback": "",
    "export": "",
    "rewards": "",
    "webhooks": "--host --port --list",
}

HOUSE_REQUIRED = """transaction_id processor_name amount currency status merchant_id
    transaction_date reference_number fee"""
HOUSE_OPTIONAL = """event_type processor_transaction_id order_id authorization_code payout_id
    customer_id settlement_date description tenant_id source_account"""


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """The columns of every mart, from dbt's manifest of this checkout, parsed afresh."""
    settings = make_settings(tmp_path_factory.mktemp("contract"))
    assert run_dbt(settings, ["parse"]).succeeded
    nodes: list[dict[str, Any]] = list(manifest(settings)["nodes"].values())
    return {
        node["name"]: set(node["columns"])
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["schema"] == "marts"
    }


def test_every_mart_has_its_columns(marts: Columns) -> None:
    """At least the promised ones, and tenant_id on every row."""
    lost = [
        f"{mart}.{column}"
        for mart, columns in MARTS.items()
        for column in ["tenant_id", *columns.split()]
        if column not in marts.get(mart, set())
    ]
    assert not lost


def test_money_is_there_in_both_forms(marts: Columns) -> None:
    """Beside every amount in minor units stands the exact decimal."""
    lost = [
        f"{mart}.{column}"
        for mart, columns in marts.items()
        for column in sorted(columns)
        if column.endswith("_minor") and column.removesuffix("_minor") not in columns
    ]
    assert not lost


def test_commands_and_their_options() -> None:
    """Every word of the command line that a script may use."""
    group = typer.main.get_group(app)
    lost = []
    for name, options in COMMANDS.items():
        command = group.commands.get(name)
        known = {word for p in command.params for word in p.opts} if command else set()
        lost += [f"{name} {option}" for option in options.split() if option not in known]
        lost += [] if command else [name]
    assert not lost


def test_exit_codes() -> None:
    """What a script reads."""
    codes = {"GOOD": 0, "FAILED": 1, "USAGE": 2, "ATTENTION": 3}
    assert {code.name: code.value for code in Exit} == codes


def test_defaults_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where things are when nobody says, and the variables that say otherwise."""
    assert Settings().target == "duckdb"
    assert Settings().warehouse == Path("warehouse/tieout.duckdb")
    assert Settings().published == Path("warehouse/published.duckdb")
    monkeypatch.setenv("TIEOUT_TARGET", "postgres")
    monkeypatch.setenv("TIEOUT_WAREHOUSE", "elsewhere.duckdb")
    monkeypatch.setenv("TIEOUT_POSTGRES__HOST", "db1")
    settings = Settings()
    assert (settings.target, settings.warehouse) == ("postgres", Path("elsewhere.duckdb"))
    assert settings.postgres.host == "db1"


def test_house_files_keep_their_columns() -> None:
    """The file format for parties that have none of their own."""
    columns = {c.name: c for c in catalogue()["internal"].records["internal_transactions"].columns}
    required = {name for name, column in columns.items() if column.required}
    assert required == set(HOUSE_REQUIRED.split())
    assert set(columns) >= required | set(HOUSE_OPTIONAL.split())

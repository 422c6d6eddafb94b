"""The chargebacks room agrees with a step-by-step model of it, and its guards see planted faults.

Random disputes take the place of the rooms before it; the room is built with its tests on both
engines. Run alone: pytest tests/python/dbt/test_chargeback_oracle.py
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema
from tests.python.dbt.chargeback_oracle import Standing, standing
from tests.python.dbt.hard_chargebacks import EXPECTED, add_hard_cases
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.random_chargebacks import TENANT, ChargebackWorld, world

NOW = datetime(2026, 11, 1, 4)
AS_OF = {"as_of": f"{NOW}"}
SEEDS = [
    *("chargeback_stages", "chargeback_transitions", "chargeback_words", "chargeback_deadlines"),
    *("chargeback_networks", "chargeback_reasons", "currencies", "business_calendars", "holidays"),
    "currency_exceptions",
]
OTHERS = ["int_discrepancies__chargeback_illegal_transition", "int_discrepancies__double_loss"]
OTHERS += ["int_controls__chargebacks_tie"]
WHERE = "tenant_id text, source text, source_account text"
ORIGIN = "_received_at timestamp, _document_id text, _source_file text, _source_line bigint"
# What the room reads of the models before it, beside the keys and the origin.
READ = {
    "stg_stripe__balance_changes": "balance_transaction_id text, native_type text, charge_id text,"
    " dispute_reason text, card_brand text",
    "stg_stripe__api_disputes": "dispute_id text, charge_id text, balance_transaction_id text,"
    " second_balance_transaction_id text, merchant_reference text, native_status text, reason text,"
    " reason_code text, network text, has_evidence boolean, amount_minor bigint, currency text,"
    " created_at timestamp, told_at timestamp, due_at timestamp, due_on date",
    "stg_stripe__api_refunds": "balance_transaction_id text, charge_id text",
    "stg_adyen__settlement_details": "psp_reference text, modification_reference text,"
    " batch_number text, native_type text, payment_method text",
    "stg_adyen__notifications": "is_success boolean, native_event text, dispute_status text,"
    " psp_reference text, original_reference text, merchant_reference text, reason text,"
    " chargeback_reason_code text, payment_method text, amount_minor bigint, currency text,"
    " event_at timestamp, defense_period_ends_at text",
    "stg_adyen__payments_accounting": "native_type text, modification_reference text,"
    " psp_reference text, merchant_reference text, payment_method text, main_minor bigint,"
    " main_currency text, booked_at timestamp",
    "stg_square__disputes": "native_id text, native_status text, payment_id text, reference text,"
    " location_id text, description text, network text, amount_minor bigint, currency text,"
    " opened_at timestamp, occurred_at timestamp, told_at timestamp, due_at timestamp, due_on date",
    "stg_square__payout_entries": "native_id text, dispute_id text, payment_id text",
    "stg_square__refunds": "native_id text, payment_id text",
    "stg_paypal__transactions": "transaction_id text, native_type text, reference_id text,"
    " invoice_id text, custom_field text, amount_minor bigint, currency text,"
    " occurred_at timestamp, store_id text, description text, is_booked boolean",
    "stg_paypal__searched_transactions": "transaction_id text, native_type text,"
    " reference_id text, invoice_id text, custom_field text, amount_minor bigint, currency text,"
    " occurred_at timestamp, is_booked boolean",
    "stg_disputes__events": "processor text, dispute_id text, reference text, merchant_id text,"
    " native_event text, reason text, reason_code text, network text, disputed_minor bigint,"
    " currency text, told_at timestamp, respond_by date, is_answered boolean",
}


def columns(words: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in words.split(","))


def planted(settings: Settings, made: ChargebackWorld) -> None:
    """The tables of the rooms before, with what the world says."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    for name, words in READ.items():
        kinds = columns(f"{WHERE}, {words}, {ORIGIN}")
        plant(settings, name, made.tables.get(name, []), kinds)
    transactions = made.tables["transactions"]
    entries = [
        {"transaction_id": t["transaction_id"], "tenant_id": TENANT, "account_code": "1110"}
        | {"amount_minor": t["net_minor"], "currency": t["currency"]}
        for t in transactions
    ]
    plant(settings, "transactions", transactions)
    plant(settings, "ledger_entries", entries)
    # Another tenant keeps something else under the same code.
    accounts = [(TENANT, "1110", "balance"), ("other", "1110", "clearing")]
    keys = ("tenant_id", "account_code", "role")
    charted = [dict(zip(keys, row, strict=True)) for row in accounts]
    kinds = dict.fromkeys(keys, "text")
    plant(settings, "int_controls__cleared_accounts", charted, kinds)
    for empty in ("match_members", "unposted_transactions"):
        plant(settings, empty, [])
    kinds = columns(
        "kind text, reconciliation text, tenant_id text, match_id text, transaction_id text,"
        " counterpart_transaction_id text, source text, native_id text, processor text,"
        " reference text, business_date date, currency text, sold_minor bigint,"
        " returned_minor bigint, amount_at_risk_minor bigint, _document_id text,"
        " _source_file text, _source_line bigint"
    )
    plant(settings, "int_discrepancies__overreturned", [], kinds)


def build(settings: Settings) -> Any:
    room = ["path:models/intermediate/chargebacks", "path:models/marts/chargebacks", *OTHERS]
    words = ["build", "--exclude-resource-type", "unit_test", "snapshot", "--select", *room]
    return run_dbt(settings, [*words, *SEEDS, "--exclude", "test_type:data"], AS_OF)


def made(seed: int) -> ChargebackWorld:
    """Random disputes and those by hand."""
    return add_hard_cases(world(seed))


def table(settings: Settings, name: str) -> list[dict[str, Any]]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(f"select * from {name}")


def test_disputes_are_what_the_step_by_step_model_says(engine_settings: Settings) -> None:
    """Stages, faults, money and last days of disputes; each movement in one, once."""
    said = made(1 if engine_settings.target == "duckdb" else 2)
    planted(engine_settings, said)
    ran = build(engine_settings)
    assert ran.succeeded, ran.output
    told = {case.name: standing(case, NOW) for case in said.cases}
    rows = {
        row["native_id"].split(" ")[-1]: row for row in table(engine_settings, "marts.chargebacks")
    }
    names = {
        case.name: case.payment if case.source == "generic" else case.name for case in said.cases
    }
    assert rows.keys() == set(names.values())
    faults = faults_of(engine_settings)
    found = {name: found_of(rows[key], faults) for name, key in names.items()}
    assert found == told
    _money_counts_once(engine_settings, said)
    _rates_add_up(engine_settings, told)
    _faults_are_breaks(engine_settings, told)


Faults = dict[str, tuple[tuple[str | None, str], ...]]


def found_of(row: dict[str, Any], faults: Faults) -> Standing:
    """A row of the mart in the oracle's words."""
    assert row["net_effect_minor"] == row["moved_minor"] - row["fee_minor"]
    own = faults.get(row["chargeback_id"], ())
    words = (row["stage"], row["outcome"], own, row["moved_minor"], row["fee_minor"])
    ever = (row["was_charged_back"], row["was_contested"])
    return Standing(*words, *ever, row["respond_by"], row["is_overdue"])


def faults_of(settings: Settings) -> Faults:
    """The faults of every dispute, in order."""
    found: Faults = {}
    events = table(settings, "marts.chargeback_events")
    for row in sorted(events, key=lambda event: event["sequence"]):
        if row["fault"]:
            one = (row["transaction_id"], row["fault"])
            found[row["chargeback_id"]] = (*found.get(row["chargeback_id"], ()), one)
    return found


def _money_counts_once(settings: Settings, said: ChargebackWorld) -> None:
    events = [row for row in table(settings, "marts.chargeback_events") if row["transaction_id"]]
    moved = {
        t["transaction_id"]: t["net_minor"]
        for t in said.tables["transactions"]
        if t["event_type"] != "charge"
    }
    assert sorted((e["transaction_id"], e["net_minor"]) for e in events) == sorted(moved.items())
    rows = table(settings, "intermediate.int_controls__chargebacks_tie")
    assert all(row["expected"] == row["found"] for row in rows)
    assert sum(row["found"] for row in rows if row["measure"] == "rows") == len(moved)
    assert {row["currency"] for row in rows if row["measure"] == "amount"} == {"EUR", "USD"}


def _faults_are_breaks(settings: Settings, told: dict[str, Standing]) -> None:
    breaks = table(settings, "intermediate.int_discrepancies__chargeback_illegal_transition")
    assert len({row["native_id"] for row in breaks}) == sum(1 for t in told.values() if t.faults)
    assert all(row["explanation"] for row in breaks)


def _rates_add_up(settings: Settings, told: dict[str, Standing]) -> None:
    """What disputes cost is in the rates, also of those that were won in part."""
    counted = [one for one in told.values() if one.was_charged_back]
    rows = [r for r in table(settings, "marts.chargeback_win_rates") if r["dimension"] == "all"]
    lost = sum(-one.moved for one in counted if one.outcome != "open")
    assert sum(row["lost_minor"] for row in rows) == lost
    in_part = [one for one in counted if one.outcome == "won" and one.moved < 0]
    assert sum(row["partly_won_count"] for row in rows) == len(in_part) > 0


def test_the_step_by_step_model_says_what_anybody_reads_off_the_hard_ones() -> None:
    told = {case.name: standing(case, NOW) for case in made(1).cases}
    found = {
        name: (told[name].stage, told[name].moved, tuple(f for _, f in told[name].faults))
        for name in EXPECTED
    }
    assert found == EXPECTED


def test_the_random_disputes_hold_what_is_hard() -> None:
    told = [standing(case, NOW) for case in made(1).cases]
    faults = {fault for one in told for _, fault in one.faults}
    assert faults >= {
        *("illegal_transition", "money_taken_twice", "money_given_twice", "money_after_the_end"),
        "money_in_another_currency",
    }
    assert {"open", "won", "lost", "accepted", "expired"} <= {one.outcome for one in told}
    assert sum(1 for one in told if not one.faults) > 20
    assert any(one.respond_by for one in told)
    assert {one.is_overdue for one in told} == {one.was_contested for one in told} == {True, False}
    yesterday = NOW.date() - timedelta(days=1)
    assert any(one.respond_by == yesterday and not one.is_overdue for one in told)
    assert any(not one.was_charged_back for one in told)

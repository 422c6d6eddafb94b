"""The fee audit agrees with exact decimals on random price lists, on both engines.

Run alone: pytest tests/python/dbt/test_fee_oracle.py
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.fee_oracle import audited
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.random_fees import Fees, fees
from tests.python.dbt.worlds import insert

FEES = ("fee_rows", "fee_classes", "fee_scheduled", "fee_slices", "fee_expected")
MODELS = [*(f"int_discrepancies__{name}" for name in FEES), "fee_audit", "fee_audit_months"]
TRAITS = {
    "_document_id": "text",
    "_source_line": "bigint",
    "card_brand": "text",
    "card_product": "text",
    "card_funding": "text",
    "interchange_minor": "bigint",
    "scheme_fee_minor": "bigint",
}
OWN = ("card_brand", "card_product", "card_funding", "interchange_minor", "scheme_fee_minor")
SEEDS = ["currencies", "fee_schedules", "fee_schedule_tiers"]
AS_OF = {"as_of": "2026-12-01 04:00:00"}


def build(settings: Settings, world: Fees) -> dict[str, str]:
    """The world priced and audited; the state of each test by its name."""
    assert run_dbt(settings, ["seed", "--select", *SEEDS]).succeeded
    with open_warehouse(settings) as warehouse:
        for table, rows in (
            ("fee_schedules", world.schedules),
            ("fee_schedule_tiers", world.tiers),
        ):
            warehouse.execute(f"delete from seeds.{table}")
            insert(warehouse, f"seeds.{table}", rows)
    plain = [{k: v for k, v in row.items() if k not in OWN} for row in world.rows]
    plant(settings, "transactions", plain)
    traits = [{name: row[name] for name in TRAITS} for row in world.rows]
    plant(settings, "int_discrepancies__card_traits", traits, TRAITS)
    words = ["build", "--exclude-resource-type", "unit_test", "seed", "--select", *MODELS, *SEEDS]
    ran = run_dbt(settings, words, AS_OF)
    return {result.name: result.status for result in ran.results}


def test_every_fee_is_what_exact_decimals_say(engine_settings: Settings) -> None:
    """Schedule, expected fee, difference and state of each of 500 transactions a world."""
    worlds = [fees(seed) for seed in ((1, 2, 3) if engine_settings.target == "duckdb" else (3,))]
    for world in worlds:
        states = build(engine_settings, world)
        assert {s for s in states.values() if s not in {"success", "pass"}} == set(), states
        with open_warehouse(engine_settings, read_only=True) as warehouse:
            found = {
                row["transaction_id"]: row
                for row in warehouse.rows("select * from marts.fee_audit")
            }
        expected = audited(world.schedules, world.tiers, world.rows)
        assert found.keys() == expected.keys()
        schedules = {row["schedule_id"]: row for row in world.schedules}
        for row in world.rows:
            name = row["transaction_id"]
            told = expected[name]
            assert (found[name]["schedule_id"], found[name]["expected_minor"]) == (
                told or (None, None)
            ), name
            assert found[name]["state"] == state_of(row, told, schedules), name


def state_of(
    row: dict[str, Any], told: tuple[str, int | None] | None, schedules: dict[str, Any]
) -> str:
    """The verdict on a fee, by hand."""
    if told is None:
        return "no_schedule" if row["fee_minor"] else "nothing_charged"
    schedule, fee = schedules[told[0]], told[1]
    if fee is None:
        return "not_reported"
    if schedule["collected"] == "invoiced":
        return "invoiced"
    if abs(row["fee_minor"] - fee) <= schedule["tolerance_minor"]:
        return "agrees"
    return "overcharged" if row["fee_minor"] > fee else "undercharged"


def test_the_random_worlds_hold_what_is_hard() -> None:
    """Each way of pricing and each verdict is there, and several schedules fit one row."""
    world = fees(1)
    told = audited(world.schedules, world.tiers, world.rows)
    used = {pair[0] for pair in told.values() if pair}
    inside = [row for row in world.schedules if row["schedule_id"] in used]
    assert {row["tier_by"] for row in inside} == {"none", "marginal", "whole"}
    assert {row["rounding"] for row in inside} == {"half_up", "half_even", "down", "up"}
    assert {row["pricing"] for row in inside} == {"blended", "interchange_plus"}
    assert any(pair is None for pair in told.values())
    assert any(pair and pair[1] is None for pair in told.values())


LIKE = "select * from seeds.fee_schedules where schedule_id = 'kestrel_sale_eur'"
OVERLAP = "fee_schedules_do_not_overlap"
NUMBERS = "the_numbers_of_a_fee_schedule_are_possible"
TIERED = "a_tiered_fee_schedule_has_its_rates_in_tiers"
FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (OVERLAP, {"event_type": "charge"}),
    (OVERLAP, {"tier_by": "whole"}),
    (NUMBERS, {"rate_millionths": -1}),
    (NUMBERS, {"rounding_unit_minor": 0}),
    (NUMBERS, {"maximum_minor": 1, "minimum_minor": 2}),
    (NUMBERS, {"valid_to": date(2026, 12, 31)}),
    (TIERED, {"tier_by": "whole"}),
)


def test_a_price_list_that_cannot_be_is_refused(duckdb_settings: Settings) -> None:
    """A second price for the same days, tiers that are not there, numbers that cannot be."""
    ran = run_dbt(duckdb_settings, ["build", "--select", *SEEDS], AS_OF)
    assert ran.succeeded, ran.output
    laws = {result.name: result.compiled_code for result in ran.results}
    missed = []
    for law, change in FAULTS:
        with open_warehouse(duckdb_settings) as warehouse:
            assert warehouse.rows(laws[law]) == []
            warehouse.execute("begin transaction")
            [row] = warehouse.rows(LIKE)
            later = {"schedule_id": "again", "valid_from": date(2027, 1, 1), "event_type": "fee"}
            insert(warehouse, "seeds.fee_schedules", [{**row, **later, **change}])
            if not warehouse.rows(laws[law]):
                missed.append((law, change))
            warehouse.execute("rollback")
    assert missed == []

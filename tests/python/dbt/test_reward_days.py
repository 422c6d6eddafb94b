"""Days give what one run over everything gives: any split, correction, withdrawal, on both engines.

A deployment is built day by day; another one sees the same days and is built in full. Forty tenants
have splits of their own (reward_days). One day's run is interrupted; one run looks back to an
earlier day. Run alone: pytest tests/python/dbt/test_reward_days.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema
from tests.python.conftest import make_settings, new_database
from tests.python.dbt import reward_builds
from tests.python.dbt.reward_days import (
    DAYS,
    FORGOTTEN,
    SEALED,
    SEED,
    TENANTS,
    Change,
    happen,
    world,
)

MARTS = (*reward_builds.MARTS, "reward_roll_forward", "reward_customer_months", "reward_breakage")
NOW, EARLIER = "2026-12-01 00:00:00", "2026-11-02 12:00:00"
Tables = dict[str, list[tuple[Any, ...]]]


class Deployment:
    """A warehouse that lives through days."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with open_warehouse(settings) as warehouse:
            ensure_schema(warehouse)

    def live(self, day: int) -> None:
        """What arrives on that day."""
        with open_warehouse(self.settings) as warehouse:
            happen(warehouse, day)

    def build(self, *more: str, to: tuple[str, ...] = MARTS, as_of: str = NOW) -> None:
        """Seeds and models up to the marts, or up to others."""
        words = ["build", "--resource-type", "model", "--resource-type", "seed", *more]
        words += ["--select", *(f"+{model}" for model in to)]
        ran = run_dbt(self.settings, words, {"as_of": as_of})
        assert ran.succeeded, ran.output

    def execute(self, sql: str) -> None:
        """Somebody's hand in the warehouse."""
        with open_warehouse(self.settings) as warehouse:
            warehouse.execute(sql)

    def tables(self) -> Tables:
        """Every row of the marts and of the kept models, sorted."""
        with open_warehouse(self.settings, read_only=True) as warehouse:
            kept = warehouse.rows(
                "select model from ops.kept_models where model like 'int_rewards__%'"
            )
            names = [f"marts.{mart}" for mart in MARTS]
            names += [f"intermediate.{row['model']}" for row in kept]
            return {
                name: sorted(
                    (_row(row) for row in warehouse.rows(f"select * from {name}")), key=repr
                )
                for name in names
            }


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def lives(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Tables, Tables]:
    """The tables of a deployment that lived day by day, and of one built in full."""
    folder = tmp_path_factory.mktemp("days")
    daily, whole = (
        Deployment(_settings(request, folder / name, name)) for name in ("daily", "whole")
    )
    for day in range(1, DAYS + 1):
        whole.live(day)
        daily.live(day)
        if day == 1:
            daily.build()
        elif day == 2:  # the run ends in the middle, and nobody comes back for a day
            daily.build(to=("int_rewards__events",))
            daily.execute(
                f"delete from ops.touched_keys where tenant_id = '{FORGOTTEN}'"
                " and touched_column = 'customer_id'"
            )
        elif day == 3:  # what was taken in is not read again: it cannot be read any more
            daily.execute(_unreadable("'x' || amount"))
            daily.build()
            daily.execute(_unreadable("substring(amount from 2)"))
    daily.build(as_of=EARLIER)  # documents leave, and come again
    daily.build()
    whole.build()
    return daily.tables(), whole.tables()


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    """Everything but in which run it came."""
    return tuple(value for name, value in row.items() if name != "touched_in")


def _settings(request: pytest.FixtureRequest, folder: Path, name: str) -> Settings:
    if request.param == "duckdb":
        return make_settings(folder)
    server = request.getfixturevalue("postgres_server")
    return make_settings(folder, target="postgres", postgres=new_database(server, f"days_{name}"))


def _unreadable(amount: str) -> str:
    return (
        f"update raw.thrive_cash_transactions set amount = {amount}"
        f" where _document_id like '{SEALED}-history-%'"
    )


def test_days_give_what_one_run_gives(lives: tuple[Tables, Tables]) -> None:
    """Row by row, in every mart and every kept model, but for the tenant that was damaged."""
    daily, whole = (_without(tables, FORGOTTEN) for tables in lives)
    assert daily.keys() == whole.keys()
    different = {name for name in whole if daily[name] != whole[name]}
    assert not different
    assert len(whole["marts.reward_transactions"]) > TENANTS * 10


def test_a_touched_customer_that_is_forgotten_is_seen(lives: tuple[Tables, Tables]) -> None:
    """The control: without its word in ops.touched_keys a customer stays as it was."""
    rows = [
        [row for row in tables["marts.reward_transactions"] if FORGOTTEN in row] for tables in lives
    ]
    assert len(rows[0]) + 1 == len(rows[1])


def test_kept_models_are_made_of_kept_models_and_seeds(
    lives: tuple[Tables, Tables], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What else they read could change without touching anybody. The first one reads documents."""
    nodes = json.loads(_manifest(tmp_path_factory).read_text(encoding="utf-8"))["nodes"]

    def is_kept(key: str) -> bool:
        return bool(key in nodes and nodes[key]["config"]["materialized"] == "kept")

    def is_known(key: str) -> bool:
        above = nodes[key]["depends_on"].get("nodes", ()) if key in nodes else ()
        return (
            is_kept(key) or key.startswith("seed.") or (bool(above) and all(map(is_known, above)))
        )

    kept = {key: node for key, node in nodes.items() if is_kept(key)}
    wrong = {
        (node["name"], parent)
        for node in kept.values()
        for parent in node["depends_on"]["nodes"]
        if not is_known(parent)
    }
    first = {"model.tieout.int_rewards__documents", "model.tieout.stg_thrive_cash__events"}
    # Of its document's entry the workbook takes no more than touches the document's customers.
    workbook = ("int_rewards__result_failures", "model.tieout.tc_data_with_redemptions")
    assert wrong - {workbook} == {("int_rewards__rows", parent) for parent in first}
    assert not [node["name"] for node in kept.values() if "as_of()" in node["raw_code"]]
    assert len(kept) > len(MARTS)


def test_the_days_hold_what_can_happen(lives: tuple[Tables, Tables]) -> None:
    """Otherwise the proof is of less than it says."""
    whole = _without(lives[1], FORGOTTEN)
    words = {value for row in whole["intermediate.int_rewards__events"] for value in row}
    assert {"conflict", "unknown_type", "reversed", "expired", "spent"} <= words
    assert len(whole["intermediate.int_rewards__moves"]) > TENANTS
    days = {happening.day for happening in world(SEED) if isinstance(happening, Change)}
    assert days == set(range(2, DAYS + 1))


def _manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next(tmp_path_factory.getbasetemp().glob("days*/whole/target/manifest.json"))


def _without(tables: Tables, tenant: str) -> Tables:
    return {name: [row for row in rows if tenant not in row] for name, rows in tables.items()}

"""Worlds of which evidence is told, built on an engine, and what the mart tells of them.

In: Settings of an empty deployment. Out: the rows of the marts of matching and of the seeds; the
rooms of the row-by-row model; the candidates of each open item.
"""

from __future__ import annotations

from datetime import datetime

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.hard_cases import hard_cases
from tests.python.dbt.oracle import SEEDS, Room, Row, rooms
from tests.python.dbt.oracle_evidence import ASKED
from tests.python.dbt.oracle_rules import open_days
from tests.python.dbt.random_rules import OWN_TRANSFERS, SHARED_RULES
from tests.python.dbt.random_worlds import random_world
from tests.python.dbt.worlds import World, add_seed_rows, land

AS_OF = datetime(2026, 11, 1, 4, 0)
RANDOM_WORLDS = 160
MARTS = ("transactions", "matches", "match_members", "open_items", "match_evidence")
Tables = dict[str, list[Row]]


def build(settings: Settings) -> None:
    """Lands every world, adds its rules, builds the marts of matching."""
    shared = World("*")
    for like, changes in SHARED_RULES:
        shared.rule(like, **{"rule_id": like, **changes})
    worlds = [shared, *hard_cases(), *(random_world(n) for n in range(RANDOM_WORLDS))]
    land(settings, worlds[1:])
    assert run_dbt(settings, ["seed"], {"as_of": f"{AS_OF}"}).succeeded
    add_seed_rows(settings, worlds, {"bank_line_rules": [OWN_TRANSFERS]})
    words = ["build", "--exclude-resource-type", "test", "unit_test", "seed", "--select"]
    ran = run_dbt(settings, [*words, *(f"+{mart}" for mart in MARTS)], {"as_of": f"{AS_OF}"})
    assert ran.succeeded, ran.output


def read(settings: Settings) -> Tables:
    """Rows by table; every transaction knows its currency's places."""
    with open_warehouse(settings, read_only=True) as warehouse:
        found = {mart: warehouse.rows(f"select * from marts.{mart}") for mart in MARTS}
        found |= {seed: warehouse.rows(f"select * from seeds.{seed}") for seed in SEEDS}
        places = warehouse.rows("select currency, exponent from seeds.currencies")
    exponents = {row["currency"]: int(row["exponent"]) for row in places}
    for row in found["transactions"]:
        row["places"] = exponents[row["currency"]]
    return found


def all_rooms(tables: Tables) -> dict[tuple[str, str], Room]:
    """By reconciliation and tenant."""
    found = rooms(tables["transactions"], tables, open_days(tables), AS_OF)
    return {(room.name, room.tenant): room for room in found}


def told(tables: Tables) -> dict[tuple[str, str], list[Row]]:
    """The candidates of each open item, best first."""
    found: dict[tuple[str, str], list[Row]] = {
        (row["reconciliation"], row["transaction_id"]): []
        for row in tables["open_items"]
        if row["state"] in ASKED or row["reason_code"] == "duplicate"
    }
    for row in sorted(tables["match_evidence"], key=lambda row: row["place"] or 0):
        if row["verdict"] == "candidate":
            found[row["reconciliation"], row["transaction_id"]].append(row)
    return found

"""The house checks over dbt's manifest: names, layers, walls, keys, contracts, macros.

Each test collects the offenders, so a failure names them.
Run alone: pytest tests/python/test_house.py
"""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from dbt_project.project import manifest, run_dbt
from dbt_project.settings import PROJECT_ROOT
from tests.python.conftest import make_settings

Node = dict[str, Any]
ROOMS = {
    "transactions",
    "matching",
    "payouts",
    "rewards",
    "discrepancies",
    "ledger",
    "controls",
    "cards",
    "chargebacks",
    "fx",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """dbt's manifest of this checkout, parsed afresh."""
    settings = make_settings(tmp_path_factory.mktemp("house"))
    assert run_dbt(settings, ["parse"]).succeeded
    return manifest(settings)


def nodes(graph: Node, kind: str) -> list[Node]:
    """The project's own nodes of a kind, in a stable order."""
    found = [n for n in graph["nodes"].values() if n["resource_type"] == kind]
    return sorted(found, key=lambda node: str(node["unique_id"]))


def layer(node: Node) -> str:
    """staging, intermediate or marts."""
    return str(node["original_file_path"]).split("/")[1]


def test_names_say_layer_and_room(graph: Node) -> None:
    """stg_<source>__<things>, int_<room>__<what>, marts plain nouns in a room's folder."""
    wrong = []
    for node in nodes(graph, "model"):
        folder = node["original_file_path"].split("/")[2]
        expected = {
            "staging": rf"stg_{folder}__[a-z0-9_]+",
            "intermediate": rf"int_{folder}__[a-z0-9_]+",
            "marts": r"(?!stg_|int_)[a-z][a-z0-9_]*",
        }[layer(node)]
        if not re.fullmatch(expected, node["name"]) or (
            layer(node) != "staging" and folder not in ROOMS
        ):
            wrong.append(node["original_file_path"])
    assert not wrong


def test_walls_between_rooms(graph: Node) -> None:
    """Intermediate models are private to their room; staging reads its own source."""
    wrong = []
    for node in nodes(graph, "model"):
        room = node["original_file_path"].split("/")[2]
        if layer(node) == "intermediate" and (node["access"], node["group"]) != ("private", room):
            wrong.append(f"{node['name']} is not private to {room}")
        if layer(node) == "marts" and (node["access"], node["group"]) != ("public", room):
            wrong.append(f"{node['name']} is not a public mart of {room}")
        for parent_id in node["depends_on"]["nodes"]:
            parent = graph["nodes"].get(parent_id)
            if not parent or parent["resource_type"] != "model":
                continue
            parent_room = parent["original_file_path"].split("/")[2]
            if layer(node) == "staging" and parent_room not in {room, "documents"}:
                wrong.append(f"{node['name']} reads another source: {parent['name']}")
            if layer(parent) == "intermediate" and parent_room != room:
                wrong.append(f"{node['name']} reads the inside of {parent_room}: {parent['name']}")
    assert not wrong


def test_every_model_says_its_grain_and_has_a_tested_key(graph: Node) -> None:
    """A description that starts "One row per" and a unique test on the key."""
    keyed = set()
    for test in nodes(graph, "test"):
        if (test.get("test_metadata") or {}).get("name") in {"unique", "unique_together", "is_key"}:
            keyed.add(test["attached_node"])
    models = nodes(graph, "model")
    wrong = [m["name"] for m in models if not m["description"].strip().startswith("One row per")]
    unkeyed = [m["name"] for m in models if m["unique_id"] not in keyed]
    assert (wrong, unkeyed) == ([], [])


def test_marts_have_contracts_and_described_columns(graph: Node) -> None:
    """Every mart's contract is enforced, every column typed, tenant_id there."""
    wrong = []
    for node in nodes(graph, "model"):
        if layer(node) != "marts":
            continue
        if not node["config"]["contract"]["enforced"]:
            wrong.append(f"{node['name']}: no contract")
        wrong += [f"{node['name']}.{c}" for c, v in node["columns"].items() if not v["data_type"]]
        if "tenant_id" not in node["columns"]:
            wrong.append(f"{node['name']}: no tenant_id")
    assert not wrong


def test_dispatched_macros_have_a_body_for_each_engine(graph: Node) -> None:
    """A face, a duckdb and a postgres body, and a default that refuses."""
    names = {m["name"] for m in graph["macros"].values() if m["package_name"] == "tieout"}
    faces = {
        m["name"]
        for m in graph["macros"].values()
        if m["package_name"] == "tieout" and "adapter.dispatch" in m["macro_sql"]
    }
    wrong = [
        f"{b}__{f}"
        for f in faces
        for b in ("default", "duckdb", "postgres")
        if f"{b}__{f}" not in names
    ]
    bodies = [
        m
        for m in graph["macros"].values()
        if m["package_name"] == "tieout" and m["name"].startswith("default__")
    ]
    wrong += [
        m["name"]
        for m in bodies
        if m["name"].removeprefix("default__") in faces and "refuse_dialect" not in m["macro_sql"]
    ]
    assert not wrong


def test_seeds_explain_their_rows(graph: Node) -> None:
    """Every seed has a comment column and described columns."""
    wrong = []
    for node in nodes(graph, "seed"):
        with (PROJECT_ROOT / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        if "comment" not in header:
            wrong.append(f"{node['name']}: no comment column")
        wrong += [
            f"{node['name']}.{c} is not described" for c in header if c not in node["columns"]
        ]
    assert not wrong


def test_singular_tests_name_their_asset(graph: Node) -> None:
    """A test with several parents alerts nobody in Dagster unless it says whose check it is."""
    wrong = [
        t["name"]
        for t in nodes(graph, "test")
        if not t.get("attached_node")
        and len([p for p in t["depends_on"]["nodes"] if not p.startswith("macro")]) > 1
        and "ref" not in ((t["config"].get("meta") or {}).get("dagster") or {})
    ]
    assert not wrong


def test_unit_test_names_fit_postgres(graph: Node) -> None:
    """PostgreSQL cuts a name at 63 characters, and dbt names a table after a unit test."""
    names = [test["name"] for test in graph["unit_tests"].values()]
    assert [name for name in names if len(name) > 63] == []


def test_hooks_stay_inside_the_transaction(graph: Node) -> None:
    """A hook outside the transaction makes a PostgreSQL model non-atomic."""
    hooks = [
        (n["name"], h)
        for n in graph["nodes"].values()
        for k in ("pre-hook", "post-hook")
        for h in n["config"].get(k) or []
    ]
    assert not [name for name, hook in hooks if hook.get("transaction") is False]

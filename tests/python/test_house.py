"""The house checks: names, layers, walls, lengths and forbidden words, over dbt's manifest and the files.

Each test returns the offenders, so a failure names them. Run alone: pytest tests/python/test_house.py
"""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import manifest, run_dbt
from dbt_project.settings import PROJECT_ROOT
from tests.python.conftest import make_settings

Node = dict[str, Any]
ROOMS = {"transactions", "matching", "payouts", "rewards", "discrepancies", "ledger", "controls"}
# What behaves differently between the engines without saying so, or is not deterministic.
FORBIDDEN_SQL = {
    r"\btarget\.type\b": "dialects live in macros/dialect",
    r"(?<![:'])::(?!:)": "write cast(x as t)",
    r"\busing\s*\(": "join with `on`",
    r"\bqualify\b": "row_number() in a step",
    r"\bdistinct\s+on\b": "row_number() in a step",
    r"\b(now|random|gen_random_uuid|uuid)\s*\(": "the run's as_of, and nothing random",
    r"\bcurrent_(timestamp|date|time)\b": "the run's as_of",
    r"\b(float|double|real)\b": "money is exact",
    r"\bavg\s*\(": "an average of money is not exact",
    r"\b(any_value|max_by|arg_max|first_value|last_value)\s*\(": "row_number() in a step",
    r"\bcross\s+join\b": "an equi-join",
    r"\btry_cast\b": "landing judges, staging casts",
    r"\b(regexp_\w+|to_char|strftime|json_extract\w*)\s*\(": "a macro in macros/dialect",
    r"\brun_query\b": "no queries while compiling",
    r"\bif\s+var\s*\(": "no switches in models",
    r"\s/\s": "division differs between engines; use an exact macro",
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


def sql_without_comments(text: str) -> str:
    """SQL and Jinja without comments and quoted text."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"'[^']*'", "''", text)


def tracked(*patterns: str) -> list[Path]:
    """Files of the checkout that git knows or would take."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    paths = [PROJECT_ROOT / name for name in names.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


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
        if not re.fullmatch(expected, node["name"]) or (layer(node) != "staging" and folder not in ROOMS):
            wrong.append(node["original_file_path"])
    assert not wrong


def test_walls_between_rooms(graph: Node) -> None:
    """Intermediate models are private to their room; staging reads sources, seeds and the register only."""
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
        if (test.get("test_metadata") or {}).get("name") in {"unique", "unique_together"}:
            keyed.add(test["attached_node"])
    models = nodes(graph, "model")
    wrong = [m["name"] for m in models if not m["description"].strip().startswith("One row per")]
    unkeyed = [m["name"] for m in models if m["unique_id"] not in keyed]
    assert (wrong, unkeyed) == ([], [])


def test_marts_have_contracts_and_described_columns(graph: Node) -> None:
    """Every mart's contract is enforced, every column has a type, every mart speaks of its tenant."""
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


def test_models_use_nothing_that_engines_read_differently(graph: Node) -> None:
    """The list in FORBIDDEN_SQL, in models, snapshots and dbt tests."""
    wrong = []
    for path in tracked("models/*.sql", "snapshots/*.sql", "tests/dbt/*.sql"):
        text = sql_without_comments(path.read_text(encoding="utf-8")).lower()
        for pattern, instead in FORBIDDEN_SQL.items():
            wrong += [f"{path.name}: {hit.group().strip()!r}: {instead}" for hit in re.finditer(pattern, text)]
    assert not wrong


def test_forbidden_words_are_found_when_they_are_there() -> None:
    """The control of the test above: each pattern catches an example."""
    examples = (
        "a::int|using (id)|qualify x|distinct on (a)|now()|current_date|float|avg(x)|any_value(x)|cross join b|"
        "try_cast(a as int)|regexp_replace(a)|run_query(x)|if var('x')|target.type|a / b"
    )
    missed = [p for p in FORBIDDEN_SQL if not any(re.search(p, e) for e in examples.split("|"))]
    assert not missed


def test_windows_are_ordered(graph: Node) -> None:
    """row_number, lag, lead and rank say in which order."""
    wrong = []
    for path in tracked("models/*.sql"):
        text = re.sub(r"\s+", " ", sql_without_comments(path.read_text(encoding="utf-8")))
        named = dict(re.findall(r"\b(\w+) as \((partition by [^)]*|order by [^)]*)\)", text))
        calls = re.finditer(r"\b(row_number|rank|dense_rank|lag|lead)\([^)]*\) over (\w+|\((?:[^()]|\([^()]*\))*\))", text)
        for call in calls:
            window = named.get(call.group(2), call.group(2))
            if "order by" not in window:
                wrong.append(f"{path.name}: {call.group()[:80]}")
    assert not wrong


def test_dispatched_macros_have_a_body_for_each_engine(graph: Node) -> None:
    """A face, a duckdb and a postgres body, and a default that refuses."""
    names = {m["name"] for m in graph["macros"].values() if m["package_name"] == "tieout"}
    faces = {m["name"] for m in graph["macros"].values()
             if m["package_name"] == "tieout" and "adapter.dispatch" in m["macro_sql"]}
    wrong = [f"{b}__{f}" for f in faces for b in ("default", "duckdb", "postgres") if f"{b}__{f}" not in names]
    bodies = [m for m in graph["macros"].values() if m["package_name"] == "tieout" and m["name"].startswith("default__")]
    wrong += [m["name"] for m in bodies
              if m["name"].removeprefix("default__") in faces and "refuse_dialect" not in m["macro_sql"]]
    assert not wrong


def test_macros_say_what_they_are_for() -> None:
    """Every macro file opens with a comment."""
    wrong = [p.name for p in tracked("macros/*.sql") if not p.read_text(encoding="utf-8").lstrip().startswith("{#")]
    assert not wrong


def test_pages_are_short() -> None:
    """Models up to 100 lines, YAML and Python files up to 250, functions up to 40."""
    wrong = []
    limits = [("models/*.sql", 100), ("snapshots/*.sql", 100), ("models/*.yml", 250), ("seeds/*.yml", 250), ("*.py", 250)]
    for pattern, limit in limits:
        for path in tracked(pattern):
            length = len(path.read_text(encoding="utf-8").splitlines())
            if length > limit:
                wrong.append(f"{path.relative_to(PROJECT_ROOT)}: {length} lines")
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 40:
                wrong.append(f"{path.relative_to(PROJECT_ROOT)}:{node.lineno} {node.name}")
    assert not wrong


def test_one_yaml_a_folder() -> None:
    """_<folder>.yml describes; _<folder>_unit_tests.yml proves; nothing else."""
    wrong = []
    for path in tracked("models/*.yml"):
        folder = path.parent.name
        allowed = rf"_{folder}(_unit_tests(_\w+)?)?\.yml"
        if path.parent.name == "models":
            allowed = r"groups\.yml"
        if path.parent.name == "marts":
            allowed = r"_exposures\.yml"
        if not re.fullmatch(allowed, path.name):
            wrong.append(str(path.relative_to(PROJECT_ROOT)))
    assert not wrong


def test_seeds_explain_their_rows(graph: Node) -> None:
    """Every seed has a comment column and described columns."""
    wrong = []
    for node in nodes(graph, "seed"):
        with (PROJECT_ROOT / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        if "comment" not in header:
            wrong.append(f"{node['name']}: no comment column")
        wrong += [f"{node['name']}.{c} is not described" for c in header if c not in node["columns"]]
    assert not wrong


def test_singular_tests_name_their_asset(graph: Node) -> None:
    """A test with several parents alerts nobody in Dagster unless it says whose check it is."""
    wrong = [
        t["name"] for t in nodes(graph, "test")
        if not t.get("attached_node")
        and len([p for p in t["depends_on"]["nodes"] if not p.startswith("macro")]) > 1
        and "ref" not in ((t["config"].get("meta") or {}).get("dagster") or {})
    ]
    assert not wrong


def test_hooks_stay_inside_the_transaction(graph: Node) -> None:
    """A hook outside the transaction makes a PostgreSQL model non-atomic."""
    hooks = [(n["name"], h) for n in graph["nodes"].values()
             for k in ("pre-hook", "post-hook") for h in n["config"].get(k) or []]
    assert not [name for name, hook in hooks if hook.get("transaction") is False]


def test_nothing_committed_names_an_index_or_phones_home() -> None:
    """No package index address in a file, hashes on every pin, telemetry off."""
    wrong = []
    for path in tracked("*.lock", "*.in", "*.toml", "*.yml", "*.yaml", "run", "Makefile", "*.cfg"):
        if re.search(r"(files\.pythonhosted|pypi\.org|--index-url|--extra-index-url)", path.read_text(encoding="utf-8")):
            wrong.append(path.name)
    for lock in tracked("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        wrong += [f"{lock.name}: {pin}" for pin in re.findall(r"^(\S+==\S+)(?![^\n]*\\\n\s+--hash)", text, flags=re.M)]
    assert not wrong
    assert "send_anonymous_usage_stats: false" in (PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    dagster = (PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8")
    assert re.search(r"telemetry:\s*\n\s+enabled: false", dagster)
    assert re.search(r"nux:\s*\n\s+enabled: false", dagster)


def test_documents_point_at_things_that_exist() -> None:
    """Every relative link and every `path/with.ext` in the documents is there."""
    wrong = []
    for page in tracked("*.md"):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
            if not (page.parent / link).exists():
                wrong.append(f"{page.name}: {link}")
    assert not wrong

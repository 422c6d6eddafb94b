"""The house checks that need only the files: forbidden words, lengths, order, links, locks.

Each test collects the offenders, so a failure names them.
Run alone: pytest tests/python/test_house_files.py
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from dbt_project.settings import PROJECT_ROOT

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


def test_models_use_nothing_that_engines_read_differently() -> None:
    """The list in FORBIDDEN_SQL, in models, snapshots and dbt tests."""
    wrong = []
    for path in tracked("models/*.sql", "snapshots/*.sql", "tests/dbt/*.sql"):
        text = sql_without_comments(path.read_text(encoding="utf-8")).lower()
        for pattern, instead in FORBIDDEN_SQL.items():
            wrong += [
                f"{path.name}: {hit.group().strip()!r}: {instead}"
                for hit in re.finditer(pattern, text)
            ]
    assert not wrong


def test_forbidden_words_are_found_when_they_are_there() -> None:
    """The control of the test above: each pattern catches an example."""
    examples = (
        "a::int|using (id)|qualify x|distinct on (a)|now()|current_date|float|avg(x)|"
        "any_value(x)|cross join b|try_cast(a as int)|regexp_replace(a)|run_query(x)|"
        "if var('x')|target.type|a / b"
    )
    missed = [p for p in FORBIDDEN_SQL if not any(re.search(p, e) for e in examples.split("|"))]
    assert not missed


def test_windows_are_ordered() -> None:
    """row_number, lag, lead and rank say in which order."""
    wrong = []
    for path in tracked("models/*.sql"):
        text = re.sub(r"\s+", " ", sql_without_comments(path.read_text(encoding="utf-8")))
        named = dict(
            re.findall(r"\b(\w+) as \( ?((?:partition|order) by (?:[^()]|\([^()]*\))*)\)", text)
        )
        calls = re.finditer(
            r"\b(row_number|rank|dense_rank|lag|lead)\([^)]*\) over"
            r" (\w+|\((?:[^()]|\([^()]*\))*\))",
            text,
        )
        for call in calls:
            window = named.get(call.group(2), call.group(2))
            if "order by" not in window:
                wrong.append(f"{path.name}: {call.group()[:80]}")
    assert not wrong


def test_macros_say_what_they_are_for() -> None:
    """Every macro file opens with a comment."""
    wrong = [
        p.name
        for p in tracked("macros/*.sql")
        if not p.read_text(encoding="utf-8").lstrip().startswith("{#")
    ]
    assert not wrong


def test_pages_are_short() -> None:
    """Models up to 100 lines, YAML and Python files up to 250, functions up to 40."""
    wrong = []
    limits = [
        ("models/*.sql", 100),
        ("snapshots/*.sql", 100),
        ("models/*.yml", 250),
        ("seeds/*.yml", 250),
        ("*.py", 250),
    ]
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


def test_the_published_copy_names_every_mart() -> None:
    """The exposure that lineage ends at; what is published is every mart there is."""
    exposures = (PROJECT_ROOT / "models/marts/_exposures.yml").read_text(encoding="utf-8")
    told = re.findall(r"ref\('(\w+)'\)", exposures.split("- name: published_marts")[1])
    assert told == [path.stem for path in sorted(tracked("models/marts/*.sql"))]


def test_nothing_committed_names_an_index_or_phones_home() -> None:
    """No package index address in a file, hashes on every pin, telemetry off."""
    wrong = []
    for path in tracked("*.lock", "*.in", "*.toml", "*.yml", "*.yaml", "run", "Makefile", "*.cfg"):
        if re.search(
            r"(files\.pythonhosted|pypi\.org|--index-url|--extra-index-url)",
            path.read_text(encoding="utf-8"),
        ):
            wrong.append(path.name)
    for lock in tracked("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        wrong += [
            f"{lock.name}: {pin}"
            for pin in re.findall(r"^(\S+==\S+)(?![^\n]*\\\n\s+--hash)", text, flags=re.M)
        ]
    assert not wrong
    assert "send_anonymous_usage_stats: false" in (PROJECT_ROOT / "dbt_project.yml").read_text(
        encoding="utf-8"
    )
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

"""Severities stand in two seeds and nowhere else: what a kind weighs, and what amounts make of it.

Run alone: pytest tests/python/test_severities.py
"""

from __future__ import annotations

import csv
import re

from dbt_project.settings import BREAK_SEVERITIES, PROJECT_ROOT

LEVELS = {*BREAK_SEVERITIES, "none"}
TOLD = PROJECT_ROOT / "models/intermediate/discrepancies/int_discrepancies__told.sql"
# A kind of another name than its model: rewards have a conflict of their own.
OTHER_NAMES = {"reward_conflict": "key_conflict"}


def seed(name: str) -> list[dict[str, str]]:
    """A seed's rows."""
    with (PROJECT_ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_kind_has_a_model_a_severity_and_something_to_do() -> None:
    """The seed's kinds are those that are told, each with a known severity and a way out."""
    told = re.findall(r"'(\w+)'", TOLD.read_text(encoding="utf-8").split("-%}")[0])
    kinds = seed("discrepancy_kinds")
    assert {OTHER_NAMES.get(name, name) for name in told} == {row["kind"] for row in kinds}
    assert {row["severity"] for row in kinds} <= LEVELS
    assert all(row["what_to_do"] and row["name"] for row in kinds)


def test_a_level_has_one_rank_and_is_one_the_settings_know() -> None:
    """Rates, amounts and the limit of attention speak of the same levels in the same order."""
    ranks: dict[str, set[int]] = {}
    for row in seed("severities"):
        if row["scale"] in {"rate", "amount", "high_value"}:
            ranks.setdefault(row["level"], set()).add(int(row["level_rank"]))
    assert ranks.keys() == LEVELS
    assert all(len(found) == 1 for found in ranks.values())
    in_order = sorted(ranks, key=lambda level: min(ranks[level]))
    assert in_order == ["none", *BREAK_SEVERITIES]


def test_no_sql_names_a_severity() -> None:
    """A level in a model, a macro or a query would be a second place to change."""
    words = re.compile(r"'(?:" + "|".join(BREAK_SEVERITIES) + r")'")
    wrong = [
        f"{path.relative_to(PROJECT_ROOT)}: {line.strip()}"
        for folder in ("models", "macros", "tests/dbt", "delivery", "orchestration")
        for path in sorted((PROJECT_ROOT / folder).rglob("*"))
        if path.suffix in {".sql", ".py"}
        for line in path.read_text(encoding="utf-8").splitlines()
        if words.search(line)
    ]
    assert wrong == []

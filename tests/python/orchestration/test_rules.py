"""tieout rules: the list, and a diff of old and new rules that touches nothing.

A small deployment on each engine: four bookings and what a processor told of them. The new window
of the reference rule reaches further back and less far ahead.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration.rules import rows, scratch
from tests.python.conftest import new_database
from tests.python.dbt.worlds import World, land
from tests.python.orchestration.conftest import Tieout
from tests.python.orchestration.deployment import Deployment, deploy

RULE = "books_reference"


def world() -> World:
    """Kept: a day apart. Lost: ten days after. Gained: 18 days before. Moved: from one to other."""
    made = World("kestrel_wren")
    for name, amount in (
        ("kept", "10.00"),
        ("lost", "20.00"),
        ("gain", "30.00"),
        ("move", "40.00"),
    ):
        made.book(name, amount, reference_number=name, transaction_date="2026-10-20 09:00:00")
    for name, like, amount, day in (
        ("p_kept", "kept", "10.00", "2026-10-21"),
        ("p_lost", "lost", "20.00", "2026-10-30"),
        ("p_gain", "gain", "30.00", "2026-10-02"),
        ("p_after", "move", "40.00", "2026-10-30"),
        ("p_before", "move", "40.00", "2026-10-02"),
    ):
        made.told(name, amount, reference_number=like, transaction_date=f"{day} 09:00:00")
    return made


def new_rules(folder: Path, version: int = 2, **changes: str) -> Path:
    """The project's rules, with another row of the reference rule (or in its place)."""
    rules = list(rows.from_file(rows.PROJECT_FILE).rows)
    like = next(row for row in rules if row["rule_id"] == RULE)
    changed = {**like, "rule_version": str(version), **changes}
    kept = [row for row in rules if row is not like or version != 1]
    file = folder / "new_rules.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows.columns())
        writer.writeheader()
        writer.writerows([*kept, changed])
    return file


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Deployment, Settings]]:
    """A deployment whose matches were built with the project's rules."""
    choices: dict[str, Any] = {}
    if request.param == "postgres":
        database = new_database(request.getfixturevalue("postgres_server"))
        choices = {"target": "postgres", "postgres": database.model_dump(exclude_none=True)}
    deployment = deploy(tmp_path_factory.mktemp(request.param), **choices)
    with pytest.MonkeyPatch.context() as patch:
        settings = deployment.settings(patch)
        land(settings, [world()])
        ran = run_dbt(
            settings,
            [
                "build",
                "--exclude-resource-type",
                "test",
                "unit_test",
                "--select",
                "+matches",
                "+match_members",
            ],
            {"as_of": "2026-11-01 04:00:00"},
        )
        assert ran.succeeded, ran.output
        yield deployment, settings


def shape(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What stood opposite the booking before and after."""
    return [
        tuple(
            f"{side['left_ids']} {side['right_ids']} {side['left_amount']}" if side else ""
            for side in (change["before"], change["after"])
        )  # type: ignore[misc]
        for change in found
    ]


def contents(settings: Settings) -> list[Any]:
    """What the warehouse holds of matches and rules, and every table's name."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return [
            warehouse.rows("select * from marts.matches order by match_id"),
            warehouse.rows("select * from seeds.match_rules order by rule_id, rule_version"),
            warehouse.rows(
                "select table_schema, table_name from information_schema.tables"
                " where table_schema not in ('information_schema', 'pg_catalog') order by 1, 2"
            ),
        ]


def test_a_changed_window_loses_gains_and_moves(
    built: tuple[Deployment, Settings], tmp_path: Path, tieout: Tieout
) -> None:
    """One each, with amounts that tie; the warehouse is as it was, and nothing is left behind."""
    _, settings = built
    before = contents(settings)
    file = new_rules(tmp_path, days_before="20", days_after="5")
    answer = tieout("rules", "diff", "--new", str(file), "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["counts"] == {"gained": 1, "lost": 1, "moved": 1, "changed": 0}
    assert shape(found["lost"]) == [("['internal lost'] ['generic p_lost'] 20.00", "")]
    assert shape(found["gained"]) == [("", "['internal gain'] ['generic p_gain'] 30.00")]
    assert shape(found["moved"]) == [
        (
            "['internal move'] ['generic p_after'] 40.00",
            "['internal move'] ['generic p_before'] 40.00",
        )
    ]
    (totals,) = found["totals"]
    counts = {name: totals[name] for name in ("old", "lost", "gained", "new", "moved_from")}
    assert counts == {"old": 3, "lost": 1, "gained": 1, "new": 3, "moved_from": 1}
    amounts = {name: float(totals[f"{name}_amount"]) for name in ("old", "lost", "gained", "new")}
    assert amounts == {"old": 70, "lost": 20, "gained": 30, "new": 80}
    assert contents(settings) == before
    assert [path.name for path in (settings.state / "rules").iterdir()] == ["target"]


def test_a_period_speaks_of_its_own_matches(
    built: tuple[Deployment, Settings], tmp_path: Path, tieout: Tieout
) -> None:
    """30 October: what was lost, and what moved away from it; the totals still tie."""
    file = new_rules(tmp_path, days_before="20", days_after="5")
    period = ("--from", "2026-10-30", "--to", "2026-10-30")
    found = json.loads(tieout("rules", "diff", "--new", str(file), *period, "--json").out)
    assert found["counts"] == {"gained": 0, "lost": 1, "moved": 1, "changed": 0}
    (totals,) = found["totals"]
    assert (totals["old"], totals["new"]) == (2, 1)


def test_the_same_rules_change_nothing_and_an_edited_version_is_named(
    built: tuple[Deployment, Settings], tmp_path: Path, tieout: Tieout
) -> None:
    same = tieout("rules", "diff")
    assert same.code == 0, same.err
    assert "No match differs" in same.out
    listed = tieout("rules", "list")
    assert listed.code == 0, listed.err
    assert "reference (normalised); equal amounts" in listed.out
    edited = tieout("rules", "list", "--file", str(new_rules(tmp_path, 1, days_after="5")))
    assert edited.code == 3
    assert f"{RULE} version 1 was used and says something else now: days_after 14 → 5" in edited.err


def test_rules_without_criteria_are_refused_by_name(
    built: tuple[Deployment, Settings], tmp_path: Path, tieout: Tieout
) -> None:
    file = new_rules(tmp_path, left_key="", right_key="")
    answer = tieout("rules", "diff", "--new", str(file))
    assert answer.code == 1
    assert f"a_rule_has_criteria: {RULE}" in answer.err
    file.write_text("rule_id,rule_version\nx,1\n", encoding="utf-8")
    assert "is no rule file" in tieout("rules", "diff", "--new", str(file)).err
    assert tieout("rules", "diff", "--new", str(tmp_path / "none.csv")).code == 2
    assert tieout("rules", "diff", "--from", "2026-11-02", "--to", "2026-11-01").code == 2


def test_before_any_build_there_is_nothing_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tieout: Tieout
) -> None:
    deploy(tmp_path).settings(monkeypatch)
    answer = tieout("rules", "diff")
    assert (answer.code, "tieout build" in answer.err) == (1, True)
    assert tieout("rules", "list").code == 0


def test_what_comes_over_from_postgres_is_what_was_there(postgres_settings: Settings) -> None:
    """Nothing, empty, quotes, commas, lines, letters, large numbers, and a table without rows."""
    rows_there = [
        (None, "", 1, None, None, None),
        ("\\N", 'say "no", twice', -(2**62), "12345678901234567890.1234", "2026-10-31", True),
        ("two\nlines", "çÃ€", 0, "-0.0001", "0001-01-01", False),
    ]
    shape = "(a text, b text, n bigint, d decimal(28, 4), on_day date, is_so boolean)"
    with open_warehouse(postgres_settings) as warehouse:
        warehouse.execute("create schema marts")
        for table in ("full_one", "empty_one"):
            warehouse.execute(f"create table marts.{table} {shape}")
        for row in rows_there:
            warehouse.execute("insert into marts.full_one values ($1, $2, $3, $4, $5, $6)", row)
        expected = warehouse.rows("select * from marts.full_one")
    file = postgres_settings.state / "copy.duckdb"
    scratch.copy_from_postgres(
        postgres_settings, file, [("marts", "full_one"), ("marts", "empty_one")]
    )
    copied = postgres_settings.model_copy(update={"target": "duckdb", "warehouse": file})
    with open_warehouse(copied, read_only=True) as warehouse:
        assert warehouse.rows("select * from marts.full_one") == expected
        assert warehouse.rows("select * from marts.empty_one") == []

"""The fingerprint itself: equal on both engines and to Python, and moved by every small change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.fingerprint import Fingerprint, fingerprint, fingerprint_rows

Row = dict[str, Any]
ROWS: list[Row] = [
    {
        "name": name,
        "amount": amount,
        "minor": minor,
        "is_open": is_open,
        "seen_at": seen_at,
        "seen_on": seen_on,
    }
    for name, amount, minor, is_open, seen_at, seen_on in [
        ("plain", Decimal("1.50"), 150, True, datetime(2026, 10, 1, 9, 30), date(2026, 10, 1)),
        ("ümlaut € 漢字 🤝", Decimal("-0.0001"), -(10**15), False, None, None),
        ("", Decimal("0"), 0, None, datetime(2026, 10, 1, 9, 30, 0, 1), date(1999, 12, 31)),
        (None, None, None, None, None, None),
    ]
]
TABLE = """create table law.things (name text, amount decimal(28,4), minor bigint,
    is_open boolean, seen_at timestamp, seen_on date)"""


def build(warehouse: Warehouse, rows: list[Row]) -> Fingerprint:
    """The fingerprint of a fresh table with these rows."""
    warehouse.execute("create schema if not exists law")
    warehouse.execute("drop table if exists law.things")
    warehouse.execute(TABLE)
    for row in rows:
        warehouse.execute("insert into law.things values ($1, $2, $3, $4, $5, $6)", [*row.values()])
    return fingerprint(warehouse, "law.things")


def test_equals_python_and_ignores_order(engine_settings: Settings) -> None:
    with open_warehouse(engine_settings) as warehouse:
        assert build(warehouse, ROWS) == fingerprint_rows(ROWS)
        assert build(warehouse, ROWS[::-1]) == fingerprint_rows(ROWS)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "plaim"),
        ("amount", Decimal("1.5001")),
        ("minor", 151),
        ("is_open", None),
        ("seen_at", datetime(2026, 10, 1, 9, 30, 0, 1)),
        ("seen_on", date(2026, 10, 2)),
    ],
)
def test_one_changed_value_changes_it(duckdb_settings: Settings, column: str, value: Any) -> None:
    changed = [{**ROWS[0], column: value}, *ROWS[1:]]
    with open_warehouse(duckdb_settings) as warehouse:
        assert build(warehouse, changed) != fingerprint_rows(ROWS)


def test_a_doubled_row_and_two_swapped_values_change_it(engine_settings: Settings) -> None:
    swapped = [{**ROWS[0], "minor": ROWS[1]["minor"]}, {**ROWS[1], "minor": ROWS[0]["minor"]}]
    with open_warehouse(engine_settings) as warehouse:
        assert build(warehouse, [*ROWS, ROWS[0], ROWS[0]]) != build(warehouse, ROWS)
        assert build(warehouse, [*swapped, *ROWS[2:]]) != build(warehouse, ROWS)


def test_a_column_may_be_left_out(engine_settings: Settings) -> None:
    with open_warehouse(engine_settings) as warehouse:
        build(warehouse, ROWS)
        expected = [{k: v for k, v in row.items() if k != "seen_at"} for row in ROWS]
        assert fingerprint(warehouse, "law.things", ["seen_at"]) == fingerprint_rows(expected)


def test_floats_and_missing_relations_are_refused(engine_settings: Settings) -> None:
    with open_warehouse(engine_settings) as warehouse:
        warehouse.execute("create schema law")
        warehouse.execute("create table law.weights (grams double precision)")
        with pytest.raises(TypeError, match=r"grams.* is double"):
            fingerprint(warehouse, "law.weights")
        with pytest.raises(LookupError, match=r"law\.nothing"):
            fingerprint(warehouse, "law.nothing")

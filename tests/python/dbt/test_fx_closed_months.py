"""Books in one currency of a closed month stay, whatever rates and matches say later.

Random journals whose rates are corrected and whose matches are undone after months were closed;
the open months, and what every account comes to, are what fractions say of the newest rates.
Run alone: pytest tests/python/dbt/test_fx_closed_months.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.conftest import make_settings, new_database
from tests.python.dbt.fx_oracle import Books, books
from tests.python.dbt.ledger_room import Guard, Room, built_twice
from tests.python.dbt.random_fx import BOOKS, Journal, journal
from tests.python.dbt.test_fx_oracle import SEEN_ON, found, plant_world, planted
from tests.python.dbt.worlds import insert

Row = dict[str, Any]
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))
WRITTEN = "select count(*) as n from intermediate.int_fx__written"
KIND, PERIOD = 1, 3  # of a line of Books


def later(times: int) -> Journal:
    """The journal with other rates, rates that were missing, and matches that were undone."""
    world = journal(1)
    for row in world.rates:
        if times and row["rate_date"].day % 3 == 0:
            row["rate"] = str(Decimal(row["rate"]) * (100 + times) / 100)[:12]
    if times:
        friday = [row for row in world.rates if row["rate_date"] == date(2026, 9, 4)]
        world.rates += [{**row, "rate_date": date(2026, 9, 2)} for row in friday]
    matches = sorted({line["match_id"] for line in world.lines if line["match_id"]})
    undone = {match for number, match in enumerate(matches) if times and number % 7 == times}
    for line in world.lines:
        line["match_id"] = None if line["match_id"] in undone else line["match_id"]
    return world


def day(number: int, hour: int = 4) -> datetime:
    """A moment of November."""
    return datetime(2026, 11, number, hour)


def close(warehouse: Warehouse, month: str, at: datetime) -> None:
    """Every tenant closes its books."""
    for tenant in BOOKS:
        row = {"close_id": f"{tenant}_{month}", "tenant_id": tenant, "period": month}
        insert(
            warehouse,
            "ops.closed_periods",
            [{**row, "closed_by": "Ada", "closed_at": at, "is_forced": False}],
        )


def until(warehouse: Warehouse, month: date) -> list[Row]:
    """All of every line booked up to a month but for the match, which is as it is today."""
    rows = warehouse.rows(
        "select * from marts.functional_entries where posting_period <= $1"
        " order by functional_line_id",
        [month],
    )
    return [{name: row[name] for name in row if name != "settlement_id"} for row in rows]


def balances(lines: Mapping[tuple[Any, ...], int], month: date) -> Counter[tuple[str, str]]:
    """What every account of a tenant comes to by the end of a month."""
    total = Counter[tuple[str, str]]()
    for (tenant, _, _, period, account, amount, _), times in lines.items():
        if period <= month:
            total[tenant, account] += amount * times
    return Counter({key: amount for key, amount in total.items() if amount})


def agree(settings: Settings, expected: Books, closed: date, into: date) -> None:
    """Open months line by line; in all, from the first open month on, account by account."""
    told = found(settings).lines
    own = Counter({line: n for line, n in told.items() if line[KIND] != "adjustment"})
    for lines in (own, expected.lines):
        assert lines
    assert Counter({line: n for line, n in own.items() if line[PERIOD] > closed}) == Counter(
        {line: n for line, n in expected.lines.items() if line[PERIOD] > closed}
    )
    for month in (into, NOVEMBER, date(2026, 12, 1)):
        if month >= into:
            assert balances(told, month) == balances(expected.lines, month), month


def adjusted(rows: list[Row]) -> set[date]:
    """The months in which adjustments stand; each is dated the first of its month."""
    lines = [row for row in rows if row["line_kind"] == "adjustment"]
    assert all(row["posted_on"] == row["posting_period"] for row in lines)
    entries = Counter[str]()
    for row in rows:
        entries[row["functional_entry_id"]] += row["amount_minor"]
    assert not any(entries.values())
    return {row["posting_period"] for row in lines}


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def compiled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: Any
) -> Room:
    """The room's SQL on each engine."""
    more: dict[str, Any] = {}
    if request.param == "postgres":
        more = {"target": "postgres", "postgres": new_database(postgres_server)}
    settings = make_settings(tmp_path_factory.mktemp("room"), **more)
    return built_twice(settings, ["run", "--select", *planted(settings, later(0))])


def begun(room: Room, guard: Guard | None = None) -> Room:
    """The books anew: the first journal, seen once."""
    made = replace(room, guard=guard) if guard else room
    with open_warehouse(made.settings) as warehouse:
        warehouse.execute("delete from intermediate.int_fx__written")
        warehouse.execute("delete from ops.closed_periods")
    plant_world(made.settings, later(0))
    with open_warehouse(made.settings) as warehouse:
        made.build(warehouse, day(15))
    agree(made.settings, books(later(0), SEEN_ON), AUGUST, SEPTEMBER)
    return made


def seen(settings: Settings, made: Room, at: datetime, month: date) -> list[Row]:
    """Builds; the lines up to a month."""
    with open_warehouse(settings) as warehouse:
        made.build(warehouse, at)
        return until(warehouse, month)


def written(settings: Settings) -> int:
    """How many lines were ever written."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return int(warehouse.rows(WRITTEN)[0]["n"])


def test_a_closed_month_stays_and_the_open_one_takes_the_difference(compiled: Room) -> None:
    """Two closings, two corrections of rates; a second look; an earlier one; opened again."""
    made = begun(compiled)
    settings = made.settings
    with open_warehouse(settings) as warehouse:
        september = until(warehouse, SEPTEMBER)
        close(warehouse, "2026-09", day(15, 12))
    plant_world(settings, later(1))
    assert seen(settings, made, day(16), SEPTEMBER) == september
    agree(settings, books(later(1), SEEN_ON), SEPTEMBER, OCTOBER)
    with open_warehouse(settings) as warehouse:
        assert adjusted(until(warehouse, NOVEMBER)) == {OCTOBER}
        october = until(warehouse, OCTOBER)
        close(warehouse, "2026-10", day(16, 12))
    plant_world(settings, later(2))
    assert seen(settings, made, day(17), OCTOBER) == october
    agree(settings, books(later(2), SEEN_ON), OCTOBER, NOVEMBER)
    count = written(settings)
    everything = seen(settings, made, day(18), date(2026, 12, 1))
    assert adjusted(everything) == {OCTOBER, NOVEMBER}
    assert seen(settings, made, day(15), SEPTEMBER) != september, "as of then, by today's rates"
    assert seen(settings, made, day(16), SEPTEMBER) == september, "closed by then"
    assert written(settings) == count, "an earlier moment and a second look write nothing"
    _opened_again(settings, made, september)


def _opened_again(settings: Settings, made: Room, september: list[Row]) -> None:
    with open_warehouse(settings) as warehouse:
        warehouse.execute(
            "update ops.closed_periods set reopened_at = $1 where period = '2026-10'",
            [day(18, 12)],
        )
    assert seen(settings, made, day(19), SEPTEMBER) == september
    agree(settings, books(later(2), SEEN_ON), SEPTEMBER, OCTOBER)
    with open_warehouse(settings) as warehouse:
        assert adjusted(until(warehouse, date(2026, 12, 1))) == {OCTOBER}
        lines = "marts.ledger_entries"
        warehouse.execute(f"delete from {lines} where tenant_id = 't_eur'")
        kept = until(warehouse, date(2026, 12, 1))
    lost = seen(settings, made, day(20), date(2026, 12, 1))
    names = ("functional_line_id", "amount_minor", "recorded_at")
    assert [[row[n] for n in names] for row in lost] == [[row[n] for n in names] for row in kept]


def test_without_the_closings_it_changes(compiled: Room) -> None:
    """The control: nobody asks which months are closed."""

    def open_for_ever(name: str, sql: str) -> str:
        return f"select * from ({sql}) as months where 1 = 0" if "closed_months" in name else sql

    made = begun(compiled, open_for_ever)
    with open_warehouse(made.settings) as warehouse:
        september = until(warehouse, SEPTEMBER)
        close(warehouse, "2026-09", day(15, 12))
    plant_world(made.settings, later(1))
    assert seen(made.settings, made, day(16), SEPTEMBER) != september

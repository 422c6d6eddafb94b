"""History of breaks and ageing roll-forward, over looks of every kind, on both engines.

Breaks come, change, are accepted, taken back, go and come again over two months of looks: two on a
day, one of a moment seen before, one that looks back, and one with a full refresh. The roll-forward
is compared with ageing_oracle. Run alone: pytest tests/python/dbt/test_ageing.py
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema
from tests.python.dbt.ageing_oracle import FLOWS, Figures, Look, Seen, roll_forward
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.worlds import insert

OWN = ("looks", "log", "versions", "spans", "movements", "roll_forward", "roll_forward_periods")
MARTS = ("discrepancy_history", "ageing_roll_forward", "ageing_roll_forward_months")
MODELS = [*(f"int_discrepancies__{name}" for name in OWN), *MARTS]
FIRST = datetime(2026, 10, 20, 4)
DAYS = (0, 0.5, 5, 12.5, 13, 75)
CLOSED_WITH = FIRST + timedelta(days=12.5)
FIGURES = ("opening", *FLOWS, "closing", "accepted")


def looks() -> list[Look]:
    """Random breaks at each look; every change there is happens to some."""
    luck = Random(4)
    seen: dict[str, Seen] = {}
    found: list[Look] = []
    for number, day in enumerate(DAYS):
        for name in list(seen):
            seen[name] = _changed(luck, seen[name])
            if luck.random() < 0.12:
                del seen[name]
        for new in range(25):
            name = f"brk_{luck.randrange(160)}" if number else f"brk_{new}"
            seen.setdefault(name, _seen(luck, name))
        found.append((FIRST + timedelta(days=day), dict(seen)))
    return found


def _seen(luck: Random, name: str) -> Seen:
    line = (
        luck.choice(["t1", "t2"]),
        "books_processor" if int(name[4:]) % 3 else "(none)",
        "missing_internally" if int(name[4:]) % 2 else "duplicate",
        luck.choice(["stripe", "internal"]),
        luck.choice(["EUR", "JPY"]),
    )
    day = date(2026, 10, 20) - timedelta(days=luck.randrange(-3, 95))
    return Seen(line, day, luck.randrange(1, 10_000), luck.random() < 0.1)


def _changed(luck: Random, seen: Seen) -> Seen:
    amount = luck.randrange(1, 10_000) if luck.random() < 0.2 else seen.amount
    day = seen.business_date - timedelta(days=luck.choice([0] * 9 + [30]))
    accepted = not seen.is_accepted if luck.random() < 0.15 else seen.is_accepted
    return Seen(seen.line, day, amount, accepted)


def build(settings: Settings, look: Look, *words: str, tested: bool = False) -> dict[str, str]:
    """The breaks planted, and a build as of that moment; the SQL of each test by its name."""
    moment, breaks = look
    plant(settings, "discrepancies", [_row(name, seen, moment) for name, seen in breaks.items()])
    left_out = ["unit_test"] if tested else ["unit_test", "test"]
    asked = ["build", "--exclude-resource-type", *left_out, *words, "--select", *MODELS]
    ran = run_dbt(settings, asked, {"as_of": f"{moment:%Y-%m-%d %H:%M:%S}"})
    assert ran.succeeded, ran.output
    return {node.name: node.compiled_code for node in ran.results}


def _row(name: str, seen: Seen, moment: datetime) -> dict[str, Any]:
    tenant, reconciliation, kind, source, currency = seen.line
    age = max(0, (moment.date() - seen.business_date).days)
    buckets = ((1, "0-1"), (3, "2-3"), (7, "4-7"), (30, "8-30"), (60, "31-60"), (90, "61-90"))
    return {
        "discrepancy_id": name,
        "tenant_id": tenant,
        "reconciliation": None if reconciliation == "(none)" else reconciliation,
        "kind": kind,
        "severity": "low",
        "source": source,
        "native_id": name,
        "currency": currency,
        "amount_at_risk_minor": seen.amount,
        "business_date": seen.business_date,
        "ageing_bucket": next((b for last, b in buckets if age <= last), "90+"),
        "is_accepted": seen.is_accepted,
    }


def read(settings: Settings, table: str) -> list[dict[str, Any]]:
    """A mart's rows."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(f"select * from marts.{table}")


def line_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The line a row of the roll-forward speaks of."""
    names = ("tenant_id", "reconciliation", "kind", "source", "currency", "ageing_bucket")
    return tuple(str(row[name]) for name in names)


def same(row: Mapping[str, Any], figures: Figures) -> bool:
    """Whether a row has the oracle's figures; the count of a revaluation is no balance."""
    return all(
        (name == "revalued" or row[f"{name}_count"] == figures.counts.get(name, 0))
        and row[f"{name}_minor"] == figures.amounts.get(name, 0)
        for name in FIGURES
    )


def prepared(settings: Settings) -> None:
    """Seeds, and October closed with a look of November."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        closing = {
            "close_id": "c",
            "tenant_id": "t1",
            "period": "2026-10",
            "closed_by": "ann",
            "closed_at": FIRST,
            "is_forced": False,
            "built_as_of": CLOSED_WITH,
        }
        insert(warehouse, "ops.closed_periods", [closing])
    seeds = ["currencies", "ageing_buckets", "discrepancy_kinds"]
    assert run_dbt(settings, ["seed", "--select", *seeds]).succeeded


def test_the_roll_forward_is_what_the_looks_say(engine_settings: Settings) -> None:
    """Every figure of every line and look; months add up; nothing forgets what was seen."""
    settings, told = engine_settings, looks()
    prepared(settings)
    stale = {name: seen for name, seen in told[2][1].items() if int(name[4:]) % 2}
    laws: dict[str, str] = {}
    for number, look in enumerate(told):
        if number == 2:  # the same moment is built twice, and the second word counts
            build(settings, (look[0], {**stale, "brk_999": _seen(Random(1), "brk_999")}))
        if number == 5:  # a look back sees what was known then, and writes nothing
            build(settings, (told[2][0], stale))
            assert max(row["period_to"] for row in read(settings, MARTS[1])) == told[2][0]
        laws = build(
            settings, look, *(["--full-refresh"] if number == 4 else []), tested=number == 5
        )
    expected = roll_forward(told)
    found = {(line_of(row), row["period_to"]): row for row in read(settings, MARTS[1])}
    assert found.keys() == expected.keys()
    wrong = [key for key, row in found.items() if not same(row, expected[key])]
    assert wrong == []
    months_add_up(settings, told)
    history_follows(settings, told)
    laws_find_their_faults(settings, laws)


def months_add_up(settings: Settings, told: list[Look]) -> None:
    """Each month's figures are those of its looks; a closed month ends with its closing's look."""
    rows = read(settings, MARTS[1])
    for row in rows:
        is_octobers = row["period_to"] <= CLOSED_WITH and row["tenant_id"] == "t1"
        expected = "2026-10" if is_octobers else f"{row['period_to']:%Y-%m}"
        assert row["period"] == expected
    months = read(settings, MARTS[2])
    assert {(row["tenant_id"], row["period"]) for row in months if row["is_closed"]} == {
        ("t1", "2026-10")
    }
    assert len({row["period"] for row in months}) == 3
    # a line that moved in a month is told of it, also when it stands at nothing before and after
    told_months = {(line_of(row), row["period"]) for row in months}
    assert told_months == {(line_of(row), row["period"]) for row in rows}
    for month in months:
        parts = [
            row
            for row in rows
            if line_of(row) == line_of(month) and row["period"] == month["period"]
        ]
        for name in FLOWS:
            assert month[f"{name}_minor"] == sum(row[f"{name}_minor"] for row in parts)
        last = [row["closing_minor"] for row in parts if row["period_to"] == month["period_to"]]
        assert month["closing_minor"] == sum(last)


def history_follows(settings: Settings, told: list[Look]) -> None:
    """At every look, the version that was valid then is what was seen."""
    rows = read(settings, MARTS[0])
    for moment, breaks in told:
        then = {
            row["discrepancy_id"]: (row["amount_at_risk_minor"], row["state"])
            for row in rows
            if row["valid_from"] <= moment and (row["valid_to"] is None or moment < row["valid_to"])
        }
        open_then = {name: row for name, row in then.items() if row[1] != "cleared"}
        assert open_then == {
            name: (seen.amount, "accepted" if seen.is_accepted else "open")
            for name, seen in breaks.items()
        }


ROLLED, MONTHS = "marts.ageing_roll_forward", "marts.ageing_roll_forward_months"
CLOSES = "roll_forward_closes_with_what_is_open"
OPENS = "a_period_opens_with_what_the_one_before_closed_with"
FAULTS = (
    ("roll_forward_ties", f"update {ROLLED} set cleared_count = cleared_count + 1"),
    ("roll_forward_ties", f"update {ROLLED} set aged_in_minor = aged_in_minor + 1"),
    ("roll_forward_months_tie", f"update {MONTHS} set closing_minor = closing_minor + 1"),
    (OPENS, f"delete from {ROLLED} where period_to = (select min(period_to) from {ROLLED})"),
    (OPENS, f"delete from {MONTHS} where period = '2026-11'"),
    (CLOSES, "delete from marts.discrepancies where not is_accepted"),
    (CLOSES, "update marts.discrepancies set is_accepted = not is_accepted"),
    (CLOSES, "update marts.discrepancies set ageing_bucket = '0-1'"),
    (CLOSES, "update marts.discrepancies set amount_at_risk_minor = amount_at_risk_minor + 1"),
    (CLOSES, f"delete from {ROLLED} where currency = 'JPY'"),
)


def laws_find_their_faults(settings: Settings, laws: Mapping[str, str]) -> None:
    """Each law passes, and notices the damage it is for."""
    missed = []
    for law, fault in FAULTS:
        with open_warehouse(settings) as warehouse:
            assert warehouse.rows(laws[law]) == []
            warehouse.execute("begin")
            warehouse.execute(fault)
            if not warehouse.rows(laws[law]):
                missed.append((law, fault))
            warehouse.execute("rollback")
    assert missed == []

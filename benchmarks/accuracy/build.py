"""The world's files through the doors that any deployment has: landed, seeded, matched.

In: a World and an empty folder. Out: the matches as the marts have them, and what stands open.
"""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from benchmarks.accuracy.world import Row, World
from dbt_project.project import run_dbt
from dbt_project.settings import Settings, Source
from dbt_project.warehouse import open_warehouse
from orchestration import pipeline
from tests.python.conftest import make_settings

AS_OF = datetime(2027, 1, 15, tzinfo=UTC)
BANK = {
    "title": "A bank's own table",
    "target": "bank",
    "delimiter": ",",
    "encoding": "utf-8",
    "time_zone": "Europe/Amsterdam",
    "dates": ["YYYY-MM-DD"],
    "numbers": {"decimal": "."},
    "columns": {
        "account": {"value": "NL00CLEAR0001"},
        "booking_date": "booking_date",
        "amount": "amount",
        "currency": "currency",
        "counterparty_name": "counterparty_name",
        "remittance": "remittance",
        "end_to_end_id": "end_to_end_id",
        "servicer_reference": "servicer_reference",
    },
}
BANK_COLUMNS = ("remittance", "end_to_end_id")
MODELS = ("+matches", "+match_members", "+open_items")
# A processor of whom 5 cents or 1 % may be missing under one reference.
OWN_RULE = """
insert into seeds.match_rules
select * replace (
    'edgepay_reference' as rule_id, 'edgepay' as processor,
    5 as amount_tolerance_minor, 100 as amount_tolerance_bps
)
from seeds.match_rules where rule_id = 'books_reference'
"""
MATCHES = """
select matches.match_id, matches.pass, matches.rule_id, matches.status, matches.confidence,
    matches.explanation,
    list(t.source || ' ' || t.native_id order by t.source, t.native_id) as members
from marts.matches
inner join marts.match_members as members on matches.match_id = members.match_id
inner join marts.transactions as t on members.transaction_id = t.transaction_id
group by all
order by matches.match_id
"""
OPEN = "select source || ' ' || native_id as name, state, reason_code from marts.open_items"


@dataclass(frozen=True)
class Match:
    """One match: which rows it says are one event."""

    pass_number: int
    rule: str
    status: str
    members: frozenset[str]
    explanation: str = ""


@dataclass(frozen=True)
class Built:
    """What the marts say, and how long landing and models took."""

    matches: list[Match]
    open_items: dict[str, tuple[str, str]]
    landing: float
    models: float


def build(world: World, folder: Path) -> Built:
    """Lands the files and runs the models up to matches and open items."""
    settings = _settings(folder)
    started = time.perf_counter()
    for source, rows in (
        ("internal", world.books),
        ("generic", world.told),
        ("clearbank", world.bank),
    ):
        _land(settings, source, _written(folder / f"{source}.csv", rows))
    landed = time.perf_counter()
    _run(settings, ["seed"])
    with open_warehouse(settings) as warehouse:
        warehouse.execute(OWN_RULE)
    _run(settings, ["run", "--select", *MODELS])
    done = time.perf_counter()
    with open_warehouse(settings, read_only=True) as warehouse:
        matches = [
            Match(
                row["pass"],
                row["rule_id"],
                row["status"],
                frozenset(row["members"]),
                row["explanation"],
            )
            for row in warehouse.rows(MATCHES)
        ]
        open_items = {
            row["name"]: (row["state"], row["reason_code"]) for row in warehouse.rows(OPEN)
        }
    return Built(matches, open_items, landed - started, done - landed)


def _settings(folder: Path) -> Settings:
    manifest = folder / "clearbank.yml"
    manifest.write_text(yaml.safe_dump(BANK, sort_keys=False), encoding="utf-8")
    sources = {
        "internal": Source(time_zone="Europe/Amsterdam"),
        "generic": Source(time_zone="UTC"),
        "clearbank": Source(manifest=manifest),
    }
    return make_settings(folder, sources=sources, now=AS_OF)


def _written(file: Path, rows: list[Row]) -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if file.stem == "clearbank":
        columns = list(dict.fromkeys([*columns, *BANK_COLUMNS]))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def _land(settings: Settings, source: str, file: Path) -> None:
    for result in pipeline.land(settings, source, [file]):
        if result.state != "landed":
            raise SystemExit(f"{file.name}: {result.state}: {result.message}")


def _run(settings: Settings, words: list[str]) -> None:
    ran = run_dbt(settings, words, {"as_of": f"{AS_OF:%Y-%m-%d %H:%M:%S}"})
    if not ran.succeeded:
        raise SystemExit(ran.output)

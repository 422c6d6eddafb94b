"""However a bank tells the lines of an account, in days, pages, parts, formats or twice, they are
the same transactions.

Worlds of lines with many equals are written in every manner, each manner an account of its own,
landed on one deployment and built once. The control: two tellings without balances or references,
which nobody can tell apart, do lose a line.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.bank_files import (
    Line,
    Part,
    bai2_file,
    camt_file,
    cut,
    days,
    mt940_file,
    ofx_file,
)
from tests.python.ingestion.conftest import NOW

WORLDS = range(3)
INTRADAY = ("camt.052.001.08", "BkToCstmrAcctRpt", "Rpt")
OPENING = 50_000
Facts = Counter[tuple[str, int]]


def world(seed: int) -> list[Line]:
    """Lines of four days, most of them equal to another one; some have the bank's reference."""
    chance = random.Random(seed)
    lines = [
        Line(
            date(2026, 10, 5) + timedelta(chance.randint(0, 3)),
            chance.choice([500, 500, 500, -500, 120]),
            f"R{seed}-{n}" if chance.random() < 0.3 else None,
            chance.choice(["CASH", "CASH", "RENT"]),
        )
        for n in range(chance.randint(8, 14))
    ]
    return sorted(lines, key=lambda line: line.day)


def parts_of(lines: list[Line], seed: int) -> list[Part]:
    """The lines cut anywhere, also in the middle of a day."""
    chance = random.Random(seed)
    return cut(OPENING, lines, [chance.randint(1, len(lines)) for _ in range(3)])


def _days(account: str, lines: list[Line]) -> list[bytes]:
    return [camt_file(account, p, f"D{n}") for n, p in enumerate(days(OPENING, lines))]


def _parts(account: str, parts: list[Part]) -> list[bytes]:
    return [camt_file(account, p, f"S{n}", number=n) for n, p in enumerate(parts, 1)]


MANNERS: dict[str, Callable[[str, list[Line], int], list[bytes]]] = {
    "whole": lambda a, lines, _: [camt_file(a, Part(OPENING, tuple(lines)), "W")],
    "days": lambda a, lines, _: _days(a, lines),
    "parts": lambda a, lines, seed: _parts(a, parts_of(lines, seed)),
    "days and whole": lambda a, lines, _: [
        *_days(a, lines),
        camt_file(a, Part(OPENING, tuple(lines)), "W"),
    ],
    "parts and days": lambda a, lines, seed: [
        *_parts(a, parts_of(lines, seed)),
        *_days(a, lines),
    ],
    "pages": lambda a, lines, seed: [
        camt_file(a, p, "P", (n, n == len(parts_of(lines, seed))))
        for n, p in enumerate(parts_of(lines, seed), 1)
    ],
    "intraday and days": lambda a, lines, _: [
        camt_file(a, Part(OPENING, tuple(lines)), "I", message=INTRADAY),
        *_days(a, lines),
    ],
    "MT940 parts": lambda a, lines, seed: [mt940_file(a, parts_of(lines, seed))],
    "MT940 files": lambda a, lines, seed: [
        mt940_file(a, [p], n) for n, p in enumerate(parts_of(lines, seed), 1)
    ],
    "BAI2": lambda a, lines, _: [bai2_file(a, days(OPENING, lines))],
    "BAI2 days": lambda a, lines, _: [bai2_file(a, [p]) for p in days(OPENING, lines)],
    "OFX twice": lambda a, lines, _: [
        *[ofx_file(a, p) for p in days(OPENING, lines)],
        ofx_file(a, Part(OPENING, tuple(lines))),
    ],
}


def expected(lines: list[Line]) -> Facts:
    """How often an amount stands on a day."""
    return Counter((str(line.day), line.cents) for line in lines)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Facts]:
    """Each account's transactions."""
    folder = tmp_path_factory.mktemp("bank_laws")
    settings = make_settings(folder, now=NOW)
    accounts: dict[str, list[bytes]] = {
        f"{manner} {seed}": write(f"{manner} {seed}", world(seed), seed)
        for manner, write in MANNERS.items()
        for seed in WORLDS
    }
    split = [Line(date(2026, 10, 5), 500)]
    accounts["control"] = [ofx_file("control", Part(0, tuple(split))) for _ in range(2)]
    accounts["control"][1] = accounts["control"][1].replace(b"ENCODING:USASCII", b"ENCODING:UTF-8")
    _land(settings, accounts)
    ran = run_dbt(
        settings,
        ["build", "--select", "+transactions", "--exclude-resource-type", "test", "unit_test"],
    )
    assert ran.succeeded
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = warehouse.rows(
            "select source_account, business_date, amount_minor, status from marts.transactions"
        )
    found: dict[str, Facts] = {account: Counter() for account in accounts}
    for row in rows:
        found[row["source_account"]][str(row["business_date"]), int(row["amount_minor"])] += 1
        assert row["status"] == "settled"
    return found


def _land(settings: Settings, accounts: dict[str, list[bytes]]) -> None:
    folder = settings.inbox
    folder.mkdir(parents=True, exist_ok=True)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for account, files in accounts.items():
            for number, content in enumerate(files):
                path = folder / f"{account} {number}"
                path.write_bytes(content)
                result = land_file(settings, warehouse, "bank", path)
                assert result.state == "landed", (account, result.message)


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("seed", WORLDS)
def test_every_manner_tells_the_same_lines(told: dict[str, Facts], manner: str, seed: int) -> None:
    assert told[f"{manner} {seed}"] == expected(world(seed))


def test_two_tellings_that_nothing_tells_apart_are_one(told: dict[str, Facts]) -> None:
    assert told["control"] == Counter({("2026-10-05", 500): 1})


def test_the_worlds_have_equal_lines_on_a_day() -> None:
    assert all(max(expected(world(seed)).values()) > 1 for seed in WORLDS)

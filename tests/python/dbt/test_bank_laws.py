"""However a bank tells the lines of an account, in days, pages, parts, formats or twice, they are
the same transactions.

Worlds of lines with many equals are written in every manner, each manner an account of its own,
landed on one deployment and built once. What comes later adds lines and never renames one that is
there: the first files of a shuffled delivery are accounts of their own too. The control: two
tellings without balances or references, which nobody can tell apart, do lose a line.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

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
Names = set[tuple[str, str, int]]


def world(seed: int) -> list[Line]:
    """Lines of four days, most of them equal to another one. Some have the bank's reference, and
    some of those share it with others of their day: a payment and its charge, or twice the same."""
    chance = random.Random(seed)
    lines: list[Line] = []
    for n in range(chance.randint(10, 16)):
        day = date(2026, 10, 5) + timedelta(chance.randint(0, 3))
        used = [line.reference for line in lines if line.day == day and line.reference]
        fresh = f"R{seed}-{n}" if chance.random() < 0.3 else None
        cents = chance.choice([500, 500, 500, -500, 120])
        again = chance.choice(used) if used and chance.random() < 0.4 else fresh
        lines.append(Line(day, cents, again, chance.choice(["CASH", "CASH", "RENT"])))
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

SHUFFLED = ("parts and days", "intraday and days", "pages", "MT940 files", "days and whole")


def shuffled(manner: str) -> list[bytes]:
    """The files of a manner in any order, of an account of their own."""
    files = MANNERS[manner](f"shuffled {manner}", world(0), 0)
    random.Random(manner).shuffle(files)
    return files


def expected(lines: list[Line]) -> Facts:
    """How often an amount stands on a day."""
    return Counter((str(line.day), line.cents) for line in lines)


@dataclass(frozen=True)
class Told:
    """What is booked, by account: how often an amount stands on a day, and the lines' names."""

    facts: dict[str, Facts]
    names: dict[str, Names]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Each account's transactions that are settled."""
    settings = make_settings(tmp_path_factory.mktemp("bank_laws"), now=NOW)
    accounts: dict[str, list[bytes]] = {
        f"{manner} {seed}": write(f"{manner} {seed}", world(seed), seed)
        for manner, write in MANNERS.items()
        for seed in WORLDS
    }
    for manner in SHUFFLED:
        files = shuffled(manner)
        for count in range(1, len(files) + 1):
            account = f"first {count} {manner}"
            names = (f"shuffled {manner}".encode(), account.encode())
            accounts[account] = [file.replace(*names) for file in files[:count]]
    split = [Line(date(2026, 10, 5), 500)]
    accounts["control"] = [ofx_file("control", Part(0, tuple(split))) for _ in range(2)]
    accounts["control"][1] = accounts["control"][1].replace(b"ENCODING:USASCII", b"ENCODING:UTF-8")
    _land(settings, accounts)
    ran = run_dbt(
        settings,
        ["build", "--select", "+transactions", "--exclude-resource-type", "test", "unit_test"],
    )
    assert ran.succeeded
    return _booked(settings, list(accounts))


def _booked(settings: Settings, accounts: list[str]) -> Told:
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = warehouse.rows(
            "select source_account, native_id, cast(business_date as varchar) as day, amount_minor,"
            " status from marts.transactions"
        )
    found = Told({a: Counter() for a in accounts}, {a: set() for a in accounts})
    for row in rows:
        if row["status"] == "settled":
            day, cents = row["day"], int(row["amount_minor"])
            found.facts[row["source_account"]][day, cents] += 1
            found.names[row["source_account"]].add((row["native_id"], day, cents))
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
def test_every_manner_tells_the_same_lines(told: Told, manner: str, seed: int) -> None:
    assert told.facts[f"{manner} {seed}"] == expected(world(seed))


@pytest.mark.parametrize("manner", SHUFFLED)
def test_what_comes_later_renames_nothing(told: Told, manner: str) -> None:
    """After each file the lines that were there are still there, by name; at last all are."""
    count = len(shuffled(manner))
    names = [told.names[f"first {n} {manner}"] for n in range(1, count + 1)]
    assert all(before <= after for before, after in pairwise(names))
    assert names[-1] == told.names[f"{manner} 0"]


def test_two_tellings_that_nothing_tells_apart_are_one(told: Told) -> None:
    assert told.facts["control"] == Counter({("2026-10-05", 500): 1})


def test_the_worlds_have_equal_lines_and_shared_references_on_a_day() -> None:
    assert all(max(expected(world(seed)).values()) > 1 for seed in WORLDS)
    for seed in WORLDS:
        shared = Counter((line.day, line.reference) for line in world(seed) if line.reference)
        assert max(shared.values()) > 1

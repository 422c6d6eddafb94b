"""bean-check and hledger read the exports, and their own balances are account_balances."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from delivery.ledger.export import export_ledger
from delivery.ledger.selection import Selection
from tests.python.conftest import make_settings
from tests.python.delivery.ledger_world import PERIOD, balances, change, make_books, mapping

Balances = dict[tuple[str, str], Decimal]
HLEDGER = shutil.which("hledger")
needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="no hledger: apt-get install hledger")
WORLD = ("EUR", "USD", "JPY", "KWD")


def exported(settings: Settings, target: str, folder: Path) -> Path:
    """The folder of the month."""
    wanted = Selection(target=target, tenant=settings.tenant, period=PERIOD)
    return export_ledger(settings, wanted, folder).folder


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A program's output and exit code."""
    return subprocess.run([str(word) for word in words], capture_output=True, text=True)


def bean_check(file: Path) -> subprocess.CompletedProcess[str]:
    """As its users call it, without the cache it leaves behind."""
    return run(sys.executable, "-m", "beancount.scripts.check", "--no-cache", file)


# Its own bookings and its own sums, in a process of its own.
BEAN_BALANCES = """
import sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
for real in realization.iter_children(realization.realize(entries)):
    for position in real.balance:
        print(real.account, position.units.currency, position.units.number, sep="\\t")
"""


def by_beancount(file: Path) -> Balances:
    """The closing balances as beancount has them."""
    ran = run(sys.executable, "-c", BEAN_BALANCES, file)
    assert ran.returncode == 0, ran.stderr
    rows = [line.split("\t") for line in ran.stdout.splitlines()]
    return {(name, currency): Decimal(n) for name, currency, n in rows if Decimal(n)}


def by_hledger(file: Path) -> Balances:
    """The closing balances as `hledger balance` has them."""
    ran = run(str(HLEDGER), "-f", file, "balance", "--flat", "-N", "-O", "csv", "--layout=bare")
    assert ran.returncode == 0, ran.stderr
    rows = csv.DictReader(io.StringIO(ran.stdout))
    found = ((row["account"], row["commodity"], Decimal(row["balance"])) for row in rows)
    return {(name, currency): amount for name, currency, amount in found if amount}


def closing(settings: Settings, target: str) -> Balances:
    """marts.account_balances by the target's names, without what is zero."""
    names = mapping(target)
    return {
        (names[row["account_code"]], row["currency"]): Decimal(row["closing_minor"]).scaleb(
            -row["places"]
        )
        for row in balances(settings)
        if row["closing_minor"]
    }


def without_equity(found: Balances) -> Balances:
    """What the opening balances stand against is not in the books."""
    return {key: n for key, n in found.items() if not key[0].lower().startswith("equity")}


def prove_beancount(settings: Settings, folder: Path) -> None:
    """bean-check takes it, and its balances are ours."""
    proof = exported(settings, "beancount", folder) / f"check-{PERIOD}.beancount"
    ran = bean_check(proof)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    assert without_equity(by_beancount(proof)) == closing(settings, "beancount")


def prove_hledger(settings: Settings, folder: Path) -> None:
    """A strict check takes it, dates in order too, and its balances are ours."""
    proof = exported(settings, "hledger", folder) / f"check-{PERIOD}.journal"
    ran = run(str(HLEDGER), "-f", proof, "check", "--strict", "ordereddates")
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    assert without_equity(by_hledger(proof)) == closing(settings, "hledger")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Five thousand entries in currencies of 0, 2 and 3 digits."""
    settings = make_settings(tmp_path_factory.mktemp("books"), tenant="acme")
    make_books(settings, 5_000, WORLD)
    return settings


def test_beancount_takes_a_month_and_has_its_balances(books: Settings, tmp_path: Path) -> None:
    prove_beancount(books, tmp_path)


@needs_hledger
def test_hledger_takes_a_month_and_has_its_balances(books: Settings, tmp_path: Path) -> None:
    prove_hledger(books, tmp_path)


def test_beancount_takes_the_sample_month(month: Settings, tmp_path: Path) -> None:
    prove_beancount(month, tmp_path)


@needs_hledger
def test_hledger_takes_the_sample_month(month: Settings, tmp_path: Path) -> None:
    prove_hledger(month, tmp_path)


def test_both_take_a_hundred_thousand_entries(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if not request.config.getoption("thorough"):
        pytest.skip("a minute of two programs' time: ./run proofs")
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 100_000, WORLD)
    prove_beancount(settings, tmp_path)
    if HLEDGER:
        prove_hledger(settings, tmp_path)


@pytest.mark.parametrize("target", ["beancount", "hledger"])
def test_a_line_on_another_account_fails_their_check(
    books: Settings, tmp_path: Path, target: str
) -> None:
    folder = exported(books, target, tmp_path)
    file = next(folder.glob(f"{target}-*"))
    names = mapping(target)
    # the entry still balances, the file still parses: only the balances tell
    text = file.read_text()
    file.write_text(text.replace(f" {names['1110']}  ", f" {names['1000']}  ", 1))
    assert file.read_text() != text
    proof = next(folder.glob("check-*"))
    if target == "beancount":
        ran = bean_check(proof)
        assert ran.returncode != 0
        assert "Balance failed" in ran.stderr
    elif HLEDGER:
        ran = run(HLEDGER, "-f", proof, "check", "--strict")
        assert ran.returncode != 0
        assert "assertion" in ran.stderr


@pytest.mark.parametrize("target", ["beancount", "hledger"])
def test_text_that_is_syntax_stays_text(target: str, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 100)
    hostile = 'a "quote\\" ; option | {x} \n2026-10-01 open Assets:Evil\t  12 EUR'
    change(settings, f"update marts.ledger_entries set memo = '{hostile}'")
    if target == "beancount":
        prove_beancount(settings, tmp_path)
    elif HLEDGER:
        prove_hledger(settings, tmp_path)

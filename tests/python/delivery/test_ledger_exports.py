"""Every export is read back by a reader of its own and ties to the balances, within the limits."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import ConfigurationError, Settings
from delivery.ledger.export import TARGETS, Exported, export_ledger
from delivery.ledger.selection import Selection
from tests.python.conftest import make_settings
from tests.python.delivery.ledger_readers import (
    READERS,
    Posting,
    journals,
    quickbooks_elsewhere,
)
from tests.python.delivery.ledger_world import (
    PERIOD,
    balances,
    change,
    files_of,
    make_books,
    mapping,
)

ENTRIES = 5_000
ROWS = {"quickbooks-online": 999, "xero": 300, "netsuite": 25_000}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Books that no test changes."""
    settings = make_settings(tmp_path_factory.mktemp("books"), tenant="acme")
    make_books(settings, ENTRIES)
    return settings


@pytest.fixture
def own_books(tmp_path: Path) -> Settings:
    """A few books of a test's own."""
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 200)
    return settings


def export(settings: Settings, target: str, folder: Path, **changes: Any) -> Exported:
    """The month, or what `changes` ask for."""
    wanted = Selection(target=target, tenant=settings.tenant, period=PERIOD)
    return export_ledger(settings, replace(wanted, **changes), folder)


def moved(postings: list[Posting]) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """Debits and credits of each account and currency."""
    debits: Counter[tuple[str, str]] = Counter()
    credits: Counter[tuple[str, str]] = Counter()
    for posting in postings:
        sums = debits if posting.amount > 0 else credits
        sums[posting.account, posting.currency] += abs(posting.amount)  # type: ignore[assignment]
    return {
        key: (Decimal(debits[key]), Decimal(credits[key])) for key in sorted({*debits, *credits})
    }


def expected(settings: Settings, target: str) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """The same of marts.account_balances, by the target's names."""
    names = mapping(target)
    return {
        (names[row["account_code"]], row["currency"]): tuple(
            Decimal(row[f"{side}_minor"]).scaleb(-row["places"]) for side in ("debits", "credits")
        )
        for row in balances(settings)
        if row["debits_minor"] or row["credits_minor"]
    }


@pytest.mark.parametrize("target", READERS)
def test_every_line_comes_back_and_ties(books: Settings, target: str, tmp_path: Path) -> None:
    made = export(books, target, tmp_path)
    postings = list(READERS[target](made.folder))
    assert moved(postings) == expected(books, target)
    assert len(journals(postings)) == made.manifest["entries"] == made.manifest["documents"]
    assert len(postings) == made.manifest["lines"]
    assert {posting.day.replace(day=1) for posting in postings} == {date(2026, 10, 1)}
    most = Counter(posting.file for posting in postings).most_common(1)[0][1]
    assert most <= ROWS.get(target, most)
    assert made.manifest["shortened"] == {}


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_books_give_the_same_bytes(books: Settings, target: str, tmp_path: Path) -> None:
    once = export(books, target, tmp_path / "a")
    again = export(books, target, tmp_path / "a")
    assert once.folder == again.folder
    assert [file.name for file in (tmp_path / "a").iterdir()] == [once.folder.name]
    assert files_of(again.folder) == files_of(export(books, target, tmp_path / "b").folder)


def test_the_manifest_tells_hash_totals_period_and_run(own_books: Settings, tmp_path: Path) -> None:
    change(
        own_books,
        "insert into ops.runs (run_id, command, target, as_of, started_at, status) values ('run_1',"
        " 'run', 'duckdb', '2026-11-01 04:00:00', '2026-11-01 04:00:01', 'succeeded')",
    )
    made = export(own_books, "xero", tmp_path / "out")
    words = json.loads((made.folder / "manifest.json").read_text())
    assert words == made.manifest
    assert words["recorded_until"] == "2026-11-01T04:00:00.000000"
    assert words["run"] == {
        "run_id": "run_1",
        "as_of": "2026-11-01T04:00:00.000000",
        "started_at": "2026-11-01T04:00:01.000000",
    }
    for file in words["files"]:
        content = (made.folder / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert content.count(b"\n") - 1 == file["rows"]
    named = {file["name"] for file in words["files"]}
    assert named == {file.name for file in made.folder.iterdir()} - {"manifest.json"}
    sums: Counter[str] = Counter()
    for (_, currency), (debits, _) in expected(own_books, "xero").items():
        sums[currency] += debits  # type: ignore[assignment]
    assert {row["currency"]: Decimal(row["debits"]) for row in words["totals"]} == sums
    assert all(row["debits"] == row["credits"] for row in words["totals"])
    assert words["kinds"].keys() == {"original", "reversal"}


def test_a_month_that_is_open_is_marked(own_books: Settings, tmp_path: Path) -> None:
    assert export(own_books, "sap", tmp_path / "out").manifest["is_closed"] is False
    change(
        own_books,
        "insert into ops.closed_periods (close_id, tenant_id, period, closed_by, closed_at,"
        f" is_forced) values ('c', 'acme', '{PERIOD}', 'Ada', '2026-11-02 09:00:00', false)",
    )
    words = export(own_books, "sap", tmp_path / "out").manifest
    assert (words["is_closed"], words["closed_by"]) == (True, "Ada")
    change(own_books, "update ops.closed_periods set period = '2027-01'")
    later = export(own_books, "sap", tmp_path / "out").manifest
    assert later["is_closed"] is True, "by the close of a later month"
    change(own_books, "update ops.closed_periods set reopened_at = '2026-11-03 09:00:00'")
    assert export(own_books, "sap", tmp_path / "out").manifest["is_closed"] is False


def test_one_entry_leaves_alone_with_the_same_id(own_books: Settings, tmp_path: Path) -> None:
    month = list(READERS["netsuite"](export(own_books, "netsuite", tmp_path / "out").folder))
    entry = month[0].journal
    made = export(own_books, "netsuite", tmp_path / "out", entry=entry, period="")
    alone = list(READERS["netsuite"](made.folder))
    assert [line[1:] for line in alone] == [line[1:] for line in month if line.journal == entry]
    assert made.manifest["period"] == PERIOD
    with pytest.raises(ConfigurationError, match="no entry of the books"):
        export(own_books, "netsuite", tmp_path / "out", entry="ent_none", period="")
    with pytest.raises(ConfigurationError, match="booked in 2026-10, not in 2026-09"):
        export(own_books, "netsuite", tmp_path / "out", entry=entry, period="2026-09")


def test_a_late_entry_is_booked_in_the_open_month(own_books: Settings, tmp_path: Path) -> None:
    folder = export(own_books, "sap", tmp_path / "out").folder
    lines = (folder / f"sap-{PERIOD}.txt").read_text().splitlines()[1:]
    late = {tuple(line.split("\t")[6:8]) for line in lines if "\t20260928\t" in line}
    assert late == {("20260928", "20261001")}


def test_a_reversal_is_an_entry_of_its_own(own_books: Settings, tmp_path: Path) -> None:
    folder = export(own_books, "hledger", tmp_path / "out").folder
    text = (folder / f"hledger-{PERIOD}.journal").read_text()
    for told in text.split("\n\n"):
        if "reverses:" in told:
            assert ") Reversal: Sale" in told
            assert f"({told.split('reverses:')[1].split()[0]})" not in told
    assert text.count("reverses:") == text.count("Reversal: ") > 0


def test_only_what_came_after_a_moment(own_books: Settings, tmp_path: Path) -> None:
    change(
        own_books,
        "update marts.ledger_entries set recorded_at = '2026-11-02 04:00:00' where entry_id in"
        " (select max(entry_id) from marts.ledger_entries where posting_period = '2026-10-01')",
    )
    moment = datetime(2026, 11, 1, 4, 0)
    made = export(own_books, "xero", tmp_path / "out", recorded_after=moment)
    assert made.manifest["entries"] == 1
    assert made.folder.name == "xero-2026-10-after-20261101T040000"
    assert {line.currency for line in READERS["xero"](made.folder)} < {"EUR", "USD", "JPY"}


def test_the_file_of_other_regions_is_one_a_currency(own_books: Settings, tmp_path: Path) -> None:
    change(own_books, "update seeds.export_settings set value = 'other' where setting = 'region'")
    folder = export(own_books, "quickbooks-online", tmp_path / "out").folder
    postings = list(quickbooks_elsewhere(folder))
    assert moved(postings) == expected(own_books, "quickbooks-online")
    assert len({posting.file for posting in postings}) == 3


def test_a_tenants_own_account_comes_first(own_books: Settings, tmp_path: Path) -> None:
    change(
        own_books,
        "insert into seeds.account_mappings (target, tenant_id, account_code, their_account, tax)"
        " values ('xero', 'acme', '1100', '610', '20% VAT'), ('xero', 'other', '1110', '9', null)",
    )
    folder = export(own_books, "xero", tmp_path / "out").folder
    text = b"".join(files_of(folder).values()).decode()
    assert ",610,20% VAT," in text
    assert ",1100," not in text
    assert ",1110,Tax Exempt," in text


def test_a_date_of_xero_reads_one_way_round(own_books: Settings, tmp_path: Path) -> None:
    folder = export(own_books, "xero", tmp_path).folder
    [row, *_] = (folder / "xero-2026-10-EUR-001.csv").read_text().splitlines()[1:]
    assert row.split(",")[1] == "01 Oct 2026"
    assert mapping("xero")["1000"] != "1000", "a bank account, which no manual journal takes"


def test_both_engines_give_the_same_files(postgres_settings: Settings, tmp_path: Path) -> None:
    duck = make_settings(tmp_path / "duck", tenant="acme")
    there = postgres_settings.model_copy(update={"tenant": "acme"})
    for settings in (duck, there):
        make_books(settings, 300)
    for target in TARGETS:
        one = export(duck, target, tmp_path / "one").folder
        other = export(there, target, tmp_path / "other").folder
        assert files_of(one) == files_of(other)

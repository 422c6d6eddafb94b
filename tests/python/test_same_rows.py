"""Identical is identical: engines, repetition, order of rows and files, corrected files, time.

Every test compares order-free fingerprints of whole marts (tests/python/fingerprint.py), and the
last ones are controls: the fingerprint does change when one cent or one file does.
"""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dbt_project.project import DbtRun, run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import open_warehouse
from tests.python import sample_month
from tests.python.conftest import make_settings, new_database
from tests.python.copied_tables import copied
from tests.python.currency_sums import crossed, folder_sums
from tests.python.fingerprint import Fingerprint

Prints = dict[str, Fingerprint]
# Marts that speak of files and arrivals, not of money: what came, and when.
ABOUT_FILES = {"files", "quarantine", "control_results"}
# Where a row stood in its file; a conflict's explanation names the lines too.
ORIGIN = {"_document_id", "_source_file", "_source_line", "explanation"}


def money(prints: Prints) -> Prints:
    """The marts without those about files."""
    return {name: value for name, value in prints.items() if name not in ABOUT_FILES}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample month on DuckDB, landed in name order, built once with all of dbt's tests."""
    settings = make_settings(tmp_path_factory.mktemp("month"), **sample_month.STORY)
    sample_month.land(settings, sample_month.sample_files())
    assert_dbt_tested(sample_month.build(settings, tested=True, unit_tested=True))
    return settings


@pytest.fixture(scope="module")
def month_prints(month: Settings) -> Prints:
    """The fingerprints of the month's marts."""
    return sample_month.marts(month)


def test_the_month_has_rows(month_prints: Prints) -> None:
    """Fingerprints of empty marts would agree about nothing."""
    filled = {
        "transactions",
        "matches",
        "open_items",
        "discrepancies",
        "payouts",
        "ledger_entries",
        "reward_allocations",
        "control_results",
        "files",
    }
    assert {name for name in filled if month_prints[name].rows == 0} == set()


def test_no_model_adds_amounts_of_two_currencies(month: Settings) -> None:
    """tests/python/test_currency_sums.py shows that such a sum is found."""
    models = month.target_path / "compiled" / "tieout" / "models"
    assert sum(len(found) for found in folder_sums(models).values()) > 200
    assert crossed(models) == []


def test_nothing_copies_a_large_table_before_it_reads_it(month: Settings) -> None:
    """tests/python/test_copied_tables.py shows that such a copy is found."""
    compiled = month.target_path / "compiled" / "tieout"
    assert len(list(compiled.rglob("*.sql"))) > 1000
    with duckdb.connect(str(month.warehouse), read_only=True) as connection:
        assert copied(connection, compiled) == []


def test_the_walk_names_rows_that_exist(month: Settings) -> None:
    """Every id of ours in docs/walk.md is in the built month."""
    page = (PROJECT_ROOT / "docs" / "walk.md").read_text(encoding="utf-8")
    ids = set(re.findall(r"`((?:txn|mat|doc)_[0-9a-f]{24,32})`", page))
    with open_warehouse(month) as warehouse:
        found = warehouse.rows(
            "select transaction_id as id from marts.transactions"
            " union all select match_id from marts.matches"
            " union all select document_id from marts.files"
        )
    assert len(ids) == 5
    assert ids <= {row["id"] for row in found}


def test_postgres_gives_the_same_rows(
    tmp_path: Path, postgres_server: Any, month_prints: Prints, pytestconfig: pytest.Config
) -> None:
    """Every mart, every column, on both engines, with dbt's data tests on the second too.

    Unit tests have their turn on PostgreSQL in `./run proofs`: these rows pass through all models.
    """
    settings = make_settings(
        tmp_path,
        target="postgres",
        postgres=new_database(postgres_server),
        **sample_month.STORY,
    )
    sample_month.land(settings, sample_month.sample_files())
    proofs = bool(pytestconfig.getoption("thorough"))
    assert_dbt_tested(sample_month.build(settings, tested=True, unit_tested=proofs), proofs)
    assert sample_month.marts(settings) == month_prints


def test_building_twice_and_landing_again_change_nothing(
    month: Settings, tmp_path: Path, month_prints: Prints
) -> None:
    """Every file delivered a second time, and a second build."""
    copy = copy_of(month, tmp_path)
    again = sample_month.land(copy, sample_month.sample_files())
    assert {result.state for result in again} <= {"duplicate", "rejected", "held"}
    sample_month.build(copy)
    assert money(sample_month.marts(copy)) == money(month_prints)


def test_order_of_rows_and_files_does_not_matter(
    tmp_path: Path, month_prints: Prints, month: Settings
) -> None:
    """Files in another order, and the rows of the CSV files shuffled."""
    shuffled = tmp_path / "inbox"
    shutil.copytree(sample_month.SAMPLES, shuffled)
    for file in sorted(shuffled.rglob("*.csv")):
        shuffle_rows(file, random.Random(file.read_bytes()))  # copies stay copies
    files = sample_month.sample_files(shuffled)
    random.Random(3).shuffle(files)
    names = [file.name for file in files]
    corrected = next(name for name in names if ".v2." in name)
    assert names.index(corrected) < names.index(corrected.replace(".v2", "")), "the hard order"
    settings = make_settings(tmp_path, **sample_month.STORY)
    sample_month.land(settings, files)
    sample_month.build(settings)
    found, expected = (money(sample_month.marts(s, without=ORIGIN)) for s in (settings, month))
    assert found == expected


def test_a_corrected_file_counts_as_if_only_it_had_come(
    tmp_path: Path, month_prints: Prints
) -> None:
    """The month holds own_books_….csv and its .v2; .v2 alone gives the same transactions."""
    files = sample_month.sample_files()
    corrected = [file for file in files if ".v2." in file.name]
    originals = [
        file for file in files if file.name in {c.name.replace(".v2", "") for c in corrected}
    ]
    assert corrected
    assert originals
    others = [file for file in files if file not in corrected + originals]
    settings = make_settings(tmp_path, **sample_month.STORY)
    sample_month.land(settings, corrected + others)
    then = {"as_of": f"{sample_month.MORNING:%Y-%m-%d %H:%M:%S}"}
    assert run_dbt(settings, ["build", "--select", "+transactions"], then).succeeded
    found = money(sample_month.marts(settings))
    assert found["transactions"].rows > 0
    assert found == {name: month_prints[name] for name in found}


def test_what_was_known_then_is_a_variable(
    month: Settings, tmp_path: Path, month_prints: Prints
) -> None:
    """A file that came later does not change what an earlier moment knew, and does change today."""
    copy = copy_of(month, tmp_path)
    later = copy.model_copy(update={"now": sample_month.MORNING + timedelta(days=2)})
    late = tmp_path / "internal" / "own_books_late.csv"
    late.parent.mkdir()
    late.write_text(
        "transaction_id,processor_name,amount,currency,status,merchant_id,transaction_date,reference_number,fee\n"
        "KW-LATE-1,stripe,12.34,EUR,completed,KW,2026-10-30T10:00:00+01:00,ORD-LATE-1,0.00\n",
        encoding="utf-8",
    )
    assert [result.state for result in sample_month.land(later, [late])] == ["landed"]
    sample_month.build(later)
    assert money(sample_month.marts(later)) == money(month_prints)
    words = ["run", "--select", "+transactions"]
    assert run_dbt(later, words, {"as_of": "2026-11-03 04:00:00"}).succeeded
    assert sample_month.marts(later)["transactions"].rows == month_prints["transactions"].rows + 1


def test_one_cent_changes_the_fingerprint(
    month: Settings, tmp_path: Path, month_prints: Prints
) -> None:
    """The control: what these tests compare does see a cent moved between two rows."""
    copy = copy_of(month, tmp_path)
    with open_warehouse(copy) as warehouse:
        two = warehouse.rows(
            "select transaction_id from marts.transactions order by transaction_id limit 2"
        )
        for row, cents in zip(two, (1, -1), strict=True):
            warehouse.execute(
                "update marts.transactions set amount_minor = amount_minor + $1"
                " where transaction_id = $2",
                (cents, row["transaction_id"]),
            )
    changed = sample_month.marts(copy)
    assert {name for name in changed if changed[name] != month_prints[name]} == {"transactions"}


def assert_dbt_tested(ran: DbtRun, unit_tested: bool = True) -> None:
    """A green build proves something only if it ran dbt's unit tests and data tests."""
    kinds = Counter(result.unique_id.split(".")[0] for result in ran.results)
    assert kinds["unit_test"] > 80 or not unit_tested
    assert kinds["test"] > 300


def copy_of(settings: Settings, folder: Path) -> Settings:
    """A deployment with a copy of another's DuckDB file and archive."""
    copy = make_settings(folder, **sample_month.STORY)
    shutil.copy(settings.warehouse, copy.warehouse)
    shutil.copytree(settings.archive, copy.archive)
    return copy


def shuffle_rows(file: Path, luck: random.Random) -> None:
    """Shuffles a CSV's data lines; the header stays first, a trailer last."""
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    trailer = [row for row in rows if row.startswith("TRAILER")]
    rows = [row for row in rows if row not in trailer]
    luck.shuffle(rows)
    file.write_text("".join([header, *rows, *trailer]), encoding="utf-8")

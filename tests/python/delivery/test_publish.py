"""The published DuckDB file is whole, of one run, and never in anybody's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery import publish_duckdb
from delivery.facts import PublishError
from delivery.publish import publish
from ingestion.landing.schema import ensure_schema
from tests.python.delivery.small_marts import make_marts


def elsewhere(file: Path, query: str) -> str:
    """A query of the published file from another process, as a BI tool would ask it."""
    code = (
        "import duckdb, sys\n"
        "copy = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print(copy.execute(sys.argv[2]).fetchall())"
    )
    words = [sys.executable, "-c", code, str(file), query]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def test_duckdb_publishes_marts_only_with_their_words(duckdb_settings: Settings) -> None:
    make_marts(duckdb_settings)
    assert publish(duckdb_settings) == {"payouts": 1, "v_large_payouts": 1}
    with duckdb.connect(str(duckdb_settings.published), read_only=True) as copy:
        tables = copy.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
            " order by all"
        ).fetchall()
        comment = copy.execute(
            "select comment from duckdb_columns() where column_name = 'amount'"
            " and table_name = 'payouts'"
        ).fetchone()
        run = copy.execute("select run_id, as_of from marts.publication").fetchone()
        tags = copy.execute(
            "select tags from duckdb_databases() where database_name not in ('system', 'temp')"
        ).fetchone()
    assert tables == [
        ("marts", "payouts", "BASE TABLE"),
        ("marts", "publication", "BASE TABLE"),
        ("marts", "v_large_payouts", "BASE TABLE"),
    ]
    assert comment == ("It's exact",)
    assert run is not None
    assert run[0] == "run_10.50"
    assert tags is not None
    assert "v1.4.0" in str(tags[0])


def test_who_has_the_old_copy_open_keeps_it(duckdb_settings: Settings) -> None:
    make_marts(duckdb_settings)
    publish(duckdb_settings)
    code = (
        "import duckdb, sys\n"
        "c = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print('open', flush=True); sys.stdin.readline()\n"
        "print(c.execute('select amount from marts.payouts').fetchone()[0])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(duckdb_settings.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        assert reader.stdout.readline().strip() == "open"
        make_marts(duckdb_settings, "20.75")
        publish(duckdb_settings)
        reader.stdin.write("go\n")
        reader.stdin.flush()
        assert reader.stdout.readline().strip() == "10.5000"
    assert "20.7500" in elsewhere(duckdb_settings.published, "select amount from marts.payouts")


def test_a_publish_that_fails_leaves_the_old_copy_and_no_litter(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_marts(duckdb_settings)
    publish(duckdb_settings)
    make_marts(duckdb_settings, "20.75")

    def broken(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(publish_duckdb, "_comment", broken)
    with pytest.raises(OSError, match="No space left"):
        publish(duckdb_settings)
    assert "10.5000" in elsewhere(duckdb_settings.published, "select amount from marts.payouts")
    litter = [f.name for f in duckdb_settings.published.parent.glob(".published*")]
    assert litter == []


@pytest.mark.parametrize("has_file", [True, False])
def test_nothing_built_is_nothing_published(engine_settings: Settings, has_file: bool) -> None:
    if has_file:
        with open_warehouse(engine_settings) as warehouse:
            ensure_schema(warehouse)
    with pytest.raises(PublishError, match="tieout build"):
        publish(engine_settings)
    assert not engine_settings.published.exists()


def test_the_real_marts_are_published_row_for_row(month: Settings) -> None:
    with open_warehouse(month) as warehouse:
        names = warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        )
        built = {
            row["table_name"]: warehouse.rows(
                f"select count(*) as n from marts.{row['table_name']}"
            )
            for row in names
        }
    published = publish(month)
    assert published == {name: rows[0]["n"] for name, rows in sorted(built.items())}
    assert published["transactions"] > 100

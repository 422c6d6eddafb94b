"""The published copy is whole, of one run, and never in anybody's way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse, postgres_dsn
from delivery import publish_duckdb, publish_postgres
from delivery.facts import PublishError
from delivery.publish import publish
from ingestion.landing.schema import ensure_schema

PAYOUTS = "select payout_id, amount from marts.payouts order by payout_id"


def make_marts(settings: Settings, amount: str = "10.50") -> None:
    """Marts of a finished run, small: what publishing does not read it need not have."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for schema in ("marts", "staging"):
            warehouse.execute(f"create schema if not exists {schema}")
        warehouse.execute("drop view if exists marts.v_large_payouts")
        warehouse.execute("drop table if exists marts.payouts")
        warehouse.execute(
            "create table marts.payouts as select cast('po_1' as text) as payout_id,"
            f" cast({amount} as decimal(28, 4)) as amount"
        )
        warehouse.execute("comment on table marts.payouts is 'One row per payout'")
        warehouse.execute("comment on column marts.payouts.amount is 'It''s exact'")
        warehouse.execute("create view marts.v_large_payouts as select * from marts.payouts")
        warehouse.execute("drop table if exists staging.stg_secret")
        warehouse.execute("create table staging.stg_secret as select 1 as x")
        warehouse.execute(
            "insert into ops.runs (run_id, command, target, as_of, started_at, status) values"
            f" ('run_{amount}', 'run', 'x', timestamp '2026-11-01 04:00:00',"
            f" timestamp '2026-11-01 04:00:{amount[:2]}', 'running')"
        )


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


@contextmanager
def session(settings: Settings, **words: Any) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres_dsn(settings), **words) as connection:
        yield connection


def test_postgres_replaces_the_tables_and_keeps_words_and_grants(
    postgres_settings: Settings,
) -> None:
    make_marts(postgres_settings)
    publish(postgres_settings)
    with session(postgres_settings, autocommit=True) as admin:
        admin.execute("drop role if exists reporting")
        admin.execute("create role reporting")
        admin.execute("grant usage on schema published to reporting")
        admin.execute("grant select on published.payouts to reporting")
        admin.execute("create table published.left_over as select 1 as x")
        try:
            make_marts(postgres_settings, "20.75")
            assert publish(postgres_settings) == {"payouts": 1, "v_large_payouts": 1}
            admin.execute("set role reporting")
            [[amount]] = admin.execute("select amount from published.payouts").fetchall()
            admin.execute("reset role")
            assert str(amount) == "20.7500"
            tables = admin.execute(
                "select table_name, table_type from information_schema.tables"
                " where table_schema = 'published' order by 1"
            ).fetchall()
            assert tables == [
                ("payouts", "BASE TABLE"),
                ("publication", "BASE TABLE"),
                ("v_large_payouts", "BASE TABLE"),
            ]
            [[comment]] = admin.execute(
                "select col_description('published.payouts'::regclass, 2)"
            ).fetchall()
            assert comment == "It's exact"
            [[run]] = admin.execute("select run_id from published.publication").fetchall()
            assert run == "run_20.75"
        finally:
            admin.execute("reset role")
            admin.execute("drop owned by reporting")
            admin.execute("drop role reporting")


def test_postgres_readers_see_the_old_copy_until_the_new_is_whole(
    postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_marts(postgres_settings)
    publish(postgres_settings)
    make_marts(postgres_settings, "20.75")
    seen = []
    real_swap = publish_postgres._swap

    def watched(connection: Any, names: list[str]) -> None:
        with session(postgres_settings) as reader:
            seen.extend(reader.execute("select amount from published.payouts").fetchall())
        real_swap(connection, names)

    monkeypatch.setattr(publish_postgres, "_swap", watched)
    publish(postgres_settings)
    assert [str(amount) for (amount,) in seen] == ["10.5000"]


def test_postgres_waits_for_a_reader_and_then_gives_up(
    postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_postgres, "LOCK_TIMEOUT", "200ms")
    make_marts(postgres_settings)
    publish(postgres_settings)
    make_marts(postgres_settings, "20.75")
    with session(postgres_settings) as reader:
        reader.execute("select * from published.payouts")
        with pytest.raises(PublishError, match=r"published\.payouts could not be replaced"):
            publish(postgres_settings)
    with session(postgres_settings) as reader:
        [[amount]] = reader.execute("select amount from published.payouts").fetchall()
        assert str(amount) == "10.5000"
    publish(postgres_settings)


def test_postgres_names_the_view_that_is_in_the_way(postgres_settings: Settings) -> None:
    make_marts(postgres_settings)
    publish(postgres_settings)
    with session(postgres_settings, autocommit=True) as admin:
        admin.execute("create view public.my_dashboard as select * from published.payouts")
    with pytest.raises(PublishError, match="my_dashboard"):
        publish(postgres_settings)


def test_a_reader_that_finishes_in_time_is_waited_for(postgres_settings: Settings) -> None:
    make_marts(postgres_settings)
    publish(postgres_settings)
    make_marts(postgres_settings, "20.75")
    reading = threading.Event()

    def read() -> None:
        with session(postgres_settings) as reader:
            reader.execute("select * from published.payouts")
            reading.set()
            reader.execute("select pg_sleep(0.5)")

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait()
    publish(postgres_settings)
    reader.join()
    with session(postgres_settings) as later:
        [[amount]] = later.execute("select amount from published.payouts").fetchall()
    assert str(amount) == "20.7500"

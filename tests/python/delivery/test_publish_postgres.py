"""The published schema changes in one moment, and readers are neither surprised nor locked out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import postgres_dsn
from delivery import publish_postgres
from delivery.facts import PublishError
from delivery.publish import publish
from tests.python.delivery.small_marts import make_marts


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

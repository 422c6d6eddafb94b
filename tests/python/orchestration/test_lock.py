"""The writer's lock is asked for again before each step: a server that restarts gives it away.

Each loss is a real one (a restarted server, a killed session), and each has its control: with the
question taken out, two would write at once and neither would know.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import postgres_dsn
from ingestion.landing.land import LandingResult
from orchestration import pipeline
from orchestration.build import BuildRequest, build_and_announce
from orchestration.lock import Lock, LockLostError, single_writer
from orchestration.pipeline import Watch
from tests.kills.arena import control
from tests.python.ingestion.make import books

SEEDS = BuildRequest(select=("currencies",))


def end_the_session(settings: Settings) -> None:
    """Ends the session that holds the lock, and no other: the rest of the run goes on."""
    with psycopg.connect(postgres_dsn(settings), autocommit=True) as connection:
        ended = connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())"
        ).fetchall()
    assert ended == [(True,)]


def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the guard out."""
    monkeypatch.setattr(Lock, "check", lambda self: None)


@pytest.fixture
def elsewhere(postgres_settings: Settings) -> Settings:
    """The same database from another host."""
    return postgres_settings.model_copy(update={"state": postgres_settings.state / "other"})


def test_a_lock_that_is_held_is_held(postgres_settings: Settings, elsewhere: Settings) -> None:
    """Of every tenant: the number of a tenant may be negative, and is one of 64 bits."""
    tenants = [f"tenant_{letter}" for letter in "abcdef"]
    for tenant in tenants:
        with single_writer(postgres_settings.model_copy(update={"tenant": tenant})) as lock:
            lock.check()
    with single_writer(elsewhere) as lock:
        lock.check()


def test_a_server_that_restarted_has_given_the_lock_away(
    postgres_settings: Settings, elsewhere: Settings, postgres_server: Any
) -> None:
    def restarted() -> None:
        with single_writer(postgres_settings) as lock:
            lock.check()
            control(postgres_server, "restart", "immediate")
            with single_writer(elsewhere) as theirs:  # the fault itself: two hold it now
                theirs.check()
            lock.check()
            pytest.fail("the first writer goes on")

    with pytest.raises(LockLostError, match="another run may have written meanwhile"):
        restarted()


def test_a_lock_that_nobody_asked_about_is_asked_about_at_the_end(
    postgres_settings: Settings,
) -> None:
    with pytest.raises(LockLostError), single_writer(postgres_settings):
        end_the_session(postgres_settings)


def test_an_error_of_the_work_itself_is_not_hidden_by_the_lost_lock(
    postgres_settings: Settings,
) -> None:
    def broken() -> None:
        with single_writer(postgres_settings):
            end_the_session(postgres_settings)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()


def test_a_lock_file_that_was_replaced_is_a_lost_lock(duckdb_settings: Settings) -> None:
    def replaced() -> None:
        with single_writer(duckdb_settings):
            (duckdb_settings.state / "writer.lock").unlink()
            with single_writer(duckdb_settings) as theirs:  # the fault itself
                theirs.check()

    with pytest.raises(LockLostError, match=r"writer\.lock was deleted or replaced"):
        replaced()


def ends_it_once(settings: Settings) -> Callable[[object], None]:
    """Hears of progress, and ends the lock's session at the first word of it."""
    heard: list[object] = []

    def hear(word: object) -> None:
        if not heard:
            end_the_session(settings)
        heard.append(word)

    return hear


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_build_hears_that_its_lock_is_lost_while_dbt_speaks(
    postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """Without the guard dbt goes on to its end, though somebody else may build meanwhile."""
    heard: list[str] = []

    def speaks(_: Settings, __: object, ___: object, on_line: Callable[[str], None]) -> None:
        for line in ("1 of 2", "2 of 2"):
            on_line(line)
            heard.append(line)
        raise ZeroDivisionError

    monkeypatch.setattr("orchestration.lock.SECONDS_A_LOOK", 0.0)
    monkeypatch.setattr("orchestration.build.build_models", speaks)
    if not is_guarded:
        unguarded(monkeypatch)
    with pytest.raises(LockLostError if is_guarded else ZeroDivisionError):
        build_and_announce(postgres_settings, SEEDS, ends_it_once(postgres_settings))
    assert len(heard) == (1 if is_guarded else 2)


def test_what_hears_dbt_can_end_it(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dbt that nobody waits for must not write on."""
    endless = tmp_path / "endless"
    endless.write_text(f"#!/bin/sh\necho $$\nsleep 60\ntouch {tmp_path}/wrote\n")
    endless.chmod(0o700)
    monkeypatch.setattr("dbt_project.project.sys.executable", str(endless))
    monkeypatch.setattr("dbt_project.project.subprocess", subprocess)  # a process as users start
    heard: list[int] = []

    def hear(line: str) -> None:
        heard.append(int(line))
        raise LockLostError

    begun = time.monotonic()
    with pytest.raises(LockLostError):
        run_dbt(duckdb_settings, ["build"], on_line=hear)
    assert time.monotonic() - begun < 30
    with pytest.raises(ProcessLookupError):
        os.kill(heard[0], 0)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_run_lands_builds_and_publishes_nothing_more(
    postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_guarded: bool
) -> None:
    """The lock is lost after the first file; without the guard the run goes on to the build."""
    folder = tmp_path / "inbox" / "internal"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        (folder / f"{name}.csv").write_bytes(books({"transaction_id": name}))
    steps: list[str] = []
    landed: list[LandingResult] = []
    end = ends_it_once(postgres_settings)

    def hear(result: LandingResult) -> None:
        landed.append(result)
        end(result)

    def build(*_: object) -> None:
        steps.append("build")
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "build_models", build)
    if not is_guarded:
        unguarded(monkeypatch)
    with pytest.raises(LockLostError if is_guarded else ZeroDivisionError):
        pipeline.run(postgres_settings, SEEDS, watch=Watch(landed=hear))
    assert (len(landed), steps) == ((1, []) if is_guarded else (2, ["build"]))

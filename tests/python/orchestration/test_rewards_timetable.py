"""The close of rewards by itself: what it waits for, what it asks for, and that it is asked once.

Also by hand, through the command line. The mart is planted: what is frozen of it is proven in
test_closing_rewards.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dagster import (
    DagsterInstance,
    RunRequest,
    SkipReason,
    build_schedule_context,
    build_sensor_context,
)

from dbt_project.settings import load_settings
from orchestration.closing_rewards import reopen_rewards
from orchestration.schedule import rewards
from tests.python.orchestration.deployment import call, deploy
from tests.python.orchestration.reward_close import MONTHS, Closing


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as made:
        yield made


class Desk:
    """A deployment that is looked at, at one moment after the other."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        deploy(folder, tenant="default").settings(monkeypatch)
        self.books = self.at("2026-11-01T01:00:00Z")
        self.books.prepare(MONTHS)

    def at(self, moment: str) -> Closing:
        self.monkeypatch.setenv("TIEOUT_NOW", moment)
        self.books = Closing(load_settings())
        return self.books

    def workbook_built(self, name: str, moment: str) -> None:
        """A workbook lands, and a run brings it in."""
        books = self.at(moment)
        books.workbook(name)
        books.note_run()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path / "books", monkeypatch)
    made.books.month("ann", date(2026, 10, 1), 700)
    return made


def asked(instance: DagsterInstance) -> RunRequest | str:
    """What the sensor asks for now, or why it waits."""
    with build_sensor_context(instance=instance) as context:
        found = rewards.workbook_sensor(context)
    assert isinstance(found, RunRequest | SkipReason)
    return found if isinstance(found, RunRequest) else str(found.skip_message)


def test_the_sensor_waits_for_the_hour_the_workbook_and_its_build(
    desk: Desk, instance: DagsterInstance
) -> None:
    assert "from 02:00 UTC on" in str(asked(instance))
    desk.at("2026-11-01T02:00:00Z")
    assert "no workbook of rewards has ever come" in str(asked(instance))
    desk.workbook_built("september.xlsx", "2026-10-31T23:00:00Z")
    desk.at("2026-11-01T02:00:00Z")
    assert "its last days are in the next one" in str(asked(instance))
    desk.at("2026-11-02T09:00:00Z").workbook("october.xlsx")
    assert "tieout build brings the last workbook in" in str(asked(instance))
    desk.books.note_run()
    request = asked(instance)
    assert isinstance(request, RunRequest)
    assert request.run_key == "rewards-2026-10"
    assert request.tags["tieout/closes"] == "rewards 2026-10"

    done = rewards.rewards_close.execute_in_process(
        run_config=request.run_config, instance=instance
    )
    assert done.success
    [closed] = desk.books.rows("select * from ops.closed_reward_periods")
    assert (closed["period"], closed["closed_by"]) == (date(2026, 10, 1), "timetable")
    assert "2026-10 is closed" in str(asked(instance))
    rewards.rewards_close.execute_in_process(run_config=request.run_config, instance=instance)
    assert len(desk.books.rows("select * from ops.closed_reward_periods")) == 1

    reopen_rewards(load_settings(), "2026-10", "ben", "a row was missing")
    assert "opened again by ben" in str(asked(instance))


def test_the_schedule_asks_on_the_first_for_the_month_before(desk: Desk) -> None:
    context = build_schedule_context(scheduled_execution_time=datetime(2026, 11, 1, 2, tzinfo=UTC))
    waiting = rewards.rewards_schedule(context)
    assert isinstance(waiting, SkipReason)
    assert "the sensor waits for it" in str(waiting.skip_message)
    desk.workbook_built("october.xlsx", "2026-11-01T02:00:00Z")
    request = rewards.rewards_schedule(context)
    assert isinstance(request, RunRequest)
    assert request.run_key == "rewards-2026-10"  # the sensor's: one of them runs


def test_a_close_that_is_refused_fails_its_run(desk: Desk, instance: DagsterInstance) -> None:
    config = {"ops": {rewards.CLOSE_OP: {"config": {"period": "2026-10"}}}}
    done = rewards.rewards_close.execute_in_process(
        run_config=config, instance=instance, raise_on_error=False
    )
    assert not done.success
    [failed] = [event for event in done.all_events if event.is_step_failure]
    told = failed.step_failure_data.user_failure_data
    assert told is not None
    assert "no workbook has landed" in str(told.description)


def test_by_hand_a_month_is_closed_listed_and_opened_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tieout(*words: str) -> tuple[int, str]:
        answer = call(monkeypatch, capsys, *words)
        return answer.code, " ".join((answer.out + answer.err).split())

    desk.workbook_built("october.xlsx", "2026-11-01T02:00:00Z")
    code, said = tieout("close", "rewards", "--period", "2026-10", "--by", "ada")
    assert (code, "closed 2026-10 by ada, fingerprint 1:7" in said) == (0, True)
    assert "marts.reward_period_adjustments" in said
    code, said = tieout("close", "rewards", "--period", "2026-10")
    assert (code, "closed up to 2026-10" in said) == (1, True)
    assert "2026-10 ada" in tieout("close", "rewards")[1].replace("│", "").replace("  ", " ")
    assert tieout("close", "2026-10", "--period", "2026-10")[0] == 2
    assert tieout("reopen", "rewards", "--period", "2026-10")[0] == 2  # no reason
    assert tieout("reopen", "rewards", "--reason", "x")[0] == 2  # no month
    code, said = tieout("reopen", "rewards", "--period", "2026-10", "--reason", "a row")
    assert (code, "reopened 2026-10" in said) == (0, True)

"""Alerts about Dagster's runs: once a run, over all its attempts, however often the sensor looks.

The runs are small jobs with asset checks of their own; what dbt's checks carry is looked at in
test_dagster_run.py. Retries are decided by Dagster itself, as dagster.yaml says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    DagsterInstance,
    DagsterRun,
    Definitions,
    Failure,
    JobDefinition,
    MaterializeResult,
    asset,
    build_sensor_context,
    in_process_executor,
)
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.tags import RETRY_NUMBER_TAG, WILL_RETRY_TAG

from dbt_project.settings import PROJECT_ROOT
from orchestration.alerts import outbox as outbox_module
from orchestration.schedule import alerts, finished
from tests.python.orchestration.deployment import deploy, smtp_choice
from tests.python.orchestration.mail_server import MailServer, body_of


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    """A Dagster instance of its own with the checkout's dagster.yaml."""
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text((PROJECT_ROOT / "dagster.yaml").read_text())
    with DagsterInstance.from_ref(InstanceRef.from_dir(str(home))) as made:
        yield made


@pytest.fixture
def server(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """A deployment whose alerts go to the mail server, which is up."""
    choice = {"base_url": "http://127.0.0.1:3000/", **smtp_choice(mail_server.port)}
    deploy(tmp_path / "books", alerts=choice).settings(monkeypatch)
    mail_server.start()
    return mail_server


def job_of(fails: bool = False, error_rows: int = 0, warn_rows: int = 0) -> JobDefinition:
    """A job of one asset with two checks, which may fail, and a step that may."""
    specs = [AssetCheckSpec("must_tie", asset="books"), AssetCheckSpec("should_tie", asset="books")]

    @asset(name="books", check_specs=specs)
    def books() -> Iterator[Any]:
        yield MaterializeResult()
        for name, rows, severity in (
            ("must_tie", error_rows, AssetCheckSeverity.ERROR),
            ("should_tie", warn_rows, AssetCheckSeverity.WARN),
        ):
            yield AssetCheckResult(
                passed=rows == 0,
                check_name=name,
                severity=severity,
                metadata={"rows": rows, "sql": f"select {rows} as {name}"},
            )
        if fails:
            raise Failure("the bank is closed")

    return Definitions(
        assets=[books], executor=in_process_executor
    ).resolve_implicit_global_asset_job_def()


def execute(
    instance: DagsterInstance,
    job: JobDefinition,
    parent: DagsterRun | None = None,
    tags: dict[str, str] | None = None,
) -> DagsterRun:
    """Executes a run as Dagster's launcher does; `parent` makes it a retry."""
    made = instance.create_run_for_job(
        job,
        tags=tags,
        parent_run_id=parent.run_id if parent else None,
        root_run_id=(parent.root_run_id or parent.run_id) if parent else None,
    )
    execute_run(InMemoryJob(job), made, instance)
    run = instance.get_run_by_id(made.run_id)
    assert run is not None
    return run


def tick(instance: DagsterInstance, cursor: str | None = None) -> str:
    """One look of the alert sensor; returns its cursor."""
    with build_sensor_context(instance=instance, cursor=cursor) as context:
        result = alerts.alert_sensor.evaluate_tick(context)
    assert result.cursor is not None
    return result.cursor


def test_failing_checks_at_error_and_at_warn_are_one_message(
    instance: DagsterInstance, server: MailServer
) -> None:
    run = execute(instance, job_of(error_rows=2, warn_rows=7))
    cursor = None
    for _ in range(3):
        cursor = tick(instance, cursor)
    (mail,) = server.messages
    text = body_of(mail)
    assert "1 test at error, 1 test at warn" in mail["Subject"]
    assert text.count("books: must_tie") == 1
    assert text.count("books: should_tie") == 1
    assert "Failing rows: 7" in text
    assert "select 2 as must_tie" in text
    assert f"http://127.0.0.1:3000/runs/{run.run_id}" in text


def test_control_without_the_unique_key_each_look_sends_again(
    instance: DagsterInstance, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "UNIQUE", "")
    execute(instance, job_of(error_rows=2))
    tick(instance, tick(instance))
    assert len(server.messages) == 2


def test_a_run_without_trouble_sends_nothing(instance: DagsterInstance, server: MailServer) -> None:
    execute(instance, job_of())
    tick(instance)
    assert server.messages == []


def test_a_failed_step_is_told_with_its_reason(
    instance: DagsterInstance, server: MailServer
) -> None:
    execute(instance, job_of(fails=True, error_rows=1))
    tick(instance)
    (mail,) = server.messages
    assert "step books: the bank is closed" in body_of(mail)
    assert "books: must_tie" in body_of(mail)


def test_delivery_that_fails_is_tried_at_the_next_look(
    instance: DagsterInstance, server: MailServer
) -> None:
    server.stop()
    execute(instance, job_of(warn_rows=1))
    cursor = tick(instance)
    server.start()
    tick(instance, tick(instance, cursor))
    assert len(server.messages) == 1


def test_a_retried_run_is_told_once_after_its_last_attempt(
    instance: DagsterInstance, server: MailServer
) -> None:
    retried = {"dagster/retry_on_asset_or_op_failure": "true"}
    first = execute(instance, job_of(fails=True, error_rows=1), tags=retried)
    assert first.tags[WILL_RETRY_TAG] == "true"  # Dagster's own word
    cursor = tick(instance)
    assert server.messages == []
    second = execute(instance, job_of(fails=True, error_rows=1), first, {RETRY_NUMBER_TAG: "1"})
    assert second.tags[WILL_RETRY_TAG] == "false"
    tick(instance, tick(instance, cursor))
    (mail,) = server.messages
    assert body_of(mail).count("books: must_tie") == 1
    assert second.run_id in body_of(mail)


def test_a_retry_that_succeeds_still_tells_what_its_first_attempt_found(
    instance: DagsterInstance, server: MailServer
) -> None:
    retried = {"dagster/retry_on_asset_or_op_failure": "true"}
    first = execute(instance, job_of(fails=True, warn_rows=1), tags=retried)
    execute(instance, job_of(), first, {RETRY_NUMBER_TAG: "1"})
    tick(instance, tick(instance))
    (mail,) = server.messages
    assert "[Tieout warn]" in mail["Subject"]
    assert "the bank is closed" not in body_of(mail)


def test_a_run_that_a_person_starts_again_is_told_again(
    instance: DagsterInstance, server: MailServer
) -> None:
    first = execute(instance, job_of(error_rows=1))
    tick(instance)
    execute(instance, job_of(error_rows=1), first)  # a parent, but no retry number
    tick(instance)
    assert len(server.messages) == 2


def test_a_promised_retry_that_never_comes_is_told_in_the_end(instance: DagsterInstance) -> None:
    retried = {"dagster/retry_on_asset_or_op_failure": "true"}
    run = execute(instance, job_of(fails=True), tags=retried)
    now = datetime.now(UTC)
    assert not finished.is_over(run, now, now, has_retries=True)
    assert finished.is_over(run, now - finished.PATIENCE - timedelta(seconds=1), now, True)
    assert finished.PATIENCE < alerts.OVERLAP


def test_a_failure_whose_retry_is_not_decided_yet_waits(instance: DagsterInstance) -> None:
    run = execute(instance, job_of(fails=True))
    undecided = run.with_tags({k: v for k, v in run.tags.items() if k != WILL_RETRY_TAG})
    now = datetime.now(UTC)
    assert not finished.is_over(undecided, now, now, has_retries=True)
    assert finished.is_over(undecided, now, now, has_retries=False)


def test_dagster_yaml_sends_nothing_and_runs_one_at_a_time() -> None:
    values = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert values["telemetry"] == {"enabled": False}
    assert values["nux"] == {"enabled": False}
    assert values["concurrency"]["pools"] == {"granularity": "run", "default_limit": 1}
    assert values["run_retries"]["retry_on_asset_or_op_failure"] is False

"""`dagster dev` in the checkout just works: started for real, asked over GraphQL on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT
from tests.python.orchestration.deployment import deploy, fill_inbox
from tests.python.orchestration.mail_server import free_port

PATIENCE_SECONDS = 240  # a small machine at work on other things

LOCATION = "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }"
CONTENTS = """{
  shouldShowNux
  repositoriesOrError { ... on RepositoryConnection { nodes {
    name
    schedules { name cronSchedule executionTimezone scheduleState { status } }
    sensors { name sensorState { status } }
    jobs { name }
    assetNodes { groupName }
  } } }
}"""
LAUNCH = """mutation($p: ExecutionParams!) { launchRun(executionParams: $p) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
SENSORS = """query($s: RepositorySelector!) { sensorsOrError(repositorySelector: $s) {
  ... on Sensors { results { name sensorState { id } } } } }"""
STOP = "mutation($id: String!) { stopSensor(id: $id) { __typename } }"
STATUS = "query($r: ID!) { runOrError(runId: $r) { ... on Run { status } } }"

Ask = Callable[..., dict[str, Any]]


def asker(port: int) -> Ask:
    """Asks the GraphQL of a web server on loopback."""

    def ask(query: str, **variables: Any) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            data: dict[str, Any] = json.load(answer)["data"]
        return data

    return ask


def until(wanted: Callable[[], Any]) -> Any:
    """The first answer that is not None, False or a refused connection."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if found := wanted():
                return found
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            pass
        time.sleep(1)
    raise AssertionError("dagster dev did not answer in time")


def homes() -> set[Path]:
    """The temporary homes of `dagster dev` in the checkout."""
    return set(PROJECT_ROOT.glob(".tmp_dagster_home_*"))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A running `dagster dev` of the checkout, about a deployment with the samples in its inbox."""
    folder = tmp_path_factory.mktemp("dev")
    deployment = deploy(folder)
    fill_inbox(deployment)
    port, before = free_port(), homes()
    environment = {key: value for key, value in os.environ.items() if key != "DAGSTER_HOME"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "-p", str(port)],
            cwd=PROJECT_ROOT,
            env={**environment, "TIEOUT_CONFIG": str(deployment.config)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        ask = asker(port)
        until(lambda: _is_loaded(ask(LOCATION)))
        yield ask
    finally:
        _stop(process)
        for left in homes() - before:  # Dagster's own servers make it anew while they shut down
            shutil.rmtree(left, ignore_errors=True)


def _is_loaded(answer: dict[str, Any]) -> bool:
    entries = answer["workspaceOrError"]["locationEntries"]
    return bool(entries) and entries[0]["loadStatus"] == "LOADED"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; then whatever of its process group may be left."""
    process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(60)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop_sensors_that_run(ask: Ask, repository: str) -> None:
    """So that no run of a sensor's meets the one this test starts."""
    selector = {"repositoryName": repository, "repositoryLocationName": "tieout"}
    sensors = ask(SENSORS, s=selector)["sensorsOrError"]["results"]
    running = [
        s["sensorState"]["id"] for s in sensors if s["name"] in ("inbox", "rewards_workbook")
    ]
    assert len(running) == 2
    for identity in running:
        assert ask(STOP, id=identity)["stopSensor"]["__typename"] == "StopSensorMutationResult"


def test_schedules_sensors_jobs_and_groups_are_there_and_no_popup(ask: Ask) -> None:
    answer = ask(CONTENTS)
    (contents,) = answer["repositoriesOrError"]["nodes"]
    assert answer["shouldShowNux"] is False
    assert {
        (s["name"], s["cronSchedule"], s["executionTimezone"], s["scheduleState"]["status"])
        for s in contents["schedules"]
    } == {
        ("daily_0400_utc", "0 4 * * *", "UTC", "RUNNING"),
        ("month_end_1st_0200_utc", "0 2 1 * *", "UTC", "RUNNING"),
        ("rewards_1st_0200_utc", "0 2 1 * *", "UTC", "RUNNING"),
    }
    assert {(s["name"], s["sensorState"]["status"]) for s in contents["sensors"]} == {
        ("alerts", "RUNNING"),
        ("inbox", "RUNNING"),
        ("rewards_workbook", "RUNNING"),
    }
    assert {"daily", "month_end", "inbox", "rewards_close"} <= {
        job["name"] for job in contents["jobs"]
    }
    assert {"raw", "matching", "ledger"} <= {node["groupName"] for node in contents["assetNodes"]}


def test_a_job_runs_through_it(ask: Ask) -> None:
    (contents,) = ask(CONTENTS)["repositoriesOrError"]["nodes"]
    stop_sensors_that_run(ask, contents["name"])
    selector = {
        "repositoryName": contents["name"],
        "repositoryLocationName": "tieout",
        "jobName": "daily",
        "assetSelection": [
            {"path": ["thrive_cash", table]}
            for table in (
                "thrive_cash_customers",
                "thrive_cash_sales",
                "thrive_cash_transactions",
            )
        ],
    }
    launched = ask(LAUNCH, p={"selector": selector, "runConfigData": {}})["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run_id = launched["run"]["runId"]

    def ended() -> str | None:
        status = str(ask(STATUS, r=run_id)["runOrError"]["status"])
        return status if status in {"SUCCESS", "FAILURE", "CANCELED"} else None

    assert until(ended) == "SUCCESS"


def test_what_it_leaves_behind_is_ignored_by_git() -> None:
    names = [".tmp_dagster_home_x/history/runs.db", "history/runs.db", "storage/x", "schedules/x"]
    words = ["/usr/bin/env", "git", "check-ignore", *names]
    done = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True)
    assert done.stdout.decode().split() == names

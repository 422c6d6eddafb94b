"""The real project in Dagster: the daily job, its assets and checks, and the alert about it.

One run of the whole job, in process, on the samples with two planted faults: a decision about
transactions that do not exist (a test at warn) and a file in the archive that nobody registered (a
control at error).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

import pytest
from dagster import AssetKey, DagsterInstance, Definitions, ExecuteInProcessResult
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluation

from dbt_project.project import manifest
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.catalogue import catalogue
from orchestration import pipeline
from orchestration.schedule import config
from tests.python.orchestration.deployment import Deployment, deploy, fill_inbox, smtp_choice
from tests.python.orchestration.life import WARN_TEST, plant_wrong_decision
from tests.python.orchestration.mail_server import MailServer, body_of
from tests.python.orchestration.test_dagster_alerts import tick

ERROR_TEST = "control_archive_in_register"


@dataclass(frozen=True)
class Day:
    """The daily job's one run on a deployment."""

    deployment: Deployment
    server: MailServer
    instance: DagsterInstance
    definitions: Definitions
    result: ExecuteInProcessResult

    def checks(self) -> dict[str, AssetCheckEvaluation]:
        """What each check said, by name."""
        return {found.check_name: found for found in self.result.get_asset_check_evaluations()}


def plant_stray_file(settings: Settings) -> None:
    """A file in the archive that the register does not know: a lost warehouse looks like this."""
    folder = settings.archive / settings.tenant / "bank" / "ab"
    folder.mkdir(parents=True)
    (folder / f"{'ab' * 32}__stray.xml").write_text("<nothing/>", encoding="utf-8")


def definitions_of() -> Definitions:
    """Dagster's table of contents, loaded for the deployment that is set."""
    found = import_module("orchestration.definitions").defs
    assert isinstance(found, Definitions)
    return found


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    server = MailServer()
    choice = {"base_url": "http://127.0.0.1:3000", **smtp_choice(server.port)}
    deployment = deploy(tmp_path_factory.mktemp("day"), alerts=choice)
    fill_inbox(deployment)
    with pytest.MonkeyPatch.context() as patch, DagsterInstance.ephemeral() as instance:
        settings = deployment.settings(patch)
        pipeline.fetch(settings, ["thrive_cash"])  # makes the tables the fault goes into
        plant_wrong_decision(settings)
        plant_stray_file(settings)
        definitions = definitions_of()
        result = definitions.resolve_job_def("daily").execute_in_process(
            instance=instance, raise_on_error=False
        )
        yield Day(deployment, server, instance, definitions, result)
    server.stop()


@pytest.fixture
def settings(day: Day, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the deployment of that day."""
    return day.deployment.settings(monkeypatch)


def test_every_file_is_landed_by_its_loader(day: Day, settings: Settings) -> None:
    with open_warehouse(settings, read_only=True) as warehouse:
        states = warehouse.rows(
            "select state, count(*) as files from ops.deliveries group by state"
        )
    assert {row["state"]: row["files"] for row in states} == {
        "landed": 17,
        "duplicate": 1,
        "rejected": 1,
    }


def test_models_seeds_and_snapshots_are_materialized(day: Day, settings: Settings) -> None:
    nodes = manifest(settings)["nodes"].values()
    wanted = {n["name"] for n in nodes if n["resource_type"] in {"model", "seed", "snapshot"}}
    made = {
        event.asset_key.path[-1]
        for event in day.result.get_asset_materialization_events()
        if event.asset_key
    }
    assert wanted - made == set()


def test_each_planted_fault_fails_its_check_and_nothing_else(day: Day) -> None:
    failed = {name: found for name, found in day.checks().items() if not found.passed}
    assert {name: found.severity.value for name, found in failed.items()} == {
        WARN_TEST: "WARN",
        ERROR_TEST: "ERROR",
    }
    for found in failed.values():
        assert found.metadata["rows"].value == 1
        assert "select" in str(found.metadata["sql"].value)
        assert str(found.metadata["link"].value).startswith(("models/", "tests/"))


def test_a_failed_build_is_not_published_and_the_diary_says_so(
    day: Day, settings: Settings
) -> None:
    assert not day.result.success
    assert not settings.published.exists()
    with open_warehouse(settings, read_only=True) as warehouse:
        runs = warehouse.rows("select run_id, status, is_partial from ops.runs")
    assert runs == [{"run_id": day.result.run_id, "status": "failed", "is_partial": False}]
    (report,) = settings.reports.glob("*/report.html")
    assert ERROR_TEST in report.read_text(encoding="utf-8")


def test_the_alert_is_one_message_also_when_the_server_was_down(
    day: Day, settings: Settings
) -> None:
    cursor = tick(day.instance)
    assert day.server.messages == []
    day.server.start()
    for _ in range(3):
        cursor = tick(day.instance, cursor)
    (mail,) = day.server.messages
    text = body_of(mail)
    assert "1 test at error, 1 test at warn" in mail["Subject"]
    for name, severity in ((WARN_TEST, "warn"), (ERROR_TEST, "error")):
        part = text.partition(f"test {name}\n")[2].lstrip()
        assert text.count(f"test {name}\n") == 1
        assert part.startswith(f"Severity:     {severity}\n   Failing rows: 1\n   Link: ")
        assert "select" in part.split("SQL:")[1][:400]
    assert f"http://127.0.0.1:3000/runs/{day.result.run_id}" in text
    assert "dbt build failed; nothing is published." in text


def test_a_run_of_some_assets_is_partial(day: Day, settings: Settings) -> None:
    """No month is closed on its marts alone: the diary must say that not all of them are new."""
    graph = day.definitions.resolve_asset_graph()
    (seed,) = (key for key in graph.materializable_asset_keys if key.path[-1] == "currencies")
    result = day.definitions.resolve_job_def("daily").execute_in_process(
        instance=day.instance, asset_selection=[seed], raise_on_error=False
    )
    assert [event.asset_key for event in result.get_asset_materialization_events()] == [seed]
    with open_warehouse(settings, read_only=True) as warehouse:
        runs = warehouse.rows("select run_id, is_partial from ops.runs")
    assert {row["run_id"]: row["is_partial"] for row in runs} == {
        day.result.run_id: False,
        result.run_id: True,
    }


def test_a_lost_row_stops_the_run_before_dbt(day: Day, settings: Settings) -> None:
    with open_warehouse(settings) as warehouse:
        warehouse.execute("delete from raw.bank_balances")
    result = day.definitions.resolve_job_def("daily").execute_in_process(
        instance=day.instance, raise_on_error=False
    )
    failed = {
        (found.asset_key.path[-1], found.check_name)
        for found in result.get_asset_check_evaluations()
        if not found.passed
    }
    assert failed == {("bank_balances", "rows_landed")}
    assert not any(
        event.step_key == "dbt_build" and event.is_step_start for event in result.all_events
    )


def test_lineage_runs_from_the_file_to_the_mart(day: Day) -> None:
    graph = day.definitions.resolve_asset_graph()
    raw = {AssetKey([spec.source, table]) for spec in catalogue().values() for table in spec.tables}
    assert raw <= set(graph.materializable_asset_keys)
    reports = AssetKey(["delivery", "reports"])
    above: set[AssetKey] = set()
    todo = [reports]
    while todo:
        for parent in graph.get(todo.pop()).parent_keys - above:
            above.add(parent)
            todo.append(parent)
    assert raw <= above


def test_rooms_are_asset_groups(day: Day) -> None:
    graph = day.definitions.resolve_asset_graph()
    groups = {graph.get(key).group_name for key in graph.materializable_asset_keys}
    rooms = {
        "cards",
        "transactions",
        "matching",
        "payouts",
        "rewards",
        "discrepancies",
        "ledger",
        "chargebacks",
        "fx",
        "controls",
    }
    assert groups == rooms | {"raw", "staging", "seeds", "snapshots", "delivery"}


def test_no_data_test_escapes_alerts(day: Day, settings: Settings) -> None:
    """Each is an asset check; what Dagster cannot hang on one asset would be an observation."""
    tests = {
        node["name"]
        for node in manifest(settings)["nodes"].values()
        if node["resource_type"] == "test"
    }
    graph = day.definitions.resolve_asset_graph()
    checks = {key.name for key in graph.asset_check_keys}
    observed = {
        str(event.asset_observation_data.asset_observation.metadata["unique_id"].value).split(".")[
            2
        ]
        for event in day.result.all_events
        if event.is_asset_observation
    }
    assert {name for name in tests if name not in checks} <= observed


def test_everything_that_writes_is_in_the_pool(day: Day) -> None:
    job = day.definitions.resolve_job_def("daily")
    assert {pool for node in job.graph.nodes for pool in node.definition.pools} == {config.POOL}
    for name in ("daily", "month_end", "inbox"):
        assert day.definitions.resolve_job_def(name).tags["tieout/writer"] == "warehouse"

"""The inbox sensor: each new file once, when it stopped changing, from folders and buckets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import boto3
import pytest
from dagster import (
    DagsterInstance,
    RunRequest,
    SensorResult,
    build_sensor_context,
    validate_run_config,
)
from moto.server import ThreadedMotoServer

from orchestration.schedule import inbox
from tests.python.orchestration.deployment import deploy
from tests.python.orchestration.mail_server import free_port


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bank's door of a deployment."""
    deploy(tmp_path / "books").settings(monkeypatch)
    made = tmp_path / "books" / "inbox" / "bank"
    made.mkdir(parents=True)
    return made


class Sensor:
    """The inbox sensor with Dagster's memory between its looks."""

    def __init__(self, instance: DagsterInstance) -> None:
        self.instance = instance
        self.cursor: str | None = None

    def look(self) -> list[RunRequest]:
        with build_sensor_context(instance=self.instance, cursor=self.cursor) as context:
            result = inbox.inbox_sensor.evaluate_tick(context)
        self.cursor = result.cursor
        return list(result.run_requests or [])


def files_in(request: RunRequest) -> list[str]:
    """The file names a run request asks for."""
    config: dict[str, Any] = request.run_config["ops"]
    return [Path(file).name for op in config.values() for file in op["config"]["files"]]


def test_a_file_is_asked_for_once_at_the_second_look(
    folder: Path, instance: DagsterInstance
) -> None:
    sensor = Sensor(instance)
    (folder / "a.xml").write_text("one")
    assert sensor.look() == []
    (request,) = sensor.look()
    assert files_in(request) == ["a.xml"]
    assert request.asset_selection is None
    assert sensor.look() == []
    assert sensor.look() == []


def test_a_new_file_is_asked_for_without_the_old_one(
    folder: Path, instance: DagsterInstance
) -> None:
    sensor = Sensor(instance)
    (folder / "a.xml").write_text("one")
    sensor.look()
    (first,) = sensor.look()
    (folder / "b.xml").write_text("two")
    assert sensor.look() == []
    (second,) = sensor.look()
    assert files_in(second) == ["b.xml"]
    assert first.run_key != second.run_key


def test_a_file_that_grows_waits(folder: Path, instance: DagsterInstance) -> None:
    sensor = Sensor(instance)
    file = folder / "a.xml"
    for text in ("o", "on", "one"):
        file.write_text(text)
        assert sensor.look() == []
    (request,) = sensor.look()
    assert files_in(request) == ["a.xml"]


def test_the_same_name_with_other_content_is_a_new_file(
    folder: Path, instance: DagsterInstance
) -> None:
    sensor = Sensor(instance)
    file = folder / "a.xml"
    file.write_text("one")
    sensor.look()
    (first,) = sensor.look()
    file.write_text("other")
    sensor.look()
    (second,) = sensor.look()
    assert files_in(second) == ["a.xml"]
    assert first.run_key != second.run_key


def test_the_same_set_has_the_same_key(folder: Path, instance: DagsterInstance) -> None:
    for name in ("a.xml", "b.xml"):
        (folder / name).write_text(name)
        os.utime(folder / name, ns=(1, 1))
    keys = []
    for _ in range(2):  # a second sensor that has forgotten everything
        sensor = Sensor(instance)
        sensor.look()
        (request,) = sensor.look()
        keys.append(request.run_key)
    assert keys[0] == keys[1]


def test_the_memory_keeps_only_what_is_still_there(folder: Path, instance: DagsterInstance) -> None:
    sensor = Sensor(instance)
    file = folder / "a.xml"
    file.write_text("one")
    sensor.look()
    sensor.look()
    file.unlink()
    sensor.look()
    assert inbox.memory_of(sensor.cursor) == inbox.Memory()


def test_control_without_two_equal_looks_a_growing_file_is_taken_too_early(
    folder: Path, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = {f"bank|{folder / 'a.xml'}": "always the same"}
    monkeypatch.setattr(inbox, "fingerprints", lambda settings, memory: (blind, []))
    sensor = Sensor(instance)
    (folder / "a.xml").write_text("o")
    sensor.look()
    (folder / "a.xml").write_text("on")
    assert len(sensor.look()) == 1


def test_objects_in_a_bucket_are_asked_for_once(
    tmp_path: Path, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port())
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        door = {"kind": "s3", "source": "stripe", "bucket": "payments-in", "endpoint_url": endpoint}
        deploy(tmp_path / "books", doors=[door]).settings(monkeypatch)
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        client.create_bucket(Bucket="payments-in")
        client.put_object(Bucket="payments-in", Key="october.csv", Body=b"a,b\n")
        sensor = Sensor(instance)
        assert sensor.look() == []
        (request,) = sensor.look()
        assert files_in(request) == ["october.csv"]
        assert sensor.look() == []
        client.put_object(Bucket="payments-in", Key="october.csv", Body=b"a,b\nc,d\n")
        assert sensor.look() == []
        assert len(sensor.look()) == 1
    finally:
        server.stop()


def test_a_bucket_that_does_not_answer_stops_no_other_door_and_forgets_nothing(
    folder: Path, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    bucket = {
        "kind": "s3",
        "source": "stripe",
        "bucket": "payments-in",
        "endpoint_url": f"http://127.0.0.1:{free_port()}",
    }
    doors = [bucket, {"kind": "folder", "source": "bank", "path": str(folder)}]
    deploy(folder.parent.parent / "with_bucket", doors=doors).settings(monkeypatch)
    sensor = Sensor(instance)
    known = {"stripe|s3://payments-in/october.csv": "etag"}
    sensor.cursor = inbox.Memory(known, known).text()
    (folder / "a.xml").write_text("one")
    assert sensor.look() == []
    (request,) = sensor.look()
    assert files_in(request) == ["a.xml"]
    remembered = inbox.memory_of(sensor.cursor)
    assert known.items() <= remembered.seen.items()
    assert known.items() <= remembered.asked.items()


def test_the_request_is_valid_for_the_inbox_job(folder: Path, instance: DagsterInstance) -> None:
    sensor = Sensor(instance)
    (folder / "a.xml").write_text("one")
    sensor.look()
    (request,) = sensor.look()
    job = import_module("orchestration.definitions").defs.resolve_job_def("inbox")
    assert validate_run_config(job, request.run_config)
    others = [op for name, op in request.run_config["ops"].items() if name != "load_bank"]
    assert all(op["config"]["files"] == [] for op in others)


def test_a_look_without_news_says_so(folder: Path, instance: DagsterInstance) -> None:
    with build_sensor_context(instance=instance) as context:
        result = inbox.inbox_sensor(context)
    assert isinstance(result, SensorResult)
    assert result.skip_reason is not None

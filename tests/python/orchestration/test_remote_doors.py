"""Doors elsewhere: the doctor tries each, the sensor leaves them alone, the timetable asks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dbt_project.settings import load_settings
from ingestion.sources import doors
from orchestration import pipeline
from orchestration.doctor import examine
from orchestration.schedule import inbox
from tests.python.orchestration.deployment import deploy
from tests.python.orchestration.mail_server import free_port
from tests.python.test_doors_page import BLOCKS

SECRET = "not-to-be-told"
REMOTE = sorted(set(BLOCKS) - {"folder", "s3"})


def here(kind: str) -> dict[str, Any]:
    """The block of the page, led to a port of this machine where nothing listens."""
    door: dict[str, Any] = yaml.safe_load(BLOCKS[kind])["doors"][0]
    port, address = free_port(), "http://127.0.0.1"
    place: dict[str, Any] = {"base_url": f"{address}:{port}", "attempts": 1}
    if kind in ("sftp", "ftps", "imap", "sql"):
        place = {"host": "127.0.0.1", "port": port}
    if kind == "rest":
        place = {"url": f"{address}:{port}/a?from={{since}}", "attempts": 1}
    for name in ("ca_file", "archive_to"):
        door.pop(name, None)
    return {**door, **place}


def variables(kind: str) -> list[str]:
    """The variables the door of a block needs."""
    words = yaml.safe_dump(here(kind)).split()
    return [word.strip("'{},") for word in words if word.startswith("TIEOUT_SECRET_")]


@pytest.mark.parametrize("kind", REMOTE)
def test_a_door_that_does_not_answer_is_one_failed_line_without_its_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    deploy(tmp_path, doors=[here(kind)]).settings(monkeypatch)
    found = {check.name: check for check in examine() if not check.is_ok}
    assert set(found) == {"secrets", f"door: {here(kind)['source']}"}
    assert all(name in found["secrets"].detail for name in variables(kind))
    for name in variables(kind):
        monkeypatch.setenv(name, SECRET)
    found = {check.name: check for check in examine() if not check.is_ok}
    (line,) = found.values()
    assert line.name == f"door: {here(kind)['source']}"
    assert line.detail
    assert line.way_out
    assert SECRET not in line.detail


def test_the_sensor_never_opens_a_door_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(tmp_path, doors=[here(kind) for kind in REMOTE]).settings(monkeypatch)
    opened: list[str] = []
    for kind in REMOTE:
        watched = doors.Kind(lambda _, door: opened.append(door.kind), doors.KINDS[kind].tried)
        monkeypatch.setitem(doors.KINDS, kind, watched)
    assert inbox.fingerprints(load_settings(), inbox.Memory()) == ({}, [])
    assert opened == []


def test_control_a_kind_that_is_watched_would_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(tmp_path, doors=[here("sftp")]).settings(monkeypatch)
    looked: list[str] = []

    def look(door: Any) -> Any:
        looked.append(door.kind)
        return iter(())

    real = doors.KINDS["sftp"]
    monkeypatch.setitem(doors.KINDS, "sftp", doors.Kind(real.opened, real.tried, look))
    inbox.fingerprints(load_settings(), inbox.Memory())
    assert looked == ["sftp"]


def test_a_run_asks_every_door_and_fails_when_one_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deploy(tmp_path, doors=[here("rest"), here("sftp")]).settings(monkeypatch)
    for kind in ("rest", "sftp"):
        for name in variables(kind):
            monkeypatch.setenv(name, SECRET)
    arrivals = pipeline.fetch(settings)
    assert "the rest door of internal" in arrivals.unreachable
    assert "the sftp door of bank" in arrivals.unreachable
    assert pipeline.fetch(settings, places=["inbox/a.csv"]).unreachable == ""

"""The doctor: each line ok or failed, with the way out; it changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT
from orchestration import doctor
from orchestration.doctor import Check, examine
from orchestration.lock import single_writer
from tests.python.orchestration.conftest import Tieout
from tests.python.orchestration.deployment import Deployment, deploy, smtp_choice
from tests.python.orchestration.mail_server import MailServer, free_port


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A deployment without any fault."""
    made = deploy(tmp_path)
    made.settings(monkeypatch)
    return made


def failed() -> dict[str, Check]:
    """The lines that are not ok, by name."""
    return {check.name: check for check in examine() if not check.is_ok}


def test_all_is_well_and_nothing_is_made_but_the_lock(books: Deployment, tieout: Tieout) -> None:
    answer = tieout("doctor")
    assert answer.code == 0, answer.out
    assert "failed" not in answer.out
    assert {path.name for path in books.folder.iterdir()} <= {"tieout.yml", "state"}


def test_a_wrong_key_is_named_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tieout: Tieout
) -> None:
    config = tmp_path / "tieout.yml"
    config.write_text("tenant: books\nwarehuose: x.duckdb\n")
    monkeypatch.setenv("TIEOUT_CONFIG", str(config))
    answer = tieout("doctor")
    assert answer.code == 1
    assert "tieout.yml:2: warehuose" in answer.out
    assert "→" in answer.out


@pytest.mark.parametrize(
    ("choices", "name", "words"),
    [
        ({"sources": {"strip": {}}}, "configuration", "strip"),
        ({"archive": "tieout.yml/archive"}, "rights: archive", "tieout.yml"),
        (
            {"doors": [{"kind": "folder", "source": "bank", "path": "nowhere"}]},
            "door: bank",
            "nowhere",
        ),
        (
            {"alerts": {"channels": [{"name": "chat", "url_variable": "TIEOUT_SECRET_CHAT"}]}},
            "secrets",
            "TIEOUT_SECRET_CHAT",
        ),
        (
            {"target": "postgres", "postgres": {"host": "127.0.0.1", "port": 1}},
            "warehouse",
            "refused",
        ),
    ],
)
def test_each_fault_is_one_failed_line_with_a_way_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    choices: dict[str, Any],
    name: str,
    words: str,
) -> None:
    deploy(tmp_path, **choices).settings(monkeypatch)
    found = failed()
    assert name in found
    assert words in found[name].detail
    assert found[name].way_out


def test_a_bucket_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    door = {"kind": "s3", "source": "stripe", "bucket": "payments-in", "endpoint_url": endpoint}
    deploy(tmp_path, doors=[door]).settings(monkeypatch)
    assert endpoint in failed()["door: stripe"].detail


def test_the_mail_server_is_asked_and_gets_no_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mail_server: MailServer
) -> None:
    deploy(tmp_path, alerts=smtp_choice(mail_server.port)).settings(monkeypatch)
    assert "refused" in failed()["mail server"].detail
    mail_server.start()
    assert failed() == {}
    assert mail_server.messages == []


def test_a_writer_at_work_is_named(books: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    with single_writer(books.settings(monkeypatch)):
        assert f"process {os.getpid()}" in failed()["warehouse lock"].detail
    assert failed() == {}


@pytest.fixture
def holder(books: Deployment) -> Iterator[int]:
    """Another program that has the DuckDB file open; its process id."""
    program = (
        "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]);"
        "print('open', flush=True); time.sleep(120)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, books.folder / "tieout.duckdb"],
        stdout=subprocess.PIPE,
        cwd=PROJECT_ROOT,
    )
    assert other.stdout is not None
    other.stdout.readline()
    yield other.pid
    other.kill()
    other.wait()


def test_a_program_that_holds_the_file_is_named(books: Deployment, holder: int) -> None:
    assert str(holder) in failed()["warehouse"].detail


@pytest.mark.parametrize("words", [("build",), ("run",), ("status",), ("load", "bank", "x.xml")])
def test_a_busy_warehouse_is_one_clear_message_and_exit_1(
    books: Deployment, holder: int, tieout: Tieout, words: tuple[str, ...]
) -> None:
    (books.folder / "x.xml").write_text("<a/>")
    named = [str(books.folder / word) if word == "x.xml" else word for word in words]
    answer = tieout(*named)
    assert answer.code == 1
    assert str(holder) in answer.err
    assert "Traceback" not in answer.err


def test_an_old_python_and_a_wrong_package_are_named(
    books: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PYTHONS", ((3, 20), (3, 21)))
    monkeypatch.setattr(doctor, "version", lambda name: "0.0.1")
    assert "3.11" in failed()["python"].way_out
    assert "duckdb 0.0.1" in failed()["packages"].detail


def test_a_full_disk_is_named(books: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEEDED_BYTES", 10**18)
    assert "wanted" in failed()["disk"].detail

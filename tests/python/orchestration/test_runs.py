"""Whole runs by hand: exit codes, the alert, the diary and what is published. See life.py."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from dbt_project.settings import Settings, load_settings
from dbt_project.warehouse import open_warehouse
from orchestration import pipeline, runs
from orchestration.alerts.deliver import flush, outbox_of
from orchestration.announce import announce
from orchestration.outcome import BuildOutcome, Exit
from tests.python.orchestration.conftest import Tieout
from tests.python.orchestration.deployment import (
    deploy,
    fill_inbox,
)
from tests.python.orchestration.life import ERROR_TEST, WARN_TEST, Life, one
from tests.python.orchestration.mail_server import body_of, free_port


def test_a_run_with_a_warning_is_published_and_exits_3(life: Life) -> None:
    assert life.first.code == 3, life.first.out + life.first.err
    assert "Published to" in life.first.out
    assert "rejected own_books_2026-10_returns.csv" in life.first.out
    assert "duplicate" in life.first.out
    assert life.first.out.count(WARN_TEST) == 1


def test_a_run_with_an_error_is_not_published_and_exits_1(life: Life, settings: Settings) -> None:
    assert life.second.code == 1, life.second.out + life.second.err
    assert "Not published" in life.second.out
    assert life.second.out.count(f" {ERROR_TEST} ") == 1
    assert "Traceback" not in life.second.out + life.second.err
    with open_warehouse(settings, read_only=True) as warehouse:
        runs = warehouse.rows("select status, exit_code from ops.runs order by started_at")
    assert [(row["status"], row["exit_code"]) for row in runs] == [("attention", 3), ("failed", 1)]


def test_each_failing_run_is_told_once_also_when_the_server_was_down(
    life: Life, settings: Settings
) -> None:
    assert life.server.messages == []
    assert [entry.state for entry in outbox_of(settings).entries()] == ["pending", "pending"]
    life.server.start()
    assert flush(settings).delivered == 2
    assert flush(settings).delivered == 0
    warned, failed = life.server.messages
    assert "[Tieout warn]" in warned["Subject"]
    assert "[Tieout error]" in failed["Subject"]
    text = body_of(failed)
    for name, severity, rows in ((WARN_TEST, "warn", 1), (ERROR_TEST, "error", 2)):
        part = text.partition(f"test {name}\n")[2].lstrip()
        assert text.count(f"test {name}\n") == 1
        assert part.startswith(f"Severity:     {severity}\n   Failing rows: {rows}\n   Link: ")
        assert "select" in part.split("SQL:")[1][:400]
    names = [line.split(". test ")[1] for line in text.splitlines() if ". test " in line]
    assert len(names) == len(set(names))


def test_status_tells_the_last_run(settings: Settings, tieout: Tieout) -> None:
    answer = tieout("status")
    assert answer.code == 0
    assert "failed" in answer.out
    assert ERROR_TEST in answer.out


def test_files_shows_every_arrival_with_its_state(settings: Settings, tieout: Tieout) -> None:
    rejected = tieout("files", "--state", "rejected")
    assert "own_books_2026-10_returns.csv" in rejected.out
    assert "FILE_NOT_CSV" in rejected.out
    assert "own_books_2026-10-11_to_20.csv" in tieout("files", "--state", "superseded").out
    assert "1 file " in tieout("files", "--state", "duplicate", "--source", "stripe").out


def test_a_door_that_does_not_answer_fails_the_run_after_all_else_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    endpoint = f"http://127.0.0.1:{free_port()}"
    bucket = {"kind": "s3", "source": "bank", "bucket": "in-tray", "endpoint_url": endpoint}
    folder = {"kind": "folder", "source": "thrive_cash", "path": "inbox/thrive_cash"}
    deployment = deploy(tmp_path, doors=[bucket, folder])
    fill_inbox(deployment)
    arrivals = pipeline.fetch(deployment.settings(monkeypatch))
    assert [result.state for result in arrivals.landed] == ["landed"]
    assert endpoint in arrivals.unreachable
    built = BuildOutcome("run_1", None, datetime(2026, 11, 1), datetime(2026, 11, 1))
    assert pipeline.exit_code_of(arrivals, built) == Exit.FAILED
    announce(load_settings(), runs.started("run", run_id="run_1"), built, "x", arrivals.unreachable)
    (entry,) = outbox_of(load_settings()).entries()
    assert (entry.severity, entry.state) == ("error", "no channel")


def test_report_writes_the_last_run_again_whatever_dbt_did_since(
    settings: Settings, tieout: Tieout
) -> None:
    (settings.target_path / "run_results.json").write_text('{"results": []}', encoding="utf-8")
    answer = tieout("report")
    assert answer.code == 0, answer.err
    folder = Path(answer.out.split("Reports are in ")[1].split("\n")[0].strip())
    assert ERROR_TEST in (folder / "report.html").read_text(encoding="utf-8")


def test_readers_keep_the_last_good_copy(life: Life, settings: Settings) -> None:
    published = settings.model_copy(update={"warehouse": settings.published})
    lost = (
        "select count(*) from marts.transactions where reference = 'KW-5019' and side = 'internal'"
    )
    assert one(published, lost) == "1"
    assert one(settings, lost) == "0"

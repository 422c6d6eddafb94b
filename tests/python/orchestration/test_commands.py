"""The command line's small things: exit codes, help, init, the example configuration, the lock."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml

from dbt_project.project import profiles_dir
from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import WarehouseBusyError, open_warehouse, postgres_dsn
from orchestration.alerts.deliver import file_alert
from orchestration.alerts.trouble import Trouble
from orchestration.build import BuildRequest, build_and_announce, dbt_words, moment_of
from orchestration.commands.run import moment_of as moment_given
from orchestration.lock import advisory_key, single_writer
from orchestration.outcome import Exit
from tests.python.orchestration.conftest import Tieout
from tests.python.orchestration.deployment import INBOX, Deployment, deploy, smtp_choice
from tests.python.orchestration.mail_server import free_port

SEEDS = BuildRequest(select=("currencies",))


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """An empty deployment."""
    made = deploy(tmp_path)
    made.settings(monkeypatch)
    return made


def test_a_clean_load_exits_0_and_again_is_a_duplicate(books: Deployment, tieout: Tieout) -> None:
    folder = str(INBOX / "bank")
    first = tieout("load", "bank", folder)
    assert first.code == 0, first.err
    files = len(list((INBOX / "bank").glob("*.xml")))
    assert first.out.count("landed statement_") == files
    second = tieout("load", "bank", folder)
    assert second.code == 0
    assert second.out.count("duplicate statement_") == files
    assert "0 rows landed" in second.out


def test_quarantined_rows_exit_3_and_a_rejected_file_exits_1(
    books: Deployment, tieout: Tieout
) -> None:
    quarantined = tieout("load", "internal", str(INBOX / "internal/own_books_2026-10-21_to_31.csv"))
    assert quarantined.code == 3
    assert "1 quarantined" in quarantined.out
    rejected = tieout("load", "internal", str(INBOX / "internal/own_books_2026-10_returns.csv"))
    assert rejected.code == 1
    assert "FILE_NOT_CSV" in rejected.out


def test_a_held_file_exits_3_and_is_let_in_by_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tieout: Tieout
) -> None:
    deploy(tmp_path, limits={"max_quarantine_percent": 1}).settings(monkeypatch)
    held = tieout("load", "internal", str(INBOX / "internal/own_books_2026-10-21_to_31.csv"))
    assert held.code == 3
    found = re.search(r"doc_[0-9a-f]{24}", held.out)
    assert found is not None
    assert found.group() in tieout("files", "--state", "held").out
    released = tieout("release", found.group())
    assert released.code == 3  # landed, and its bad row stays in quarantine
    assert "16 rows landed" in released.out
    assert "Next: tieout build" in released.out
    assert found.group() not in tieout("files", "--state", "held").out
    again = tieout("release", found.group())
    assert again.code == 1
    assert "released by" in again.err
    reading = tieout("reprocess", "--dry-run", found.group())
    assert "Nothing was written" in reading.out
    assert "name it: tieout reprocess doc_" in tieout("reprocess").out


@pytest.mark.parametrize(
    "words",
    [
        ("load", "strip", "x.csv"),
        ("load", "bank", "no/such/file.xml"),
        ("load", "bank"),
        ("run", "--as-of", "yesterday"),
        ("run", "--date", "2026-10-31", "--as-of", "2026-10-31"),
        ("run", "--date", "2026-10-31T10:00:00"),
        ("run", "--source", "strip"),
        ("build", "--target", "oracle"),
        ("files", "--state", "lost"),
        ("reconcile",),
    ],
)
def test_wrong_usage_exits_2(books: Deployment, tieout: Tieout, words: tuple[str, ...]) -> None:
    answer = tieout(*words)
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_builds_that_work_and_that_do_not_are_in_the_diary(
    books: Deployment, tieout: Tieout
) -> None:
    good = tieout("build", "--select", "currencies")
    assert good.code == 0, good.out + good.err
    assert "succeeded" in tieout("status").out
    bad = tieout("build", "--select", "transactions")  # its parents were never built
    assert bad.code == 1
    assert "transactions" in bad.out
    status = tieout("status").out
    assert "transactions: failed" in status
    assert " 0 rows" not in status
    assert "Traceback" not in good.err + bad.err


def test_status_and_files_before_anything_happened(books: Deployment, tieout: Tieout) -> None:
    assert "No run yet" in tieout("status").out
    assert "0 files" in tieout("files").out
    assert tieout("report").code == 1
    assert tieout("explain", "x").code == 1


def test_the_installed_command_prints_no_traceback(tmp_path: Path) -> None:
    config = tmp_path / "tieout.yml"
    config.write_text("tenant: Not A Name\n")
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "status"],
        cwd=PROJECT_ROOT,
        env={"PATH": "/usr/bin", "TIEOUT_CONFIG": str(config)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{config}:1: tenant" in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr


def test_help_teaches_with_examples(tieout: Tieout) -> None:
    commands = ("init", "load", "release", "run", "build", "report", "status", "files", "explain")
    for command in (*commands, "doctor"):
        answer = tieout(command, "--help")
        assert answer.code == 0
        assert "Example" in answer.out, command


def test_init_writes_both_files_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tieout: Tieout
) -> None:
    config = tmp_path / "new" / "tieout.yml"
    monkeypatch.setenv("TIEOUT_CONFIG", str(config))
    assert tieout("init").code == 0
    config.write_text(config.read_text() + "# mine\n")
    assert "kept" in tieout("init").out
    assert config.read_text().endswith("# mine\n")
    assert (config.parent / "profiles.yml").exists()
    assert profiles_dir() == config.parent


def test_every_key_of_the_example_is_one_that_settings_know() -> None:
    text = (PROJECT_ROOT / "tieout.yml.example").read_text(encoding="utf-8")
    keys = set(Settings.model_fields)
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ") if line.startswith("# ") else line
        key = bare.partition(":")[0]
        if key in keys or (line.startswith("# ") and bare.startswith((" ", "- "))):
            lines.append(bare)
    values = yaml.safe_load("\n".join(lines))
    Settings(**values)
    # a section `archive:` is the bucket
    assert keys - set(values) <= {"target_path", "archive_bucket"}


def test_json_logs_come_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tieout: Tieout
) -> None:
    settings = deploy(tmp_path, alerts=smtp_choice(free_port())).settings(monkeypatch)
    file_alert(settings, Trouble("run_1", "a run", "books", "here", error="the disk is full"))
    assert tieout("alerts", "flush").err == ""
    asked = tieout("--log-json", "alerts", "flush")
    (line,) = asked.err.splitlines()
    assert json.loads(line)["event"] == "alert_waits"


def test_a_moment_is_utc_and_a_day_is_its_last_second() -> None:
    assert str(moment_given("2026-10-31", is_day=True)) == "2026-10-31 23:59:59"
    assert str(moment_given("2026-10-31T23:59:59Z", is_day=False)) == "2026-10-31 23:59:59"
    assert str(moment_given("2026-10-31T23:59:59+02:00", is_day=False)) == "2026-10-31 21:59:59"


def test_a_document_of_the_same_second_counts(duckdb_settings: Settings) -> None:
    pinned = duckdb_settings.model_copy(update={"now": None})
    assert moment_of(pinned, None) is None
    moment = moment_given("2026-10-31T23:59:58.2Z", is_day=False)
    assert str(moment_of(pinned, moment)) == "2026-10-31 23:59:59"


def test_unit_tests_are_not_part_of_a_build() -> None:
    assert dbt_words(SEEDS) == [
        "build", "--exclude-resource-type", "unit_test", "--select", "currencies",
    ]  # fmt: skip


def test_on_postgres_one_writer_a_tenant(postgres_settings: Settings) -> None:
    other_host = postgres_settings.model_copy(update={"state": postgres_settings.state / "other"})
    other_tenant = other_host.model_copy(update={"tenant": "another"})
    with single_writer(postgres_settings):
        with pytest.raises(WarehouseBusyError, match="tenant default"), single_writer(other_host):
            pass
        with single_writer(other_tenant):
            pass
    with single_writer(other_host):
        pass


def test_control_without_the_advisory_lock_two_hosts_would_write_at_once(
    postgres_settings: Settings,
) -> None:
    """The file lock alone does not see another host: that is what the advisory lock is for."""
    other_host = postgres_settings.model_copy(update={"state": postgres_settings.state / "other"})
    key = advisory_key(postgres_settings.tenant)
    with (
        psycopg.connect(postgres_dsn(postgres_settings), autocommit=True) as elsewhere,
        single_writer(postgres_settings),
    ):
        taken = elsewhere.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
        assert taken == (False,)
        duck = other_host.model_copy(update={"target": "duckdb"})
        with single_writer(duck):  # no advisory lock: nothing stops it
            pass


def test_a_build_on_postgres_takes_and_gives_back_the_lock(postgres_settings: Settings) -> None:
    outcome = build_and_announce(postgres_settings, SEEDS)
    assert outcome.exit_code == Exit.GOOD, outcome
    with open_warehouse(postgres_settings) as warehouse:
        assert warehouse.rows("select status from ops.runs") == [{"status": "succeeded"}]
        rows = warehouse.rows("select count(*) as locks from pg_locks where locktype = 'advisory'")
    assert rows == [{"locks": 0}]


def test_a_second_writer_is_refused_while_a_build_runs(postgres_settings: Settings) -> None:
    with single_writer(postgres_settings), pytest.raises(WarehouseBusyError):
        build_and_announce(postgres_settings, SEEDS)

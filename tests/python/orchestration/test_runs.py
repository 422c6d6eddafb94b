"""Whole runs by hand: exit codes, the alert, what is published, and what explain makes of it.

One deployment walks through a month's life: the samples with a wrong decision (a test at warn),
then a landed row is lost (tests at error). Each run's answers are kept and looked at by many tests.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from dbt_project.settings import Settings, load_settings
from dbt_project.warehouse import open_warehouse
from orchestration import cli, pipeline, runs
from orchestration.alerts.deliver import flush, outbox_of
from orchestration.announce import announce
from orchestration.demo_story import CHAPTERS, tell
from orchestration.outcome import BuildOutcome, Exit
from tests.python.orchestration.conftest import Tieout
from tests.python.orchestration.deployment import (
    Answer,
    Deployment,
    deploy,
    fill_inbox,
    smtp_choice,
)
from tests.python.orchestration.mail_server import MailServer, body_of, free_port

WARN_TEST = "decisions_name_two_transactions"
ERROR_TEST = "control_landed_lines"


@dataclass(frozen=True)
class Life:
    """A deployment after two runs, and what each said."""

    deployment: Deployment
    server: MailServer
    first: Answer
    second: Answer


def run(*words: str) -> Answer:
    """`tieout` with these words, outside of any one test."""
    out, err = StringIO(), StringIO()
    before, sys.argv = sys.argv, ["tieout", *words]
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            cli.main()
    finally:
        sys.argv = before
    return Answer(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def plant_wrong_decision(settings: Settings) -> None:
    """A person decided on transactions that do not exist: dbt warns."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute(
            "insert into ops.match_decisions (decision_id, tenant_id, action, reconciliation,"
            " left_source, left_native_id, right_source, right_native_id, decided_by, decided_at,"
            " reason) values ('dec_1', 'kestrel_wren', 'match', 'books_processor', 'internal',"
            " 'nobody', 'stripe', 'nothing', 'someone', timestamp '2026-10-20 12:00:00', 'typo')"
        )


def lose_a_row(settings: Settings) -> None:
    """A landed row vanishes from raw: several controls must say so."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute(
            "delete from raw.internal_transactions where reference_number = 'KW-5019'"
        )


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    server = MailServer()  # down for both runs
    deployment = deploy(tmp_path_factory.mktemp("life"), alerts=smtp_choice(server.port))
    fill_inbox(deployment)
    with pytest.MonkeyPatch.context() as patch:
        settings = deployment.settings(patch)
        assert (
            run("load", "thrive_cash", str(deployment.folder / "inbox" / "thrive_cash")).code == 0
        )
        plant_wrong_decision(settings)
        first = run("run")
        lose_a_row(settings)
        second = run("run")
        yield Life(deployment, server, first, second)
    server.stop()


@pytest.fixture
def settings(life: Life, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the deployment with a life."""
    return life.deployment.settings(monkeypatch)


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
    assert "1 files" in tieout("files", "--state", "duplicate", "--source", "stripe").out


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


def stories(tieout: Tieout, identity: str) -> dict[str, dict[str, dict[str, str]]]:
    answer = tieout("explain", identity, "--json")
    assert answer.code == 0, answer.err
    return {
        story["identity"]: {door["name"]: dict(door["facts"]) for door in story["doors"]}
        for story in json.loads(answer.out)
    }


def one(settings: Settings, sql: str) -> str:
    with open_warehouse(settings, read_only=True) as warehouse:
        return str(next(iter(warehouse.rows(sql)[0].values())))


def test_explain_walks_every_door_of_a_matched_payment(settings: Settings, tieout: Tieout) -> None:
    found = stories(tieout, "ch_kw5001")
    assert len(found) == 2  # our books and the processor
    for doors in found.values():
        assert doors["file"]["name"].endswith(".csv")
        assert int(doors["file"]["line"]) > 1
        assert doors["match in books_processor"]["rule_id"] == "books_exact"
        assert doors["match in books_processor"]["explanation"]
        assert ".csv:" in doors["match in books_processor"]["partner"]
        assert any(name.startswith("raw line") for name in doors)
        assert any(name.startswith("staging ") for name in doors)
        assert doors["ledger"]


def test_explain_says_of_a_break_its_file_and_line_and_why(
    settings: Settings, tieout: Tieout
) -> None:
    identity = one(
        settings, "select discrepancy_id from marts.discrepancies where kind = 'missing_at_bank'"
    )
    (doors,) = stories(tieout, identity).values()
    assert doors["file"]["name"] == "Itemised_payouts_2026-10-01_to_2026-10-31_UTC.csv"
    assert doors["file"]["line"] == "5"
    assert doors["open in payout_bank"]["state"] == "missing"
    assert doors["open in payout_bank"]["reason"]
    assert doors["break: missing_at_bank"]["what_to_do"]


def test_explain_says_how_many_rivals_an_ambiguous_one_has(
    settings: Settings, tieout: Tieout
) -> None:
    identity = one(
        settings,
        "select transaction_id from marts.open_items where state = 'ambiguous' and rivals > 1"
        " order by transaction_id limit 1",
    )
    (doors,) = stories(tieout, identity).values()
    assert int(doors["open in books_processor"]["rivals"]) > 1


def test_explain_knows_rewards_and_documents(settings: Settings, tieout: Tieout) -> None:
    reward = one(settings, "select trans_id from marts.reward_transactions where allocated > 0")
    assert any("reward" in doors for doors in stories(tieout, reward).values())
    refused = one(settings, "select document_id from ops.quarantine limit 1")
    (doors,) = stories(tieout, refused).values()
    assert any(name.startswith("refused line") for name in doors)


def test_explain_of_nothing_is_a_failure_that_helps(settings: Settings, tieout: Tieout) -> None:
    answer = tieout("explain", "txn_of_nobody")
    assert answer.code == 1
    assert "tieout files" in answer.err


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


def test_the_demonstration_tells_every_chapter(settings: Settings) -> None:
    out = Console(file=StringIO(), width=200)
    with open_warehouse(settings, read_only=True) as warehouse:
        tell(out, settings, warehouse, settings.reports / "last")
    assert isinstance(out.file, StringIO)
    told = out.file.getvalue()
    for title, *_ in CHAPTERS:
        assert title in told
    assert re.search(r"missing_at_bank +EUR +1 +169\.94", told)
    assert re.search(r"books_exact +JPY +1 +4800 +0 ", told)
    assert re.search(r"books_exact +KWD +1 +12\.500 +0\.000", told)
    assert "tieout explain brk_" in told

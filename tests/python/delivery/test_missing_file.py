"""A file that does not come: told once, to a real receiver; its day is incomplete until it does.

The sample month with one expectation more: the bank's statement of 31 October, due on 1 November
at 03:00 in Berlin and an hour of grace. The deployment's clock says 04:00 UTC.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import NodeResult
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration import runs
from orchestration.alerts.gaps import tell_gaps
from orchestration.outcome import BuildOutcome
from tests.python.orchestration.conftest import Tieout, tieout  # noqa: F401 – a fixture
from tests.python.orchestration.deployment import INBOX, deploy

GAP = "bank statement_20261031*.xml is missing"
ALL = ("build", "--select", "int_controls__expected_days+")


@dataclass
class Receiver:
    """What a webhook of ours was sent."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server on loopback that keeps what is posted to it."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()


@pytest.fixture
def books(
    tmp_path: Path, built_month: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """The built month as a deployment that expects a statement a day and alerts over HTTP."""
    monkeypatch.setenv("TIEOUT_SECRET_DESK", f"json://127.0.0.1:{receiver.port}/alerts")
    channel = {"name": "desk", "url_variable": "TIEOUT_SECRET_DESK", "severities": ["warn"]}
    settings = deploy(tmp_path, alerts={"channels": [channel]}).settings(monkeypatch)
    shutil.copy(built_month, settings.warehouse)
    columns = "expectation_id, tenant_id, source, name_pattern, weekdays, days_after, due_time"
    with open_warehouse(settings) as warehouse:
        warehouse.execute(
            f"insert into seeds.file_expectations ({columns}, time_zone, grace_minutes, calendar,"
            " valid_from) values ('bank_daily', 'kestrel_wren', 'bank',"
            " 'statement_{yyyymmdd}*.xml', 'sat sun', 1, '03:00', 'Europe/Berlin', 60, 'target',"
            " date '2026-10-31')"
        )
    return settings


def days(settings: Settings) -> list[dict[str, Any]]:
    """What the summary says of the incomplete days."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(
            "select source, business_date, currency, total_count, incomplete_because"
            " from marts.reconciliation_summary where not is_complete"
            " order by source, business_date, currency"
        )


def judged(run: runs.RunStart) -> BuildOutcome:
    """A build that looked for missing files."""
    node = NodeResult("model.tieout.expected_files", "expected_files", "success", 0, "", "")
    return BuildOutcome(run.run_id, run.as_of, run.started_at, run.started_at, (node,))


def report_of(settings: Settings, words: Tieout) -> dict[str, str]:
    """The reports, written again from the marts as they are."""
    answer = words("report")
    assert answer.code == 0, answer.err
    folder = Path("".join(answer.out.split("Reports are in ")[1].split("kept here")[0].split()))
    assert folder.parent == settings.reports
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def looks_incomplete(settings: Settings, words: Tieout) -> None:
    """Summary, report and status all say that the day lacks the file."""
    told = days(settings)
    assert {(row["source"], row["total_count"]) for row in told} == {("bank", 0)}
    assert {row["incomplete_because"] for row in told} == {f"{GAP}, due 2026-11-01 02:00 UTC"}
    said = report_of(settings, words)
    page = said["report.html"]
    assert "It ties out, but 1 day is incomplete" in page
    assert page.index('id="incomplete"') < page.index('id="breaks"')
    assert GAP in said["executive_summary.txt"]
    assert json.loads(said["report.json"])["incomplete_days"][0]["state"] == "missing"
    assert "2026-10-31 bank statement_20261031*.xml: missing" in words("status").out


def let_it_come(settings: Settings, words: Tieout) -> None:
    """The statement of the day comes at last."""
    late = settings.warehouse.parent / "statement_20261031.xml"
    text = (INBOX / "bank" / "statement_USD-2026-10.xml").read_text(encoding="utf-8")
    late.write_text(re.sub(r"<Id>[^<]+</Id>", "<Id>ST-1031</Id>", text, count=1), "utf-8")
    landed = words("load", "bank", str(late))
    assert landed.code == 0, landed.out


def test_a10_a_missing_file_is_told_once_and_its_day_is_incomplete_until_it_comes(
    books: Settings,
    receiver: Receiver,
    tieout: Tieout,  # noqa: F811
) -> None:
    first = tieout(*ALL)
    assert first.code == 3, first.out + first.err
    (post,) = receiver.posts
    assert post["title"] == f"[Tieout warn] kestrel_wren: {GAP}, 2026-10-31 is incomplete"
    for word in (
        "1. bank: statement_20261031*.xml, for 2026-10-31",
        "due 2026-11-01 03:00 Europe/Berlin (2026-11-01 02:00 UTC)",
        "ask the sender for it",
        "tieout load bank FILE",
        "enter target,2026-10-31 in seeds/holidays.csv",
    ):
        assert word in post["message"]

    looks_incomplete(books, tieout)

    second = tieout("build", "--select", "expected_files")
    assert second.code == 3, "the day is still incomplete"
    assert len(receiver.posts) == 1, "and nobody is told again"

    with closing(sqlite3.connect(books.state / "outbox.sqlite")) as outbox, outbox:
        outbox.execute("delete from told")  # the control: who forgets what was told says it again
    run = runs.started("build", books.clock())
    assert tell_gaps(books, run, judged(run))
    assert tell_gaps(books, run, judged(run)) == []

    let_it_come(books, tieout)
    third = tieout(*ALL)
    assert "expected_files_are_there" not in third.out
    assert [GAP in post["title"] for post in receiver.posts] == [True, True]  # and none of the end
    assert days(books) == []
    assert 'id="incomplete"' not in report_of(books, tieout)["report.html"]

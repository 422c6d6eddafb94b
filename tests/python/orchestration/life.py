"""A deployment's life that many tests look at: two whole runs by hand, each with a planted fault.

First the samples with a wrong decision (a test at warn), then a landed row is lost (controls at
error). The mail server is down for both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration import cli
from tests.python.orchestration.deployment import (
    Answer,
    Deployment,
    deploy,
    fill_inbox,
    smtp_choice,
)
from tests.python.orchestration.mail_server import MailServer

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


@contextmanager
def lived(folder: Path) -> Iterator[Life]:
    """Lets a deployment live through both runs."""
    server = MailServer()  # down for both runs
    deployment = deploy(folder, alerts=smtp_choice(server.port))
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


def one(settings: Settings, sql: str) -> str:
    with open_warehouse(settings, read_only=True) as warehouse:
        return str(next(iter(warehouse.rows(sql)[0].values())))

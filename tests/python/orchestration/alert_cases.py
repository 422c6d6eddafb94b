"""Troubles to tell, and settings whose alerts go to a mail server on loopback."""

from __future__ import annotations

from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.settings_alerts import Alerts, Channel, Smtp
from orchestration.alerts.trouble import Finding, Trouble
from tests.python.conftest import make_settings
from tests.python.orchestration.mail_server import MailServer

ERROR = Finding("control_landed_lines", "error", 3, "select 1\nfrom raw.x", "models/a.yml")
WARN = Finding("decisions_name_two_transactions", "warn", 1, "select 2", "models/b.yml")


def trouble(*findings: Finding, run_id: str = "run_1", error: str = "") -> Trouble:
    return Trouble(run_id, "tieout run", "books", "http://127.0.0.1:3000/runs/1", findings, error)


def settings_of(folder: Path, server: MailServer, *channels: Channel) -> Settings:
    smtp = Smtp(
        host="127.0.0.1",
        port=server.port,
        sender="tieout@books.example",
        recipients=("finance@books.example",),
        security="none",
    )
    return make_settings(folder, alerts=Alerts(smtp=smtp, channels=channels))

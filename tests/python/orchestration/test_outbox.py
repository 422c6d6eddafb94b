"""The outbox: each alert once a channel, and it stays until it is delivered."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT
from dbt_project.settings_alerts import Alerts, Channel
from orchestration.alerts import outbox as outbox_module
from orchestration.alerts.channels import names_for
from orchestration.alerts.deliver import file_alert, flush, outbox_of
from orchestration.alerts.message import worded
from orchestration.alerts.outbox import Outbox
from tests.python.conftest import make_settings
from tests.python.orchestration.alert_cases import ERROR, WARN, settings_of, trouble
from tests.python.orchestration.mail_server import MailServer, body_of


def test_one_message_names_each_test_once(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    assert file_alert(settings, trouble(ERROR, WARN))
    assert flush(settings).delivered == 1
    (mail,) = mail_server.messages
    plain, html = body_of(mail), body_of(mail, "html")
    for finding in (ERROR, WARN):
        assert plain.count(f"test {finding.name}\n") == 1
        assert html.count(finding.name) == 1
        assert f"Failing rows: {finding.rows}" in plain
    assert "Severity:     error" in plain
    assert "Severity:     warn" in plain
    assert "from raw.x" in plain
    assert "1 test at error, 1 test at warn" in mail["Subject"]
    assert "http://127.0.0.1:3000/runs/1" in plain


def test_the_same_run_is_told_once_however_often_it_is_filed(
    tmp_path: Path, mail_server: MailServer
) -> None:
    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    for _ in range(3):
        file_alert(settings, trouble(ERROR))
        flush(settings)
    assert len(mail_server.messages) == 1


def test_control_without_the_unique_key_the_same_run_is_told_twice(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "UNIQUE", "")
    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    for _ in range(2):
        file_alert(settings, trouble(ERROR))
        flush(settings)
    assert len(mail_server.messages) == 2


def test_an_alert_waits_for_a_server_that_is_down(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    file_alert(settings, trouble(ERROR))
    assert flush(settings).waiting
    assert flush(settings).waiting
    (entry,) = outbox_of(settings).entries()
    assert (entry.state, entry.attempts) == ("pending", 2)
    assert "refused" in entry.last_error.lower()
    mail_server.start()
    assert flush(settings).delivered == 1
    assert flush(settings).delivered == 0
    assert len(mail_server.messages) == 1


def test_one_channel_down_does_not_repeat_the_other(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = MailServer()  # any channel of Apprise's; here its own mail one, on another port
    url = f"mailto://127.0.0.1:{chat.port}?from=t@books.example&to=ops@books.example&mode=insecure"
    monkeypatch.setenv("TIEOUT_SECRET_CHAT_URL", url)
    channel = Channel(name="chat", url_variable="TIEOUT_SECRET_CHAT_URL")
    settings = settings_of(tmp_path, mail_server, channel)
    mail_server.start()
    file_alert(settings, trouble(ERROR))
    assert flush(settings).delivered == 1
    chat.start()
    try:
        assert flush(settings).delivered == 1
        assert flush(settings).delivered == 0
    finally:
        chat.stop()
    assert (len(mail_server.messages), len(chat.messages)) == (1, 1)


def test_a_channel_gets_the_severities_it_asked_for() -> None:
    loud = Channel(name="pager", url_variable="TIEOUT_SECRET_PAGER", severities=("error",))
    alerts = Alerts(channels=(loud,))
    assert names_for(alerts, "error") == ["pager"]
    assert names_for(alerts, "warn") == []


def test_two_senders_at_once_deliver_once(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    for number in range(5):
        file_alert(settings, trouble(ERROR, run_id=f"run_{number}"))
    senders = [threading.Thread(target=flush, args=(settings,)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    flush(settings)
    identities = [mail["Message-ID"] for mail in mail_server.messages]
    assert len(identities) == 5
    assert len(set(identities)) == 5


def test_a_killed_sender_leaves_a_claim_that_frees_itself(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path, mail_server)
    file_alert(settings, trouble(ERROR))
    program = (
        "import os, sys; from pathlib import Path;"
        "from orchestration.alerts.outbox import Outbox;"
        "Outbox(Path(sys.argv[1])).claim(['smtp']); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, outbox_of(settings).file], cwd=PROJECT_ROOT)
    mail_server.start()
    assert flush(settings).delivered == 0  # the dead sender's lease still runs
    monkeypatch.setattr(outbox_module, "_text", lambda moment: "9999-12-31T00:00:00")
    assert flush(settings).delivered == 1
    assert len(mail_server.messages) == 1


def test_an_alert_from_before_any_channel_waits_for_flush(
    tmp_path: Path, mail_server: MailServer
) -> None:
    silent = make_settings(tmp_path)
    file_alert(silent, trouble(ERROR))
    assert flush(silent).delivered == 0
    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    assert flush(settings).delivered == 0
    assert flush(settings, include_orphans=True).delivered == 1
    assert flush(settings, include_orphans=True).delivered == 0


def test_the_outbox_opens_again(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite"
    assert Outbox(file).put(worded(trouble(ERROR)), ["smtp"])
    assert not Outbox(file).put(worded(trouble(ERROR)), ["smtp"])
    assert [entry.state for entry in Outbox(file).entries()] == ["pending"]

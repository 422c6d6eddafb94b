"""The outbox: each alert once a channel, and it stays until it is delivered."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT, Alerts, Channel, Settings, Smtp
from orchestration.alerts import outbox as outbox_module
from orchestration.alerts.channels import mail_of, names_for
from orchestration.alerts.deliver import file_alert, flush, outbox_of
from orchestration.alerts.message import worded
from orchestration.alerts.outbox import Outbox
from orchestration.alerts.trouble import Finding, Trouble
from tests.python.conftest import make_settings
from tests.python.orchestration.mail_server import MailServer, body_of

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


def test_a_refusal_of_the_server_is_tried_again(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    mail_server.answer = "451 come back later"
    file_alert(settings, trouble(ERROR))
    assert "451" in flush(settings).waiting[0]
    mail_server.answer = "250 kept"
    assert flush(settings).delivered == 1
    assert len(mail_server.messages) == 1


def test_a_bad_goodbye_does_not_send_the_message_again(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rude(self: smtplib.SMTP) -> None:
        raise smtplib.SMTPResponseException(500, b"no")

    settings = settings_of(tmp_path, mail_server)
    mail_server.start()
    monkeypatch.setattr(smtplib.SMTP, "quit", rude)
    file_alert(settings, trouble(ERROR))
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


def test_the_mail_is_the_same_at_each_try(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    file_alert(settings, trouble(ERROR))
    outbox = outbox_of(settings)
    first = outbox.claim(["smtp"])
    assert first is not None
    outbox.release([first])
    second = outbox.claim(["smtp"])
    assert second is not None
    smtp = settings.alerts.smtp
    assert smtp is not None
    assert mail_of(smtp, first)["Message-ID"] == mail_of(smtp, second)["Message-ID"]
    assert mail_of(smtp, first)["Date"] == mail_of(smtp, second)["Date"]


def test_no_secret_and_no_card_number_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_SLACK_URL", "https://hooks.example/T123/abcdef")
    told = worded(
        trouble(
            Finding("t", "error", 1, "where card = '4111 1111 1111 1111'", "l", "4111111111111111"),
            error="could not reach https://hooks.example/T123/abcdef",
        )
    )
    for text in (told.plain, told.html, told.subject):
        assert "abcdef" not in text
        assert "4111" not in text
    assert "…1111" in told.plain


def test_the_subject_counts_models_and_tests() -> None:
    model = Finding("matches", "error", 0, "", "models/x.sql", "no such column", is_test=False)
    assert worded(trouble(model, ERROR, WARN)).subject.endswith(
        "1 model failed, 1 test at error, 1 test at warn"
    )
    assert worded(trouble(error="the disk is full")).subject.endswith("the run failed")


def test_html_is_escaped() -> None:
    told = worded(trouble(Finding("t", "error", 1, "select '<script>x</script>'", "l", "<b>")))
    assert "<script>" not in told.html
    assert "&lt;script&gt;" in told.html
    assert "<script>" in told.plain


def test_starttls_is_never_given_up_for_plain_text(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    assert settings.alerts.smtp
    strict = settings.alerts.smtp.model_copy(update={"security": "starttls"})
    settings = settings.model_copy(update={"alerts": Alerts(smtp=strict)})
    mail_server.start()  # it knows no STARTTLS
    file_alert(settings, trouble(ERROR))
    assert "STARTTLS" in flush(settings).waiting[0]
    assert mail_server.messages == []


def test_tls_refuses_a_server_without_a_trusted_certificate(
    tmp_path: Path, mail_server: MailServer
) -> None:
    settings = settings_of(tmp_path, mail_server)
    assert settings.alerts.smtp
    strict = settings.alerts.smtp.model_copy(update={"security": "tls"})
    settings = settings.model_copy(update={"alerts": Alerts(smtp=strict)})
    mail_server.start()
    file_alert(settings, trouble(ERROR))
    assert ssl.SSLError.__name__ in flush(settings).waiting[0]
    assert mail_server.messages == []


def test_a_missing_password_names_its_variable(tmp_path: Path, mail_server: MailServer) -> None:
    settings = settings_of(tmp_path, mail_server)
    assert settings.alerts.smtp
    login = settings.alerts.smtp.model_copy(update={"username": "tieout"})
    settings = settings.model_copy(update={"alerts": Alerts(smtp=login)})
    mail_server.start()
    file_alert(settings, trouble(ERROR))
    assert "TIEOUT_SECRET_SMTP_PASSWORD" in flush(settings).waiting[0]


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

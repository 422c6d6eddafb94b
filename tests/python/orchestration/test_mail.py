"""What leaves by mail: the words, the encryption, and what a server may answer."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path

import pytest

from dbt_project.settings_alerts import Alerts
from orchestration.alerts.channels import mail_of
from orchestration.alerts.deliver import file_alert, flush, outbox_of
from orchestration.alerts.message import worded
from orchestration.alerts.trouble import Finding
from tests.python.orchestration.alert_cases import ERROR, WARN, settings_of, trouble
from tests.python.orchestration.mail_server import MailServer


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


def test_j3_html_is_escaped() -> None:
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

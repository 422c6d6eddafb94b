"""The ways an alert leaves: a mail server, or any channel that Apprise knows.

In: Settings and a Claim. Out: nothing, or a note (a recipient was refused); raises when it could
not be delivered. Only what is configured is ever contacted; there is no server to fall back to.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

import apprise

from dbt_project.settings import ConfigurationError, Settings, secret
from dbt_project.settings_alerts import Alerts, Channel, Smtp
from orchestration.alerts.outbox import Claim

TIMEOUT_SECONDS = 30
MAIL = "smtp"


class DeliveryError(Exception):
    """A channel did not take the message; it stays in the outbox."""


def names_for(alerts: Alerts, severity: str) -> list[str]:
    """The channels that want alerts of this severity; no mail says that all is well."""
    mail = [MAIL] if alerts.smtp and severity != "info" else []
    return mail + [channel.name for channel in alerts.channels if severity in channel.severities]


def all_names(alerts: Alerts) -> list[str]:
    """Every configured channel."""
    return ([MAIL] if alerts.smtp else []) + [channel.name for channel in alerts.channels]


def send(settings: Settings, claim: Claim) -> str:
    """Delivers a claim through its channel. Returns a note, mostly empty.

    Raises DeliveryError, OSError or smtplib.SMTPException when the other side did not take it,
    ConfigurationError when a secret is missing.
    """
    if claim.channel == MAIL and settings.alerts.smtp:
        return _send_mail(settings.alerts.smtp, claim)
    for channel in settings.alerts.channels:
        if channel.name == claim.channel:
            return _send_elsewhere(channel, claim)
    raise ConfigurationError(f"alerts: channel {claim.channel} is no longer in tieout.yml")


def mail_of(smtp: Smtp, claim: Claim) -> EmailMessage:
    """The mail, the same bytes at each try: a server that saw it can tell by its Message-ID."""
    message = EmailMessage()
    identity = hashlib.sha256(f"{claim.message.key}|{claim.channel}".encode()).hexdigest()[:32]
    domain = smtp.sender.rpartition("@")[2].strip("<> ") or "tieout.invalid"
    message["Message-ID"] = f"<{identity}@{domain}>"
    message["Date"] = format_datetime(claim.created_at)
    message["Subject"] = claim.message.subject
    message["From"] = smtp.sender
    message["To"] = ", ".join(smtp.recipients)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(claim.message.plain)
    message.add_alternative(claim.message.html, subtype="html")
    return message


def _send_mail(smtp: Smtp, claim: Claim) -> str:
    server = connect(smtp)
    try:
        if smtp.username:
            server.login(smtp.username, _password(smtp))
        refused = server.send_message(mail_of(smtp, claim))
        # The server has the message now: a bad goodbye must not make it come twice.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()
    return _note(refused)


def connect(smtp: Smtp) -> smtplib.SMTP:
    """A connection to the mail server, encrypted as configured; the caller closes it."""
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS)
    if smtp.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _password(smtp: Smtp) -> str:
    password = secret(smtp.password_variable)
    if password is None:
        raise ConfigurationError(
            f"alerts.smtp has a username but {smtp.password_variable} is not set; export it"
        )
    return password


def _note(refused: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{who} was refused ({code})" for who, (code, _) in sorted(refused.items()))


def _send_elsewhere(channel: Channel, claim: Claim) -> str:
    url = secret(channel.url_variable)
    if url is None:
        raise ConfigurationError(
            f"alerts: channel {channel.name} needs {channel.url_variable}; export it"
        )
    notifier = apprise.Apprise()
    if not notifier.add(url):
        raise ConfigurationError(
            f"alerts: {channel.url_variable} is no Apprise URL (its value is not shown); "
            "see https://appriseit.com/services/"
        )
    kinds: dict[str, Literal["failure", "warning", "success"]]
    kinds = {"error": "failure", "warn": "warning", "info": "success"}
    if not notifier.notify(
        title=claim.message.subject,
        body=claim.message.plain,
        notify_type=kinds[claim.message.severity],
        body_format="text",
    ):
        raise DeliveryError(f"channel {channel.name} did not take the message")
    return ""


def missing_secrets(alerts: Alerts) -> Sequence[str]:
    """Names of variables the configured channels need and the environment does not have."""
    wanted = [channel.url_variable for channel in alerts.channels]
    if alerts.smtp and alerts.smtp.username:
        wanted.append(alerts.smtp.password_variable)
    return [name for name in wanted if secret(name) is None]

"""File an alert, and deliver what waits. The CLI and Dagster's sensor both come through here.

In: Settings and Trouble. Out: what was delivered and what stays. Delivery that fails never
raises: the message stays in the outbox and the next run or tick tries again.
Run alone: tieout alerts flush
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

import structlog

from dbt_project.settings import ConfigurationError, Settings
from orchestration.alerts.channels import DeliveryError, all_names, names_for, send
from orchestration.alerts.message import worded
from orchestration.alerts.outbox import Claim, Outbox
from orchestration.alerts.trouble import Trouble, scrubbed

log = structlog.get_logger()


@dataclass(frozen=True)
class Flushed:
    """What one pass over the outbox did: deliveries made, and the errors of those that wait."""

    delivered: int
    waiting: tuple[str, ...]


def outbox_of(settings: Settings) -> Outbox:
    """The outbox of this deployment."""
    return Outbox(settings.state / "outbox.sqlite")


def file_alert(settings: Settings, trouble: Trouble) -> bool:
    """Puts the trouble in the outbox, for each channel that wants its severity; False if known."""
    channels = names_for(settings.alerts, trouble.severity)
    return outbox_of(settings).put(worded(trouble), channels)


def flush(settings: Settings, include_orphans: bool = False) -> Flushed:
    """Tries every waiting delivery once. With orphans: also alerts filed before any channel was."""
    outbox = outbox_of(settings)
    if include_orphans:
        for severity in ("error", "warn", "info"):
            outbox.assign_orphans(severity, names_for(settings.alerts, severity))
    delivered, failed, errors = 0, [], []
    while claim := outbox.claim(all_names(settings.alerts)):
        error = _try(settings, outbox, claim)
        if error is None:
            delivered += 1
        else:
            failed.append(claim)
            errors.append(f"{claim.channel}: {error}")
    outbox.release(failed)
    return Flushed(delivered, tuple(errors))


def _try(settings: Settings, outbox: Outbox, claim: Claim) -> str | None:
    try:
        note = send(settings, claim)
    except (OSError, smtplib.SMTPException, DeliveryError, ConfigurationError) as error:
        text = scrubbed(f"{type(error).__name__}: {error}")
        outbox.failed(claim, text)
        log.warning("alert_waits", channel=claim.channel, key=claim.message.key, error=text)
        return text
    outbox.delivered(claim, note)
    log.info("alert_delivered", channel=claim.channel, key=claim.message.key)
    return None

"""Who is told of failures, and from where on a run's own figures are told, in three tiers.

error is critical and gets somebody out of bed, warn is read in the morning, info is for a board
that only shows: it goes to the channels that ask for it, and to no mail.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from dbt_project.settings_section import Currency, Name, Section

Tier = Literal["error", "warn", "info"]


class Thresholds(Section):
    """Above these an alert is sent, once for each cause.

    Run time is compared with the median of earlier runs, rows of rewards with the month before.
    `balance_mismatch` is what customers' balances of rewards may differ from their open lots, in
    major units; a currency that is not named has 1000.
    """

    run_time_percent: int = Field(default=200, gt=100)
    row_count_percent: int = Field(default=10, ge=0)
    quarantined_rows: int = Field(default=100, ge=0)
    balance_mismatch: dict[Currency, Decimal] = Field(default_factory=dict)

    def mismatch_allowed(self, currency: str) -> Decimal:
        """How much balances in a currency may differ from the open lots."""
        return self.balance_mismatch.get(currency, Decimal(1000))


class Smtp(Section):
    """The mail server alerts go through. No other server is ever tried."""

    host: str
    port: int = 587
    sender: str
    recipients: tuple[str, ...] = Field(min_length=1)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_variable: str = "TIEOUT_SECRET_SMTP_PASSWORD"  # noqa: S105 – a name, not a value


class Channel(Section):
    """Any other channel (Slack, Teams, PagerDuty, …): the variable that holds its Apprise URL."""

    name: Name
    url_variable: str = Field(pattern=r"^TIEOUT_SECRET_[A-Z0-9_]+$")
    severities: tuple[Tier, ...] = ("error", "warn")


class Alerts(Section):
    """Who is told when a dbt test fails or a run breaks; base_url makes the links."""

    smtp: Smtp | None = None
    channels: tuple[Channel, ...] = ()
    base_url: str | None = None
    thresholds: Thresholds = Thresholds()

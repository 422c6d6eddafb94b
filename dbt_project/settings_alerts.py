"""From where on a run's own figures are told to somebody, and the three tiers of telling.

error is critical and gets somebody out of bed, warn is read in the morning, info is for a board
that only shows: it goes to the channels that ask for it, and to no mail.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from dbt_project.settings_section import Currency, Section

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

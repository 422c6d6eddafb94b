"""Whether customers' balances of rewards agree with their open lots, as the last build has them.

In: an open warehouse and Settings. Out: Mismatch values of the currencies that differ by more than
alerts.thresholds allows. They differ by what was spent without money, or put back without a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from orchestration.register import has_table


@dataclass(frozen=True)
class Mismatch:
    """How much the balances of one currency and their open lots differ, customer by customer."""

    currency: str
    amount: Decimal
    allowed: Decimal
    customers: int

    @property
    def words(self) -> str:
        """The mismatch in half a sentence."""
        return f"balances and open lots differ by {self.amount:.2f} {self.currency}"


def mismatches(warehouse: Warehouse, settings: Settings) -> list[Mismatch]:
    """The currencies above their limit."""
    if not has_table(warehouse, "marts", "reward_current_balances"):
        return []
    rows = warehouse.rows(
        "select currency, sum(abs(open_lots - balance)) as amount, count(*) as customers"
        " from marts.reward_current_balances where tenant_id = $1 and open_lots != balance"
        " group by currency order by currency",
        [settings.tenant],
    )
    allowed = settings.alerts.thresholds.mismatch_allowed
    found = [
        Mismatch(
            row["currency"], Decimal(row["amount"]), allowed(row["currency"]), int(row["customers"])
        )
        for row in rows
    ]
    return [mismatch for mismatch in found if mismatch.amount > mismatch.allowed]

"""The reconciliation summary over the whole period, as JSON and text summary tell it.

In: Contents. Out: one row per tenant, reconciliation, source and currency; the mart has one a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from delivery.contents import Contents
from delivery.money import rate

STATES = (
    *("total", "matched", "proposed", "expected", "missing", "ambiguous", "excluded"),
    "discrepant",
)


@dataclass(frozen=True)
class Total:
    """One source's side of a reconciliation in one currency."""

    tenant_id: str
    reconciliation: str
    source: str
    role: str
    currency: str
    counts: dict[str, int]
    amounts: dict[str, Decimal]
    amount_at_risk: Decimal

    @property
    def discrepancy_rate(self) -> Decimal:
        """Share of transactions with a break that nobody accepted."""
        return rate(self.counts["discrepant"], self.counts["total"])


def totals(contents: Contents) -> list[Total]:
    """The summary's days added up, in a fixed order."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in contents["summary"]:
        key = tuple(
            str(row[name]) for name in ("tenant_id", "reconciliation", "role", "source", "currency")
        )
        groups.setdefault(key, []).append(row)
    return [_total(groups[key]) for key in sorted(groups)]


def _total(rows: list[dict[str, Any]]) -> Total:
    first = rows[0]
    return Total(
        tenant_id=first["tenant_id"],
        reconciliation=first["reconciliation"],
        source=first["source"],
        role=first["role"],
        currency=first["currency"],
        counts={state: sum(int(row[f"{state}_count"]) for row in rows) for state in STATES},
        amounts={
            state: sum((row[f"{state}_amount"] for row in rows), Decimal(0)) for state in STATES
        },
        amount_at_risk=sum((row["amount_at_risk"] for row in rows), Decimal(0)),
    )


def overall(contents: Contents) -> tuple[Decimal, str, str]:
    """Discrepancy rate of everything, its risk level and compliance status."""
    found = totals(contents)
    whole = sum(total.counts["total"] for total in found)
    share = rate(sum(total.counts["discrepant"] for total in found), whole)
    return share, *contents.risk_of(share)

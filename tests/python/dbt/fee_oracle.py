"""What a contract asks, worked out transaction by transaction with exact decimals.

In: schedules, tiers and transactions as dictionaries. Out: schedule and fee by transaction. Shares
no code and no idea with the SQL: fractions of a cent stay fractions until they are rounded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import Any

Row = dict[str, Any]
WORDS = (
    *("tenant_id", "source_account", "event_type"),
    *("card_product", "card_brand", "card_funding"),
)
ROUNDINGS = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}
EXACT = Context(prec=60)
MILLION = Decimal(1_000_000)


def schedule_of(schedules: Sequence[Row], row: Row) -> Row | None:
    """The most exact schedule that fits, or none."""
    fitting = [s for s in schedules if _fits(s, row)]
    return min(fitting, key=lambda s: [s[word] == "*" for word in WORDS], default=None)


def _fits(schedule: Row, row: Row) -> bool:
    day = row["business_date"]
    return (
        schedule["processor"] == row["processor"]
        and schedule["currency"] == row["currency"]
        and schedule["valid_from"] <= day
        and (schedule["valid_to"] is None or day <= schedule["valid_to"])
        and all(schedule[word] in ("*", row.get(word) or "") for word in WORDS)
    )


def audited(
    schedules: Sequence[Row], tiers: Sequence[Row], rows: Sequence[Row]
) -> dict[str, tuple[str, int | None] | None]:
    """Schedule and expected fee of each transaction; no fee where parts of it are not known."""
    volumes: dict[tuple[str, str, str], int] = {}
    priced = [(row, schedule_of(schedules, row)) for row in rows]
    for row, schedule in priced:
        if schedule:
            key = _month(row, schedule)
            volumes[key] = volumes.get(key, 0) + abs(row["amount_minor"])
    running: dict[tuple[str, str, str], int] = {}
    found: dict[str, tuple[str, int | None] | None] = {}
    order = ("business_date", "occurred_at", "transaction_id")
    for row, schedule in sorted(priced, key=lambda pair: [pair[0][name] for name in order]):
        if schedule is None:
            found[row["transaction_id"]] = None
            continue
        key = _month(row, schedule)
        before = running.get(key, 0)
        running[key] = before + abs(row["amount_minor"])
        own = [t for t in tiers if t["schedule_id"] == schedule["schedule_id"]]
        exact = _exact(schedule, own, abs(row["amount_minor"]), before, volumes[key])
        found[row["transaction_id"]] = (schedule["schedule_id"], _fee(schedule, exact, row))
    return found


def _month(row: Row, schedule: Row) -> tuple[str, str, str]:
    return row["tenant_id"], schedule["schedule_id"], f"{row['business_date']:%Y-%m}"


def _exact(schedule: Row, tiers: list[Row], amount: int, before: int, month: int) -> Decimal:
    """The fee before any rounding, in minor units."""
    if schedule["tier_by"] == "none":
        return Decimal(schedule["flat_minor"]) + _share(amount, schedule["rate_millionths"])
    steps = sorted(tiers, key=lambda tier: int(tier["from_minor"]))
    reached = month if schedule["tier_by"] == "whole" else before
    begun = [tier for tier in steps if tier["from_minor"] <= reached][-1]
    if schedule["tier_by"] == "whole":
        return Decimal(begun["flat_minor"]) + _share(amount, begun["rate_millionths"])
    total = Decimal(begun["flat_minor"])
    ends = [*[tier["from_minor"] for tier in steps[1:]], before + amount]
    for tier, end in zip(steps, ends, strict=True):
        within = min(end, before + amount) - max(tier["from_minor"], before)
        total = EXACT.add(total, _share(max(within, 0), tier["rate_millionths"]))
    return total


def _share(amount: int, rate_millionths: int) -> Decimal:
    return EXACT.divide(Decimal(amount * rate_millionths), MILLION)


def _fee(schedule: Row, exact: Decimal, row: Row) -> int | None:
    way, unit = ROUNDINGS[schedule["rounding"]], int(schedule["rounding_unit_minor"])
    fee = int(EXACT.divide(exact, Decimal(unit)).quantize(Decimal(1), way, EXACT)) * unit
    fee = max(fee, int(schedule["minimum_minor"] or 0))
    if schedule["maximum_minor"] is not None:
        fee = min(fee, int(schedule["maximum_minor"]))
    if schedule["pricing"] == "interchange_plus":
        if row.get("interchange_minor") is None:
            return None
        fee += int(row["interchange_minor"]) + int(row.get("scheme_fee_minor") or 0)
    fee += int(_share(fee, schedule["tax_millionths"]).quantize(Decimal(1), way, EXACT))
    return -fee if schedule["is_returned"] else fee

"""The hand-made answers on rewards and on the ledger.

In: the story. Out: customers and allocations by a plain walk through the lots, and account balances
by the words of the chart of accounts, each as one sum over the story.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from samples.story.bank import STATEMENTS
from samples.story.expected import EVENT_TYPES, OPEN_IN_BOOKS, booked
from samples.story.orders import major
from samples.story.processor import ACTIVITY, PAYOUTS
from samples.story.rewards import REWARDS, Reward

Row = dict[str, Any]
GOODWILL = ("Refund", "Damaged item", "Delivered, not received")
# What the books have to answer; of an unknown kind nobody has, so it stays in clearing too.
COMPARED = ("charge", "refund", "chargeback", "chargeback_reversal", "unknown")


def allocations() -> list[tuple[Reward, Reward, int]]:
    """Lot, redemption, how much: oldest lot first, never a lot younger than the redemption."""
    left = {row.trans_id: row.amount for row in REWARDS if row.amount > 0}
    found = []
    in_order = sorted(REWARDS, key=lambda row: (row.created_at, row.trans_id))
    for redemption in (row for row in in_order if row.amount < 0):
        due = -redemption.amount
        for lot in in_order:
            if lot.customer_id != redemption.customer_id or lot.trans_id not in left:
                continue
            if (lot.created_at, lot.trans_id) > (redemption.created_at, redemption.trans_id):
                continue
            taken = min(due, left[lot.trans_id])
            if taken:
                left[lot.trans_id] -= taken
                due -= taken
                found.append((lot, redemption, taken))
    return found


def rewards() -> Row:
    """Balances by customer, and who paid for what."""
    taken = allocations()
    customers = []
    for customer in sorted({row.customer_id for row in REWARDS}):
        mine = [row for row in REWARDS if row.customer_id == customer]
        sums = {
            kind: sum(abs(row.amount) for row in mine if row.kind == kind)
            for kind in ("earned", "spent", "expired")
        }
        used = sum(amount for lot, _, amount in taken if lot.customer_id == customer)
        sums["balance"] = sums["earned"] - sums["spent"] - sums["expired"]
        sums["open_lots"] = sums["earned"] - used
        sums["unfunded"] = sums["spent"] + sums["expired"] - used
        customers.append(
            {"customer_id": str(customer), **{k: major(v, "EUR") for k, v in sums.items()}}
        )
    pairs = sorted((lot.trans_id, redemption.trans_id, amount) for lot, redemption, amount in taken)
    return {
        "customers": customers,
        "allocations": [
            {"earned": str(lot), "redeemed": str(used), "allocated": major(amount, "EUR")}
            for lot, used, amount in pairs
        ],
    }


def ledger() -> list[Row]:
    """Closing balance by account and currency; debit is plus, credit is minus."""
    closing: dict[tuple[str, str], int] = defaultdict(int)
    _post_books(closing)
    _post_processor(closing)
    _post_bank(closing)
    _post_rewards(closing)
    for currency in {currency for _, currency in closing}:
        if sum(amount for key, amount in closing.items() if key[1] == currency):
            raise AssertionError(f"the books of the story do not balance in {currency}")
    return [
        {"account_code": code, "currency": currency, "closing": major(amount, currency)}
        for (code, currency), amount in sorted(closing.items())
    ]


def _post_books(closing: dict[tuple[str, str], int]) -> None:
    """Own books: what the processor owes, against sales, refunds and chargebacks."""
    accounts = {"charge": "4000", "refund": "4010"}
    for entry in booked():
        contradicts = OPEN_IN_BOOKS.get(entry.native_id, ("", ""))[1] == "key_conflict"
        if entry.status == "settled" and not contradicts:
            closing["1100", entry.currency] += entry.amount
            closing[accounts.get(entry.event_type, "5100"), entry.currency] -= entry.amount


def _post_processor(closing: dict[tuple[str, str], int]) -> None:
    """The processor: the balance grows by the net, the fee is cost, the gross meets clearing."""
    for row in ACTIVITY:
        kind = EVENT_TYPES[row.category]
        against = "1100" if kind in COMPARED else "5000"
        closing["1110", row.currency] += row.net
        closing["5000", row.currency] += row.fee
        closing[against, row.currency] -= row.gross
    for payout in PAYOUTS:
        closing["1110", payout.currency] -= payout.amount
        closing["1120", payout.currency] += payout.amount


def _post_bank(closing: dict[tuple[str, str], int]) -> None:
    """The bank: lines of the processor meet cash in transit, all others wait in suspense."""
    for statement in STATEMENTS:
        for line in statement.lines:
            if not line.is_pending:
                against = "1120" if line.counterparty.startswith("STRIPE") else "2900"
                closing["1000", statement.currency] += line.amount
                closing[against, statement.currency] -= line.amount


def _post_rewards(closing: dict[tuple[str, str], int]) -> None:
    """Rewards: granted is cost and liability; used is sales or breakage, paid by lots or nobody."""
    paid: dict[int, int] = defaultdict(int)
    for _, redemption, amount in allocations():
        paid[redemption.trans_id] += amount
    for row in REWARDS:
        if row.kind == "earned":
            closing["5310" if row.reason in GOODWILL else "5300", "EUR"] += row.amount
            closing["2100", "EUR"] -= row.amount
        else:
            closing["2100", "EUR"] += paid[row.trans_id]
            closing["2900", "EUR"] += -row.amount - paid[row.trans_id]
            closing["4000" if row.kind == "spent" else "4200", "EUR"] += row.amount

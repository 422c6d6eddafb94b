"""The hand-made answers on rewards and on the ledger.

In: the story. Out: customers and allocations by a plain walk through the lots, and what each event
posts by the words of the chart of accounts, summed by kind of event and by account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samples.story.bank import STATEMENTS
from samples.story.expected import EVENT_TYPES, OPEN_IN_BOOKS, booked
from samples.story.orders import major
from samples.story.processor import ACTIVITY, PAYOUTS
from samples.story.rewards import REWARDS, Reward

Row = dict[str, Any]
GOODWILL = ("Refund", "Damaged item", "Delivered, not received")
# Where the gross of what a processor tells goes: to clearing what the books have to answer, to
# suspense what is of a kind that nobody knows. What is in neither is cost.
AGAINST = {
    **dict.fromkeys(("charge", "refund", "chargeback", "chargeback_reversal"), "1100"),
    "unknown": "2900",
}


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


@dataclass(frozen=True)
class Leg:
    """One line of an entry: + is debit, in minor units."""

    told_by: str
    event_type: str
    account_code: str
    currency: str
    amount: int


def legs() -> list[Leg]:
    """Every line of every entry that is not zero."""
    found = [*_of_books(), *_of_processor(), *_of_bank(), *_of_rewards()]
    for currency in {leg.currency for leg in found}:
        if sum(leg.amount for leg in found if leg.currency == currency):
            raise AssertionError(f"the books of the story do not balance in {currency}")
    return [leg for leg in found if leg.amount]


def ledger() -> list[Row]:
    """Closing balance by account and currency; debit is plus, credit is minus."""
    closing: dict[tuple[str, str], int] = defaultdict(int)
    for leg in legs():
        closing[leg.account_code, leg.currency] += leg.amount
    return [
        {"account_code": code, "currency": currency, "closing": major(amount, currency)}
        for (code, currency), amount in sorted(closing.items())
    ]


def postings() -> list[Row]:
    """What each kind of event put on each account: lines, debits, credits."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for leg in legs():
        sums = found[leg.currency, leg.told_by, leg.event_type, leg.account_code]
        sums[0] += 1
        sums[1 if leg.amount > 0 else 2] += abs(leg.amount)
    return [
        {
            "currency": currency,
            "told_by": told_by,
            "event_type": event_type,
            "account_code": code,
            "lines": lines,
            "debits": major(debits, currency),
            "credits": major(credits, currency),
        }
        for (currency, told_by, event_type, code), (lines, debits, credits) in sorted(found.items())
    ]


def _of_books() -> Iterator[Leg]:
    """Own books: what the processor owes, against sales, refunds and chargebacks."""
    accounts = {"charge": "4000", "refund": "4010"}
    for entry in booked():
        contradicts = OPEN_IN_BOOKS.get(entry.native_id, ("", ""))[1] == "key_conflict"
        if entry.status == "settled" and not contradicts:
            kind, against = entry.event_type, accounts.get(entry.event_type, "5100")
            yield Leg("internal", kind, "1100", entry.currency, entry.amount)
            yield Leg("internal", kind, against, entry.currency, -entry.amount)


def _of_processor() -> Iterator[Leg]:
    """The processor: the balance grows by the net, the fee is cost, the gross meets clearing."""
    for row in ACTIVITY:
        kind = EVENT_TYPES[row.category]
        yield Leg("processor", kind, "1110", row.currency, row.net)
        if kind in AGAINST:
            yield Leg("processor", kind, "5000", row.currency, row.fee)
            yield Leg("processor", kind, AGAINST[kind], row.currency, -row.gross)
        else:
            yield Leg("processor", kind, "5000", row.currency, row.fee - row.gross)
    for payout in PAYOUTS:
        yield Leg("processor", "payout", "1110", payout.currency, -payout.amount)
        yield Leg("processor", "payout", "1120", payout.currency, payout.amount)


def _of_bank() -> Iterator[Leg]:
    """The bank: lines of the processor meet cash in transit, all others wait in suspense."""
    for statement in STATEMENTS:
        for line in statement.lines:
            if not line.is_pending:
                kind = "deposit" if line.amount > 0 else "withdrawal"
                against = "1120" if line.counterparty.startswith("STRIPE") else "2900"
                yield Leg("bank", kind, "1000", statement.currency, line.amount)
                yield Leg("bank", kind, against, statement.currency, -line.amount)


def _of_rewards() -> Iterator[Leg]:
    """Rewards: granted is cost and liability; used is sales or breakage, paid by lots or nobody."""
    paid: dict[int, int] = defaultdict(int)
    for _, redemption, amount in allocations():
        paid[redemption.trans_id] += amount
    for row in REWARDS:
        if row.kind == "earned":
            is_goodwill = row.reason in GOODWILL
            kind = "reward_goodwill" if is_goodwill else "reward_earned"
            yield Leg("rewards", kind, "5310" if is_goodwill else "5300", "EUR", row.amount)
            yield Leg("rewards", kind, "2100", "EUR", -row.amount)
        else:
            kind, from_lots = f"reward_{row.kind}", paid[row.trans_id]
            yield Leg("rewards", kind, "2100", "EUR", from_lots)
            yield Leg("rewards", kind, "2900", "EUR", -row.amount - from_lots)
            against = "4000" if row.kind == "spent" else "4200"
            yield Leg("rewards", kind, against, "EUR", row.amount)

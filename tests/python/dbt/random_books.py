"""Random lives of books: what happens to a tenant's transactions step by step, and what they owe.

In: a seed. Out: a Life whose `step` changes its transactions as sources and people would: sales,
partial refunds, disputes lost and won, payouts that fail, reserves, exchanges of currencies, fees
and their tax, adjustments, transfers between own accounts, corrected amounts, days, currencies and
types, rows that vanish and come back, contradictions, arrivals after the close. `wanted` says from
a table of its own what the books must hold.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
# By party and event: account, and how often gross, fee and net count.
LEGS: dict[tuple[str, str], tuple[tuple[str, int, int, int], ...]] = {
    ("internal", "charge"): (("1100", 1, 0, 0), ("4000", -1, 0, 0)),
    ("internal", "refund"): (("1100", 1, 0, 0), ("4010", -1, 0, 0)),
    ("internal", "chargeback"): (("1100", 1, 0, 0), ("5100", -1, 0, 0)),
    ("internal", "chargeback_reversal"): (("1100", 1, 0, 0), ("5100", -1, 0, 0)),
    ("internal", "adjustment"): (("1100", 1, 0, 0), ("4300", -1, 0, 0)),
    ("bank", "transfer"): (("1000", 1, 0, 0), ("1140", -1, 0, 0)),
    ("bank", "fee"): (("1000", 1, 0, 0), ("5000", -1, 0, 0)),
    ("bank", "deposit"): (("1000", 1, 0, 0), ("1120", -1, 0, 0)),
    ("bank", "withdrawal"): (("1000", 1, 0, 0), ("1120", -1, 0, 0)),
    **{
        ("processor", event): (("1110", 0, 0, 1), ("5000", 0, 1, 0), (account, -1, 0, 0))
        for event, account in {
            "charge": "1100",
            "refund": "1100",
            "chargeback": "1100",
            "chargeback_reversal": "1100",
            "adjustment": "1100",
            "fee": "5000",
            "payout": "1120",
            "payout_reversal": "1120",
            "reserve_hold": "1130",
            "reserve_release": "1130",
            "reserve_applied": "1130",
            "conversion": "1160",
            "unknown": "2900",
        }.items()
    },
}
# What of a fee is tax is no cost, where the processor's rule says so.
UNTAXED = ("reserve_hold", "reserve_release", "reserve_applied", "conversion", "unknown")
CURRENCIES = ("EUR", "USD", "JPY", "KWD")
Line = tuple[str, str, str, date]  # transaction, account, currency, day


@dataclass
class Life:
    """One tenant's transactions by id, and those that are gone for now."""

    tenant: str
    luck: Random
    today: date = date(2026, 9, 1)
    rows: dict[str, Row] = field(default_factory=dict)
    gone: list[Row] = field(default_factory=list)
    count: int = 0

    def step(self) -> None:
        """One to three things happen."""
        self.today += timedelta(days=self.luck.randrange(1, 9))
        for _ in range(self.luck.randrange(1, 4)):
            happen = (self.sale, self.sale, self.dispute, self.payout, self.reserve)
            change = (self.exchange, self.correct, self.correct, self.vanish, self.late)
            self.luck.choice((*happen, *change))()

    def add(self, side: str, event: str, gross: int, fee: int = 0, **facts: Any) -> None:
        """A row of this day, settled."""
        self.count += 1
        name = f"{self.tenant}_{self.count}"
        self.rows[name] = {
            "transaction_id": name, "tenant_id": self.tenant, "side": side, "source": "s",
            "event_type": event, "status": "settled", "has_conflict": False, "processor": "stripe",
            "amount_minor": gross, "fee_minor": fee, "net_minor": gross - fee, "currency": "EUR",
            "business_date": self.today, **facts,
        }  # fmt: skip

    def both(self, event: str, gross: int, fee: int = 0, **facts: Any) -> None:
        """The books and the processor tell it; at times one of them does not, or says otherwise."""
        if self.luck.random() < 0.9:
            self.add("internal", event, gross, **facts)
        if self.luck.random() < 0.9:
            other = self.luck.choice((0, 0, 0, 1))
            self.add("processor", event, gross + other, fee, **facts)

    def sale(self) -> None:
        """A charge, and of some a partial refund."""
        facts = {"currency": self.luck.choice(CURRENCIES)}
        gross = self.luck.randrange(100, 10_000)
        self.both("charge", gross, gross // 30, fee_tax_minor=gross // 200, **facts)
        if self.luck.random() < 0.4:
            self.both("refund", -self.luck.randrange(1, gross), -1, **facts)

    def dispute(self) -> None:
        """Lost, or won: then the money comes back without the fee."""
        gross = self.luck.randrange(100, 10_000)
        self.both("chargeback", -gross, 1500)
        if self.luck.random() < 0.5:
            self.both("chargeback_reversal", gross)

    def payout(self) -> None:
        """Arrives, or fails and comes back; a fee of its own, through the balance or the bank."""
        gross = self.luck.randrange(100, 10_000)
        self.add("processor", "payout", -gross, 25)
        if self.luck.random() < 0.7:
            self.add("bank", "deposit", gross)
        else:
            self.add("processor", "payout_reversal", gross)
            self.add(self.luck.choice(("processor", "bank")), "fee", -gross // 50)

    def reserve(self) -> None:
        """Held, in part released, and in part applied to what was lost."""
        gross = self.luck.randrange(100, 1_000)
        self.add("processor", "reserve_hold", -gross)
        self.add("processor", "reserve_release", gross // 2)
        self.add("processor", "reserve_applied", gross // 4)
        self.both("adjustment", -gross // 4, 2, fee_tax_minor=1)

    def exchange(self) -> None:
        """Two rows, one a currency; and money goes from one own bank account to the other."""
        self.add("processor", "conversion", -500, currency="USD")
        self.add("processor", "conversion", 460, currency="EUR")
        self.add("bank", "transfer", -450, processor=None)
        self.add("bank", "transfer", 450, processor=None)

    def late(self) -> None:
        """A sale of weeks ago arrives now."""
        day = self.today - timedelta(days=self.luck.randrange(20, 80))
        self.both("charge", self.luck.randrange(100, 9_000), 3, business_date=day)

    def correct(self) -> None:
        """A corrected file says something else of a row, or two files contradict each other."""
        if not self.rows:
            return
        row = self.rows[self.luck.choice(sorted(self.rows))]
        match self.luck.randrange(6):
            case 0:
                row["amount_minor"] += self.luck.choice((-7, 11))
                row["net_minor"] = row["amount_minor"] - row["fee_minor"]
            case 1:
                row["business_date"] += timedelta(days=self.luck.choice((-31, -1, 1, 31)))
            case 2:
                row["currency"] = self.luck.choice(CURRENCIES)
            case 3:
                row["has_conflict"] = not row["has_conflict"]
            case 4:
                row["status"] = "pending" if row["status"] == "settled" else "settled"
            case _:
                if row["side"] == "processor":
                    row["event_type"] = "unknown"

    def vanish(self) -> None:
        """A row is in no current file any more, or one that was gone is back."""
        if self.gone and self.luck.random() < 0.5:
            row = self.gone.pop()
            self.rows[row["transaction_id"]] = row
        elif self.rows:
            self.gone.append(self.rows.pop(self.luck.choice(sorted(self.rows))))

    def posted(self) -> list[Row]:
        """The rows that have an entry: a processor's payout whatever its status."""
        return [
            row for row in self.rows.values()
            if not row["has_conflict"]
            and (row["amount_minor"] or (row["fee_minor"] and row["side"] == "processor"))
            and (row["status"] == "settled"
                 or (row["side"] == "processor" and row["event_type"].startswith("payout")))
        ]  # fmt: skip

    def wanted(self) -> dict[Line, int]:
        """What the journal must come to, line by line."""
        lines: Counter[Line] = Counter()
        for row in self.posted():
            where = (row["currency"], row["business_date"])
            for account, gross, fee, net in LEGS[row["side"], row["event_type"]]:
                key = (row["transaction_id"], account, *where)
                lines[key] += gross * row["amount_minor"] + fee * row["fee_minor"]
                lines[key] += net * row["net_minor"]
            if row["side"] == "processor" and row["event_type"] not in UNTAXED:
                lines[row["transaction_id"], "1170", *where] += row.get("fee_tax_minor", 0)
                lines[row["transaction_id"], "5000", *where] -= row.get("fee_tax_minor", 0)
        return {key: amount for key, amount in lines.items() if amount}

    def open_items(self) -> dict[str, int]:
        """Sales clearing by currency: what the books say less what the processors say."""
        told: Counter[str] = Counter()
        for row in self.posted():
            if LEGS[row["side"], row["event_type"]][-1][0] == "1100":
                told[row["currency"]] -= row["amount_minor"]
            elif row["side"] == "internal":
                told[row["currency"]] += row["amount_minor"]
        return {currency: amount for currency, amount in told.items() if amount}

"""What three parties wrote down, and what really belongs together.

A World collects rows of the books, of processors and of a bank, each labelled by the scenario it
belongs to, and the groups that are one event. Nothing here knows how the matching works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

Row = dict[str, str]
EXPONENTS = {"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "KWD": 3}
PROCESSORS = ("stripe", "adyen", "paypal")
HOME = ZoneInfo("Europe/Amsterdam")
FIRST = datetime(2026, 9, 7, tzinfo=UTC)
DAYS = 70  # until the middle of November: two month ends and the end of summer time
PRICES = (499, 999, 1499, 1999, 2499, 2999, 3999, 4900, 5999, 7999, 9900, 14900)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SPELLED_IN_SERIES, SPELLED_AT_RANDOM = "series", "random"


@dataclass(frozen=True)
class Sale:
    """One event as it happened, before anybody wrote it down."""

    processor: str
    currency: str
    minor: int
    moment: datetime
    reference: str
    spelling: str
    merchant: str
    customer: str
    event: str = "charge"

    def later(self, days: float) -> Sale:
        """The same some days later."""
        return replace(self, moment=self.moment + timedelta(days=days))


@dataclass(frozen=True)
class Group:
    """Rows that are one event, named by party and id.

    `is_decidable`: whether somebody who sees all rows could tell. `twins` names rows that agree in
    all that is written: which of them pairs with which is no fact; that as many pair is one.
    """

    scenario: str
    members: frozenset[str]
    is_decidable: bool = True
    twins: str = ""


@dataclass
class World:
    """Rows by file, the truth, and every row's scenario."""

    random: Random
    size: int
    books: list[Row] = field(default_factory=list)
    told: list[Row] = field(default_factory=list)
    bank: list[Row] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    scenario: str = ""
    number: int = 100_000

    def rows(self) -> int:
        """How many rows all parties wrote."""
        return len(self.books) + len(self.told) + len(self.bank)

    def letters(self, count: int) -> str:
        """Some letters and digits that nobody confuses."""
        return "".join(self.random.choice(LETTERS) for _ in range(count))

    def reference(self) -> tuple[str, str]:
        """A reference that is new, and how it is spelled: two shops of three number in a series."""
        while True:
            if self.random.random() < 0.65:
                self.number += self.random.choice((1, 1, 1, 2, 7))
                text, spelling = f"INV-2026-{self.number:07}", SPELLED_IN_SERIES
            else:
                text, spelling = f"R{self.letters(9)}", SPELLED_AT_RANDOM
            if text not in self.taken:
                self.taken.add(text)
                return text, spelling

    def sale(self) -> Sale:
        """A sale of one of few prices, or of any; customers come back."""
        currency = self.random.choices(list(EXPONENTS), (50, 20, 10, 10, 10))[0]
        is_priced = self.random.random() < 0.6
        cents = self.random.choice(PRICES) if is_priced else self.random.randint(150, 90_000)
        reference, spelling = self.reference()
        return Sale(
            self.random.choices(PROCESSORS, (60, 30, 10))[0],
            currency,
            cents * {0: 1, 2: 1, 3: 10}[EXPONENTS[currency]],
            FIRST + timedelta(minutes=self.random.randrange(DAYS * 1440)),
            reference,
            spelling,
            f"shop{self.random.randrange(4)}",
            f"C{self.random.randrange(max(50, self.size // 4)):07}",
        )

    def few_days(self, most: int = 4) -> float:
        """How long the processor takes: mostly hours."""
        return self.random.choice((0.05, 0.1, 0.5, self.random.uniform(0, most)))

    def book(self, sale: Sale, minor: int | None = None, **columns: str) -> str:
        """The books write the sale down, in the shop's own time. Returns the row's name."""
        row_id = f"B{len(self.books):07}"
        row = self._row(row_id, sale, minor, sale.moment.astimezone(HOME))
        self.books.append({**row, "order_id": f"N{row_id}", **columns})
        return self._labelled(f"internal {row_id}")

    def tell(self, sale: Sale, minor: int | None = None, **columns: str) -> str:
        """The processor reports it, in UTC. Returns the row's name."""
        row_id = f"ch_{len(self.told):07}"
        row = self._row(row_id, sale, minor, sale.moment)
        code = self.letters(6)
        self.told.append({**row, "authorization_code": code, **columns})
        return self._labelled(f"generic {row_id}")

    def line(self, sale: Sale, minor: int | None = None, **columns: str) -> str:
        """The bank books money of the processor. Returns the row's name."""
        row_id = f"L{len(self.bank):07}"
        amount = sale.minor if minor is None else minor
        row = {
            "booking_date": f"{sale.moment.astimezone(HOME):%Y-%m-%d}",
            "amount": amount_text(amount, sale.currency),
            "currency": sale.currency,
            "counterparty_name": f"{sale.processor.upper()} PAYMENTS",
            "servicer_reference": row_id,
        }
        self.bank.append({**row, **columns})
        return self._labelled(f"clearbank {row_id}")

    def same(self, *members: str, is_decidable: bool = True, twins: str = "") -> None:
        """These rows are one event."""
        self.groups.append(Group(self.scenario, frozenset(members), is_decidable, twins))

    def _labelled(self, name: str) -> str:
        self.labels[name] = self.scenario
        return name

    def _row(self, row_id: str, sale: Sale, minor: int | None, moment: datetime) -> Row:
        amount = sale.minor if minor is None else minor
        return {
            "transaction_id": row_id,
            "processor_name": sale.processor,
            "event_type": sale.event,
            "amount": amount_text(amount, sale.currency),
            "fee": "0",
            "currency": sale.currency,
            "status": "settled",
            "transaction_date": f"{moment:%Y-%m-%d %H:%M:%S}",
            "reference_number": sale.reference,
            "merchant_id": sale.merchant,
            "customer_id": sale.customer,
        }


def amount_text(minor: int, currency: str) -> str:
    """A number of minor units as the currency writes it."""
    exponent = EXPONENTS[currency]
    digits = f"{abs(minor):0{exponent + 1}}"
    sign = "-" if minor < 0 else ""
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}" if exponent else f"{sign}{digits}"


def split(random: Random, minor: int, parts: int) -> Sequence[int]:
    """An amount in parts that are all different from each other, none nothing."""
    while True:
        cuts = sorted(random.sample(range(1, minor), parts - 1))
        found = [b - a for a, b in zip([0, *cuts], [*cuts, minor], strict=True)]
        if len(set(found)) == parts:
            return found

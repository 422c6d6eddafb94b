"""What an export is made of: documents with their lines, and what a deployment says of its target.

A document is an entry of the books, or the part of one that a target takes at once. Everything is
exact: amounts are whole minor units, and Decimal where they are written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from delivery.csv_export import defused

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ExportRefusedError(Exception):
    """The target would not take it, or take it wrongly; the message names the entry or account."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: debit +, credit −, in minor units."""

    account_code: str
    amount_minor: int
    memo: str


@dataclass(frozen=True, slots=True)
class Document:
    """Lines that belong together, sum to zero and are posted at once."""

    external_id: str
    entry_id: str
    booked_on: date
    effective_on: date
    currency: str
    event_type: str
    transaction_id: str
    kind: str
    reverses: str
    recorded_at: datetime
    lines: tuple[Line, ...]

    @property
    def memo(self) -> str:
        """The words on the whole, as on its first line; the books say what a correction is."""
        return self.lines[0].memo


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the target calls it, and what goes with a line on it."""

    name: str
    tax: str = ""
    entity: str = ""
    department: str = ""

    def more(self) -> tuple[tuple[str, str], ...]:
        """What goes with a line beside the name, by its column of account_mappings."""
        return ("tax", self.tax), ("entity", self.entity), ("department", self.department)


@dataclass(frozen=True)
class Balance:
    """An account in one currency over the period, in minor units: debit +, credit −."""

    account_code: str
    currency: str
    opening: int
    debits: int
    credits: int
    closing: int


@dataclass(frozen=True)
class Book:
    """One export: its period, accounts and settings. `shortened` counts texts that were cut.

    `stem` is what the names of its files begin with, `ties_to` the mart of its balances.
    """

    target: str
    period: str
    stem: str
    first: date
    after: date
    accounts: Mapping[str, Account]
    settings: Mapping[str, str]
    places: Mapping[str, int]
    balances: tuple[Balance, ...] = ()
    ties_to: str = "marts.account_balances"
    shortened: Counter[str] = field(default_factory=Counter)

    def setting(self, name: str, choices: tuple[str, ...] = ()) -> str:
        """A setting that the target cannot do without."""
        value = self.settings.get(name, "")
        if not value or (choices and value not in choices):
            wanted = f"one of {', '.join(choices)}" if choices else "a value"
            raise ExportRefusedError(
                f"{self.target}: setting {name} is {value or 'missing'}, it needs {wanted};"
                " see seeds/export_settings.csv."
            )
        return value

    def fitted(self, text: str, length: int, name: str) -> str:
        """Words on one line and no formula, cut to the field; the manifest tells how often."""
        words = defused(one_line(text))
        if len(words) <= length:
            return words
        self.shortened[name] += 1
        return words[:length].rstrip()

    def with_ids(self, text: str, ids: tuple[str, ...], length: int, name: str) -> str:
        """Words, cut where they must be, and ids after them, which never are."""
        told = " ".join(identity for identity in ids if identity)
        return f"{self.fitted(text, length - 1 - len(told), name)} {told}".strip()


def one_line(text: str) -> str:
    """Text without line breaks, tabs and other control characters."""
    return _CONTROL.sub(" ", text).strip()


def major(amount_minor: int, places: int, least: int = 0) -> Decimal:
    """1250 with two places is 12.50; with at least that many places."""
    amount = Decimal(amount_minor).scaleb(-places)
    return amount.quantize(Decimal(1).scaleb(-least)) if places < least else amount

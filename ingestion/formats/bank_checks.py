"""What a statement must satisfy by itself: balances tie, details explain, numbers follow on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ingestion.faults import Suspicion
from ingestion.formats.parsed import Total

PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Balance:
    """A Bal element, as text."""

    kind: str
    amount: str | None
    currency: str | None
    direction: str | None

    @property
    def signed(self) -> Decimal | None:
        """Credit positive, debit negative; None where the text is no amount."""
        return _signed(self.amount, self.direction)


@dataclass(frozen=True)
class Movement:
    """An Ntry element, as text."""

    index: int
    amount: str | None
    currency: str | None
    direction: str | None
    status: str | None

    @property
    def signed(self) -> Decimal | None:
        """Credit positive, debit negative; None where the text is no amount."""
        return _signed(self.amount, self.direction)

    def unexplained(self, scope: str, details: Sequence[dict[str, str | None]]) -> Total | None:
        """The details' sum beside the entry's amount, when they can be compared and differ."""
        if not details or self.signed is None:
            return None
        if any(detail["currency"] != self.currency for detail in details):
            return None
        amounts = [
            _signed(detail["amount"], detail["credit_debit"] or self.direction)
            for detail in details
        ]
        if any(amount is None for amount in amounts):
            return None
        found = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if found == self.signed:
            return None
        name = f"{scope} details of entry {self.index}"
        return Total(name, self.currency, "amount", self.signed, found, is_enforced=False)


def check_statement(
    scope: str, balances: Sequence[Balance], movements: Sequence[Movement]
) -> tuple[Total | None, Suspicion | None]:
    """Opening + booked entries = closing. A page opens or closes with an interim balance (ITBD)."""
    opening, closing = _ends(balances)
    if opening is None or closing is None or opening.signed is None or closing.signed is None:
        return None, None
    if opening.currency != closing.currency:
        return None, Suspicion(
            "STATEMENT_UNBALANCED",
            f"statement {scope} opens in {opening.currency} and closes in {closing.currency}",
        )
    booked = [
        movement.signed or Decimal(0)
        for movement in movements
        if movement.status == "BOOK" and movement.currency == closing.currency
    ]
    found = opening.signed + sum(booked, Decimal(0))
    total = Total(scope, closing.currency, "amount", closing.signed, found)
    if found == closing.signed:
        return total, None
    return total, Suspicion(
        "STATEMENT_UNBALANCED",
        f"statement {scope}: opening {opening.signed} and {len(booked)} booked entries give"
        f" {found} {closing.currency}, the closing balance says {closing.signed}"
        f" (off by {closing.signed - found}); ask the bank for the whole statement, or release it",
    )


def check_sequence(sequences: Sequence[tuple[str, str, int]]) -> list[Suspicion]:
    """Statement numbers of an account inside one file follow on, and none stands for two."""
    found = []
    for account in sorted({account for account, _, _ in sequences}):
        of_account = sorted({(n, identity) for a, identity, n in sequences if a == account})
        for (number, identity), (after, other) in pairwise(of_account):
            if after == number:
                found.append(f"number {number} stands for {identity} and {other}")
            elif after != number + 1:
                found.append(f"number {after} follows {number}")
        if found:
            return [
                Suspicion(
                    "SEQUENCE_GAP",
                    f"account {account}: {'; '.join(found[:3])}; ask the bank for what is missing,"
                    " or release it",
                )
            ]
    return []


def _ends(balances: Sequence[Balance]) -> tuple[Balance | None, Balance | None]:
    interim = [balance for balance in balances if balance.kind == "ITBD"]
    opening = next((b for kind in ("OPBD", "PRCD") for b in balances if b.kind == kind), None)
    closing = next((b for b in balances if b.kind == "CLBD"), None)
    if opening is None and interim and (closing is not None or len(interim) > 1):
        opening = interim[0]
    if closing is None and interim and interim[-1] is not opening:
        closing = interim[-1]
    return opening, closing


def _signed(amount: str | None, direction: str | None) -> Decimal | None:
    if amount is None or direction not in ("CRDT", "DBIT") or not PLAIN.fullmatch(amount):
        return None
    return Decimal(amount) if direction == "CRDT" else -Decimal(amount)

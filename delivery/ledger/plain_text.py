"""Plain text accounting: what beancount and hledger have in common.

Beside the month's entries there is a file of accounts, the same for each month, and a file that
proves the month: it brings the opening balances in, the month, and asks for each closing balance.
The program itself then says whether its balances are those of the books.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path

from delivery.ledger.book import Account, Book, Document, major
from delivery.ledger.target import Limits, Target


class PlainText(Target):
    """No limits, any currency."""

    limits = Limits()

    def __init__(self, book: Book) -> None:
        self.opening_account = book.setting("opening_account")
        super().__init__(book)

    @abstractmethod
    def entry(self, document: Document) -> str:
        """One document as text, with an empty line after it."""

    @abstractmethod
    def accounts(self) -> str:
        """Every account and currency, declared."""

    @abstractmethod
    def proof(self) -> str:
        """Opening balances, the month, closing balances asked for."""

    def write(self, file: Path, documents: Iterable[Document]) -> None:
        """The entries, one after another."""
        with file.open("w", encoding="utf-8", newline="\n") as out:
            for document in documents:
                out.write(self.entry(document))

    def companions(self) -> Iterator[tuple[str, str]]:
        """The accounts; and the proof, when there are balances to prove."""
        yield f"accounts.{self.extension}", self.accounts()
        if self.book.balances:
            yield f"check-{self.book.period}.{self.extension}", self.proof()

    def money(self, amount_minor: int, currency: str) -> str:
        """12.50 EUR."""
        return f"{major(amount_minor, self.book.places[currency]):f} {currency}"

    def openings(self) -> list[tuple[str, str, str]]:
        """Account, amount and the amount turned round, of each balance that is not zero."""
        return [
            (
                self.book.accounts[balance.account_code].name,
                self.money(balance.opening, balance.currency),
                self.money(-balance.opening, balance.currency),
            )
            for balance in self.book.balances
            if balance.opening
        ]

    def closings(self) -> list[tuple[str, str, str]]:
        """Account, amount and currency at the end of the month."""
        closing: dict[tuple[str, str], int] = {}
        for balance in self.book.balances:
            # two of our accounts may be one of theirs
            key = self.book.accounts[balance.account_code].name, balance.currency
            closing[key] = closing.get(key, 0) + balance.closing
        return [
            (name, self.money(amount, currency), currency)
            for (name, currency), amount in sorted(closing.items())
        ]

    def named(self) -> list[Account]:
        """The accounts by name, each once."""
        return [
            Account(name)
            for name in sorted({account.name for account in self.book.accounts.values()})
        ]

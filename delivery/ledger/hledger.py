"""hledger: plain text, read by `hledger check` and every report of it.

The date is the day it is booked; an effective date before it is hledger's second date.
"""

from __future__ import annotations

import re

from delivery.ledger.book import Account, Document, major, one_line
from delivery.ledger.plain_text import PlainText

_ACCOUNT = re.compile(r"[^\s;:\"()\[\]*!](?:[^;\"()\[\]]*[^\s;:\"()\[\]])?")


class Hledger(PlainText):
    """Names of accounts may have single blanks; two end them."""

    extension = "journal"

    def check(self, code: str, account: Account) -> None:
        """As hledger would read it."""
        super().check(code, account)
        name = account.name
        if not _ACCOUNT.fullmatch(name) or "  " in name or "::" in name:
            self.refuse_account(code, "is no name of hledger's (assets:bank, revenues:sales, …)")

    def entry(self, document: Document) -> str:
        """The id is the code; what else there is to know are tags."""
        day = f"{document.booked_on}"
        if document.effective_on != document.booked_on:
            day += f"={document.effective_on}"
        tags = f"transaction:{_tag(document.transaction_id)}, event:{_tag(document.event_type)}"
        if document.reverses:
            tags += f", reverses:{document.reverses}"
        lines = [
            f"{day} * ({document.external_id}) {_described(document.memo)}",
            f"    ; {tags}",
        ]
        for line in document.lines:
            name = self.book.accounts[line.account_code].name
            lines.append(f"    {name}  {self.money(line.amount_minor, document.currency)}")
        return "\n".join(lines) + "\n\n"

    def accounts(self) -> str:
        """Declared, so that a strict check knows each; a point is the decimal mark."""
        book = self.book
        currencies = [
            f"commodity {major(10 ** (places + 3), places):f}{'' if places else '.'} {currency}"
            for currency, places in sorted(book.places.items())
        ]
        names = [account.name for account in self.named()]
        opened = [f"account {name}" for name in [*names, self.opening_account]]
        return "\n".join(["decimal-mark .", *currencies, *opened]) + "\n"

    def proof(self) -> str:
        """Balances are asked for in an entry that moves nothing."""
        book = self.book
        lines = [f"include accounts.{self.extension}", ""]
        if openings := self.openings():
            lines.append(f"{book.first} * Opening balances")
            for name, amount, turned in openings:
                lines += [f"    {name}  {amount}", f"    {self.opening_account}  {turned}"]
            lines.append("")
        lines += [f"include {book.stem}.{self.extension}", ""]
        if closings := self.closings():
            lines.append(f"{book.after} * Closing balances")
            for name, amount, currency in closings:
                lines.append(f"    {name}  {self.money(0, currency)} = {amount}")
        return "\n".join(lines) + "\n"


def _described(words: str) -> str:
    return one_line(words).replace(";", ",").replace("|", "/")


def _tag(words: str) -> str:
    return one_line(words).replace(",", " ")

"""beancount: plain text, read by `bean-check` and `bean-query`.

beancount tolerates half of the last digit in an entry, in which no cent hides; the proof's balances
tolerate nothing.
"""

from __future__ import annotations

import re

from delivery.ledger.book import Account, Document, one_line
from delivery.ledger.plain_text import PlainText

_ACCOUNT = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")
_OLDEST = "1970-01-01"


class Beancount(PlainText):
    """Accounts begin with one of five words; each part with a capital letter or a digit."""

    extension = "beancount"

    def check(self, code: str, account: Account) -> None:
        """As bean-check would."""
        super().check(code, account)
        if not _ACCOUNT.fullmatch(account.name):
            self.refuse_account(code, "is no name of beancount's (Assets:Bank, Income:Sales, …)")

    def entry(self, document: Document) -> str:
        """The id is a link, so that an entry and what reverses it are found together."""
        links = f"^{document.external_id}"
        if document.reverses:
            links += f" ^{document.reverses}"
        lines = [
            f'{document.booked_on} * "{_quoted(document.memo)}" {links}',
            f'  transaction: "{_quoted(document.transaction_id)}"',
            f'  event: "{_quoted(document.event_type)}"',
        ]
        if document.effective_on != document.booked_on:
            lines.append(f"  effective: {document.effective_on}")
        for line in document.lines:
            name = self.book.accounts[line.account_code].name
            lines.append(f"  {name}  {self.money(line.amount_minor, document.currency)}")
        return "\n".join(lines) + "\n\n"

    def accounts(self) -> str:
        """Opened before anything is booked."""
        names = [account.name for account in self.named()]
        opened = [f"{_OLDEST} open {name}" for name in [*names, self.opening_account]]
        return "\n".join(['option "title" "Tieout"', *opened]) + "\n"

    def proof(self) -> str:
        """A balance is asked for at the start of the day after the month, and exactly."""
        book = self.book
        lines = [
            f'include "accounts.{self.extension}"',
            f'include "{book.stem}.{self.extension}"',
            "",
        ]
        if openings := self.openings():
            lines.append(f'{book.first} * "Opening balances"')
            for name, amount, turned in openings:
                lines += [f"  {name}  {amount}", f"  {self.opening_account}  {turned}"]
            lines.append("")
        for name, amount, _ in self.closings():
            number, currency = amount.split(" ")
            lines.append(f"{book.after} balance {name}  {number} ~ 0 {currency}")
        return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    return one_line(words).replace("\\", "\\\\").replace('"', '\\"')

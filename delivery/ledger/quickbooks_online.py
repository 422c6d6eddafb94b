"""QuickBooks Online: the CSV of 'Import data, Journal entries', for the US and for elsewhere.

Rows of one JournalNo are one journal. Accounts go by name (`Parent:Sub`); the import does not work
while account numbers are switched on. Only the US file has a currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.ledger.book import Book, Document, Line
from delivery.ledger.ids import short_id
from delivery.ledger.target import CsvTarget, Limits

_US = (
    *("*JournalNo", "*JournalDate", "*AccountName", "*Debits", "*Credits"),
    *("Description", "Name", "Currency", "Location", "Class"),
)
_OTHER = (
    *("*JournalNo", "*JournalDate", "Memo", "*AccountName", "Debits", "Credits"),
    *("Description", "Name", "Location", "Class"),
)


class QuickBooksOnline(CsvTarget):
    """A thousand rows a file with its header; two decimals; the other side is blank, no zero."""

    limits = Limits(lines=999, rows=999, places=2, least_places=2)

    def __init__(self, book: Book) -> None:
        self._is_us = book.setting("region", ("us", "other")) == "us"
        super().__init__(book)

    @property
    def has_currency(self) -> bool:
        """The file of other regions has none."""
        return self._is_us

    @property
    def columns(self) -> tuple[str, ...]:
        """Asterisks are part of the header."""
        return _US if self._is_us else _OTHER

    def row(self, document: Document, line: Line) -> Mapping[str, Any]:
        """The number has 20 letters of the 21 that fit; the whole id is in the description."""
        account = self.book.accounts[line.account_code]
        side = "Debits" if line.amount_minor > 0 else "Credits"
        ids = (document.transaction_id, document.external_id)
        row: dict[str, Any] = {
            "*JournalNo": short_id(document.external_id, 20),
            "*AccountName": account.name,
            f"*{side}" if self._is_us else side: self.amount(document, abs(line.amount_minor)),
            "Description": self.book.with_ids(line.memo, ids, 4000, "Description"),
            "Name": account.entity,
            "Class": account.department,
        }
        style = "MM/DD/YYYY" if self._is_us else "DD-MM-YYYY"
        row["*JournalDate"] = self.day(document.booked_on, style)
        if self._is_us:
            return {**row, "Currency": document.currency}
        return {**row, "Memo": self.book.fitted(document.memo, 4000, "Memo")}

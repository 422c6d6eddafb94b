"""NetSuite: the journal entry import of its CSV assistant.

Header values stand on every row, rows of one External ID are one journal. The External ID is the
entry's own id, so that a second import updates or refuses and never doubles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.ledger.book import Book, Document, Line
from delivery.ledger.target import DATES, CsvTarget, Limits

_LINE = "Journal Entry - Line: "


class NetSuite(CsvTarget):
    """Amounts of up to ten digits and two decimals; 200 lines a journal, 25 000 rows a file."""

    limits = Limits(lines=200, rows=25_000, digits=10, places=2)
    columns = (
        *("External ID", "Date", "Posting Period", "Subsidiary", "Currency", "Exchange Rate"),
        *("Memo", f"{_LINE}Account", f"{_LINE}Debit", f"{_LINE}Credit", f"{_LINE}Memo"),
        *(f"{_LINE}Department", f"{_LINE}Name"),
    )

    def __init__(self, book: Book) -> None:
        self._dates_as = book.setting("date_format", tuple(DATES))
        super().__init__(book)

    def row(self, document: Document, line: Line) -> Mapping[str, Any]:
        """Debit or credit, never both; the exchange rate is left to NetSuite."""
        book = self.book
        account = book.accounts[line.account_code]
        side = "Debit" if line.amount_minor > 0 else "Credit"
        return {
            "External ID": document.external_id,
            "Date": self.day(document.booked_on, self._dates_as),
            "Posting Period": self.day(book.first, "Mmm YYYY"),
            "Subsidiary": book.settings.get("subsidiary", ""),
            "Currency": document.currency,
            "Memo": book.fitted(document.memo, 999, "Memo"),
            f"{_LINE}Account": account.name,
            f"{_LINE}{side}": self.amount(document, abs(line.amount_minor)),
            f"{_LINE}Memo": book.with_ids(
                line.memo, (document.transaction_id,), 999, f"{_LINE}Memo"
            ),
            f"{_LINE}Department": account.department,
            f"{_LINE}Name": account.entity,
        }

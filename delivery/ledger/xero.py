"""Xero: the manual journal import.

Rows of one narration and date are one journal, so the narration ends with the entry's id. Positive
is debit. No column says a currency: amounts are in the organisation's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.ledger.book import Account, Document, Line
from delivery.ledger.target import CsvTarget, Limits


class Xero(CsvTarget):
    """Three hundred lines a file, and so a journal; accounts go by code."""

    limits = Limits(lines=300, rows=300, places=2, least_places=2, account=10)
    has_currency = False
    columns = (
        *("*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount"),
        *("TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2"),
    )

    def check(self, code: str, account: Account) -> None:
        """Each line names a tax rate, as the organisation calls it."""
        super().check(code, account)
        if not account.tax:
            self.book.setting("tax_rate")

    def row(self, document: Document, line: Line) -> Mapping[str, Any]:
        """The tax rate of the account, else of the organisation."""
        book = self.book
        account = book.accounts[line.account_code]
        tracking = book.settings.get("tracking_name", "") if account.department else ""
        # the id is never cut: it is what keeps two journals of a day apart
        words = book.fitted(document.memo, 3900, "*Narration")
        return {
            "*Narration": f"{words} {document.external_id}",
            "*Date": self.day(document.booked_on, "DD/MM/YYYY"),
            "Description": book.fitted(line.memo, 4000, "Description"),
            "*AccountCode": account.name,
            "*TaxRate": account.tax or book.setting("tax_rate"),
            "*Amount": self.amount(document, line.amount_minor),
            "TrackingName1": tracking,
            "TrackingOption1": account.department if tracking else "",
        }

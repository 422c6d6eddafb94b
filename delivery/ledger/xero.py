"""Xero: the manual journal import.

Rows of one narration and date are one journal, so the narration ends with the entry's id. Positive
is debit. No column says a currency: amounts are in the organisation's own. A date has its month as
a word, which no organisation reads the other way round.
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
        return {
            # the id is what keeps two journals of a day apart
            "*Narration": book.with_ids(document.memo, (document.external_id,), 4000, "*Narration"),
            "*Date": self.day(document.booked_on, "DD Mmm YYYY"),
            "Description": book.with_ids(
                line.memo, (document.transaction_id,), 4000, "Description"
            ),
            "*AccountCode": account.name,
            "*TaxRate": account.tax or book.setting("tax_rate"),
            "*Amount": self.amount(document, line.amount_minor),
            "TrackingName1": tracking,
            "TrackingOption1": account.department if tracking else "",
        }

"""QuickBooks Desktop: an IIF file of general journals.

Tab separated, CRLF, Windows' code page, no quotes. Debit +, credit −. QuickBooks keeps no id and
makes an account it does not know without a word: import a file once, into the right company.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from delivery.csv_export import defused
from delivery.ledger.book import Account, Document, Line
from delivery.ledger.ids import short_id
from delivery.ledger.target import Limits, Target

_COLUMNS = ("TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO")
_PAGE = "cp1252"


class QuickBooksDesktop(Target):
    """No column says a currency: each has a file. The id is in MEMO, and short in DOCNUM."""

    extension = "iif"
    limits = Limits(places=2, least_places=2, account=159)
    has_currency = False

    def check(self, code: str, account: Account) -> None:
        """A letter outside the code page would name another account; a quote ends a cell."""
        super().check(code, account)
        for name in (account.name, account.entity, account.department):
            if '"' in name or _page(name) != name:
                self.refuse_account(code, f"has a quote or a letter outside {_PAGE} in {name!r}")

    def write(self, file: Path, documents: Iterable[Document]) -> None:
        """Three lines of header, then TRNS, SPL …, ENDTRNS."""
        with file.open("w", encoding=_PAGE, newline="") as out:
            for word in ("!TRNS", "!SPL"):
                out.write("\t".join((word, *_COLUMNS)) + "\r\n")
            out.write("!ENDTRNS\r\n")
            for document in documents:
                for place, line in enumerate(document.lines):
                    out.write(f"{'SPL' if place else 'TRNS'}\t{self._row(document, line)}")
                out.write("ENDTRNS\r\n")

    def _row(self, document: Document, line: Line) -> str:
        account = self.book.accounts[line.account_code]
        ids = (document.transaction_id, document.external_id)
        cells = (
            "GENERAL JOURNAL",
            self.day(document.booked_on, "MM/DD/YYYY"),
            account.name,
            account.entity,
            account.department,
            f"{self.amount(document, line.amount_minor):f}",
            short_id(document.external_id, 11),
            _text(self.book.with_ids(line.memo, ids, 4095, "MEMO")),
        )
        return "\t".join(cells) + "\r\n"


def _text(words: str) -> str:
    """No quotes, no letter that the code page lacks, no formula."""
    return defused(_page(words.replace('"', "'")))


def _page(words: str) -> str:
    return words.encode(_PAGE, errors="replace").decode(_PAGE)

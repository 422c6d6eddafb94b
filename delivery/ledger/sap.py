"""SAP: a flat file for BAPI_ACC_DOCUMENT_POST, a line of 48 named fields for each item.

Tab separated, CRLF, UTF-8. Items of one ID_ACCDOC and WAERS are one document of signed amounts,
debit +, credit −. SAP cuts what is too long without a word, so nothing that is too long leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from delivery.ledger.book import Account, Book, Document, ExportRefusedError, Line
from delivery.ledger.ids import short_id
from delivery.ledger.target import Limits, Target

FIELDS = (
    *("ID_ACCDOC", "AWTYP", "AWKEY", "AWSYS", "BUKRS", "BLART", "BLDAT", "BUDAT", "MONAT"),
    *("VATDATE", "WAERS", "XBLNR", "BKTXT", "KUNNR", "LIFNR", "UMSKS", "HKONT", "WRBTR", "VALUT"),
    *("SGTXT", "ZUONR", "MWSKZ", "KOSTL", "POSID", "XREF1", "XREF2", "XREF3", "ZTERM", "ZFBDT"),
    *("ZBD1T", "ZLSCH", "ZLSPR", "HBKID", "HKTID", "WITHT", "WT_WITHCD", "WT_QSSHB", "WT_QBSHB"),
    *("VBUND", "NAME", "POSTL_CODE", "COUNTRY_ISO", "CITY", "STREET", "TAX_NO_1", "TAX_NO_2"),
    *("TAX_NO_3", "TAX_NO_4"),
)


class Sap(Target):
    """999 items a document; accounts of ten digits; text for people is cut and told.

    WRBTR has 13 digits, decimals included; systems that widened it take more.
    """

    extension = "txt"
    limits = Limits(lines=999, all_digits=13, places=4, account=10)

    def __init__(self, book: Book) -> None:
        for name, length in (("company_code", 4), ("document_type", 2)):
            if len(book.setting(name)) > length:
                raise ExportRefusedError(
                    f"{book.target}: setting {name} is {book.setting(name)!r}, SAP takes {length}"
                    " characters; see seeds/export_settings.csv."
                )
        super().__init__(book)

    def check(self, code: str, account: Account) -> None:
        """Numbers of accounts, and fields that SAP would cut into another one's."""
        super().check(code, account)
        if not (account.name.isascii() and account.name.isdigit()):
            self.refuse_account(code, "is no number")
        for name, value, length in (
            ("tax", account.tax, 2),
            ("department", account.department, 10),
        ):
            if len(value) > length:
                why = f"goes with {name} {value!r}; SAP takes {length} characters"
                self.refuse_account(code, why)

    def write(self, file: Path, documents: Iterable[Document]) -> None:
        """A header of field names, then the items."""
        with file.open("w", encoding="utf-8", newline="") as out:
            out.write("\t".join(FIELDS) + "\r\n")
            for document in documents:
                for line in document.lines:
                    values = self._values(document, line)
                    out.write("\t".join([values.get(name, "") for name in FIELDS]) + "\r\n")

    def _values(self, document: Document, line: Line) -> dict[str, str]:
        book = self.book
        account = book.accounts[line.account_code]
        return {
            "ID_ACCDOC": document.external_id,
            "BUKRS": book.settings["company_code"],
            "BLART": book.settings["document_type"],
            "BLDAT": self.day(document.effective_on, "YYYYMMDD"),
            "BUDAT": self.day(document.booked_on, "YYYYMMDD"),
            "WAERS": document.currency,
            "XBLNR": short_id(document.external_id, 16),
            "BKTXT": book.fitted(document.memo, 25, "BKTXT"),
            "HKONT": account.name.zfill(10),
            "WRBTR": f"{self.amount(document, line.amount_minor):f}",
            "SGTXT": self._item_text(document, line),
            "ZUONR": short_id(document.transaction_id, 18),
            "MWSKZ": account.tax or book.settings.get("tax_code", ""),
            "KOSTL": account.department,
        }

    def _item_text(self, document: Document, line: Line) -> str:
        """The words, and the transaction's whole id where there is room for both."""
        words = self.book.fitted(line.memo, 50, "SGTXT")
        both = f"{words} {document.transaction_id}".strip()
        return both if len(both) <= 50 else words

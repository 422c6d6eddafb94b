"""Files as senders write them, built on the fly: own books, Stripe, statements, workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

BOOKS = {
    "transaction_id": "T1",
    "processor_name": "stripe",
    "amount": "10.00",
    "currency": "EUR",
    "status": "settled",
    "merchant_id": "M1",
    "transaction_date": "2026-10-01 10:00:00",
    "reference_number": "R1",
    "fee": "0.30",
}
STRIPE = {
    "balance_transaction_id": "txn_1",
    "created_utc": "2026-10-01 10:00:00",
    "available_on_utc": "2026-10-03 00:00:00",
    "currency": "eur",
    "gross": "10.00",
    "fee": "0.30",
    "net": "9.70",
    "reporting_category": "charge",
    "description": "",
}
PAYOUT = {
    "payout_id": "po_1",
    "effective_at_utc": "2026-10-05 00:00:00",
    "balance_transaction_id": "txn_9",
    "currency": "eur",
    "gross": "-9.70",
    "fee": "0.00",
    "net": "-9.70",
    "reporting_category": "payout",
}
BOOK_HEADER = ",".join(BOOKS)
BOOK_LINE = ",".join(BOOKS.values())


def table(*rows: dict[str, str], columns: Sequence[str] = (), ending: str = "\n") -> bytes:
    """A CSV file of rows; the first row's keys are its header unless `columns` says otherwise."""
    out = io.StringIO()
    names = list(columns or rows[0])
    writer = csv.DictWriter(out, names, lineterminator=ending, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def books(*changes: dict[str, str], ending: str = "\n") -> bytes:
    """Own books with one row for each set of changed values."""
    rows = [{**BOOKS, "transaction_id": f"T{n}", **c} for n, c in enumerate(changes, start=1)]
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(BOOKS)
    return table(*rows, columns=names, ending=ending)


def book_lines(*lines: str, ending: str = "\n") -> bytes:
    """Own books from literal lines under the usual header."""
    return (ending.join([BOOK_HEADER, *lines]) + ending).encode()


def entry(amount: str = "10.00", direction: str | None = "CRDT", **parts: str) -> str:
    """A booked Ntry; `extra` is put before the details, `details` are TxDtls."""
    sign = f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else ""
    details = f"<NtryDtls>{parts['details']}</NtryDtls>" if "details" in parts else ""
    return (
        f'<Ntry><Amt Ccy="{parts.get("currency", "EUR")}">{amount}</Amt>{sign}'
        f"{parts.get('extra', '')}<Sts>{parts.get('status', 'BOOK')}</Sts>"
        f"<BookgDt><Dt>2026-10-05</Dt></BookgDt><ValDt><Dt>2026-10-05</Dt></ValDt>{details}</Ntry>"
    )


DETAIL = (
    "<TxDtls><Refs><EndToEndId>E2E-1</EndToEndId><TxId>TX-1</TxId><MndtId>MD-1</MndtId></Refs>"
    "{amount}<RltdPties>{party}</RltdPties><RmtInf><Ustrd>po_123</Ustrd><Ustrd>thanks</Ustrd>"
    "<Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
)


def balance(kind: str, amount: str, direction: str = "CRDT", currency: str = "EUR") -> str:
    """A Bal element."""
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2026-10-05</Dt></Dt></Bal>"
    )


def statement(*parts: str, identity: str = "S1", number: int = 1, page: str = "") -> str:
    """A Stmt with balances and entries."""
    return (
        f"<Stmt><Id>{identity}</Id>{page}<ElctrncSeqNb>{number}</ElctrncSeqNb>"
        "<CreDtTm>2026-10-06T04:00:00Z</CreDtTm><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id>"
        f"<Ccy>EUR</Ccy></Acct>{''.join(parts)}</Stmt>"
    )


def camt(*statements: str, version: str = "camt.053.001.08", **words: str) -> bytes:
    """A camt.053 message; `created` is its own time, `prolog` stands before it."""
    namespace = f' xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"' if version else ""
    return (
        f"{words.get('prolog', '')}<Document{namespace}><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>"
        f"<CreDtTm>{words.get('created', '2026-10-06T04:00:00Z')}</CreDtTm></GrpHdr>"
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    ).encode()


def tied(*entries: str, closing: str = "110.00", **words: Any) -> str:
    """A statement that opens with 100.00 and closes with `closing`."""
    return statement(balance("OPBD", "100.00"), balance("CLBD", closing), *entries, **words)


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """An XLSX workbook of literal rows, one keyword a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CASH_HEADER = (
    "TRANS_ID", "TCTYPE", "CREATEDAT", "EXPIREDAT", "CUSTOMERID", "ORDERID", "AMOUNT", "REASON",
)  # fmt: skip
SALES = (("ORDERID", "CUSTOMERID", "PREDISCOUNTGROSSPRODUCTSALES", "ORDERWEIGHT"), (1, 7, 20.5, 2))
CUSTOMERS = (
    ("CUSTOMERID", "EMAIL", "FIRSTNAME", "BILLINGPOSTCODE"),
    (7, "Jo@example.org", "Jo", "01234"),
)
EARNED = (1, "earned", "2026-10-01 10:00:00", "2026-11-01 10:00:00", 7, None, 16.07, "Refund")


def cash(*rows: Sequence[Any], header: Sequence[str] = CASH_HEADER) -> bytes:
    """A Thrive Cash workbook with these rows of TC_Data."""
    return workbook(TC_Data=[header, *rows], Sales=SALES, Customers=CUSTOMERS)

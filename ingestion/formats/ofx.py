"""OFX downloads of bank and card accounts, 1.x (SGML) and 2.x (XML).

In: Work, contract, scratch. Out: Parsed with the four tables of bank statements. The entry's date
is the one the bank wrote, in its own zone; FITID is the bank's reference. OFX has no opening
balance, so nothing ties; every STMTTRN of the text must have become an entry.
"""

from __future__ import annotations

import re

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion
from ingestion.formats.bank_rows import STATEMENT, BankRows, Page, Row
from ingestion.formats.octets import whole_content
from ingestion.formats.ofx_elements import Element, decoded, tree
from ingestion.formats.parsed import Parsed, Scratch, Work

MAX_BYTES = 64 * 1024 * 1024
AMOUNT = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:[.,](?P<part>[0-9]{1,2}|[0-9]{4,6}))?")
POINT = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)\.(?P<part>[0-9]+)")


def knows_ofx(start: bytes) -> bool:
    """Whether the first bytes are an OFX header or its first element."""
    return re.search(rb"OFXHEADER|<OFX>", start[:2048], re.I) is not None


def parse_ofx(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a download. Raises XML_FORBIDDEN, OFX_INVALID, OFX_NO_STATEMENT."""
    root = tree(decoded(whole_content(work.path, "OFX", MAX_BYTES)))
    accounts = list(root.all("STMTRS", "CCSTMTRS"))
    if not accounts or any(root.all("INVSTMTRS")):
        raise FileFault(
            "OFX_NO_STATEMENT",
            "no statement of a bank or card account; investment accounts are not read",
        )
    bank = BankRows(spec, "ofx")
    entries = sum(_account(bank, account, root) for account in accounts)
    there = sum(1 for _ in root.all("STMTTRN", "STMTTRNP"))
    if there != entries:
        raise FileFault("OFX_INVALID", f"{there} entries, {entries} of them inside a statement")
    parsed = bank.finish(scratch)
    stamp = re.match(r"[0-9]{8,14}", root.text("SIGNONMSGSRSV1/SONRS/DTSERVER") or "")
    parsed.revision = int(stamp[0].ljust(14, "0")) if stamp else None
    return parsed


def _account(bank: BankRows, account: Element, root: Element) -> int:
    """One STMTRS or CCSTMTRS; gives back how many entries it holds."""
    currency = account.text("CURDEF")
    balances = [
        (balance.line, _balance(balance, kind, currency))
        for name, kind in (("LEDGERBAL", "CLBD"), ("AVAILBAL", "CLAV"))
        for balance in account.children
        if balance.name == name
    ]
    period_from, period_to = _period(account)
    ends_on = period_to or max((str(row["balance_date"] or "") for _, row in balances), default="")
    opened = Page(
        account.text("BANKACCTFROM/ACCTID", "CCACCTFROM/ACCTID"),
        f"{period_from or ''}..{ends_on}",
        STATEMENT,
        ends_on=ends_on or None,
    )
    told = {
        "account_currency": currency,
        "created_at": _day(root.text("SIGNONMSGSRSV1/SONRS/DTSERVER")),
        "period_from": period_from,
        "period_to": period_to,
        "message_version": "OFX",
    }
    bank.open(opened, account.line, told)
    for line, row in balances:
        bank.balance(line, row)
    entries = list(account.all("STMTTRN", "STMTTRNP"))
    for entry in entries:
        bank.entry(entry.line, _entry(entry, currency))
        if entry.text("CORRECTFITID"):
            bank.parsed.suspicions.append(
                Suspicion(
                    "OFX_CORRECTION",
                    f"line {entry.line}: the entry corrects {entry.text('CORRECTFITID')} of an"
                    " earlier file; take that one back by hand, then release this file",
                )
            )
    return len(entries)


def _period(account: Element) -> tuple[str | None, str | None]:
    """The first and last day of its lists of entries."""
    starts, ends = (
        sorted(filter(None, (_day(each.value) for each in account.all(name))))
        for name in ("DTSTART", "DTEND")
    )
    return starts[0] if starts else None, ends[-1] if ends else None


def _balance(node: Element, kind: str, currency: str | None) -> Row:
    return {
        **_money(node.text("BALAMT")),
        "balance_type": kind,
        "currency": currency,
        "balance_date": _day(node.text("DTASOF")),
    }


def _entry(node: Element, currency: str | None) -> Row:
    posted = _day(node.text("DTPOSTED", "DTTRAN"))
    return {
        **_money(node.text("TRNAMT")),
        "currency": node.text("CURRENCY/CURSYM") or currency,
        "is_reversal": "false",
        "status": "BOOK" if node.name == "STMTTRN" else "PDNG",
        "booking_date": posted,
        "value_date": _day(node.text("DTAVAIL")) or posted,
        "servicer_reference": node.text("FITID"),
        "transaction_reference": node.text("REFNUM", "CHECKNUM"),
        "proprietary_code": node.text("TRNTYPE"),
        "counterparty_name": node.text("NAME", "PAYEE/NAME"),
        "counterparty_account": node.text("BANKACCTTO/ACCTID", "CCACCTTO/ACCTID"),
        "remittance": node.text("MEMO"),
        "details_count": "0",
    }


def _money(text: str | None) -> Row:
    """Amount without sign, and the direction. A comma before three digits may mean either, so such
    a cell stays as it is and is refused."""
    found = POINT.fullmatch(text or "") or AMOUNT.fullmatch(text or "")
    if not text or not found or not (found["whole"] or found["part"]):
        return {"amount": text, "credit_debit": "CRDT" if text else None}
    part = f".{found['part']}" if found["part"] else ""
    return {
        "amount": (found["whole"] or "0") + part,
        "credit_debit": "DBIT" if found["sign"] == "-" else "CRDT",
    }


def _day(text: str | None) -> str | None:
    """The calendar day as written; the time and its zone do not move it."""
    found = re.match(r"([0-9]{4})([0-9]{2})([0-9]{2})", text or "")
    return f"{found[1]}-{found[2]}-{found[3]}" if found else text

"""ISO 20022 bank messages, every version, with or without namespace or envelope.

camt.053 statements book; camt.052 intraday reports and camt.054 notifications only announce.
In: Work, contract, scratch. Out: Parsed with four tables: statements, balances, entries, details.
A statement whose opening balance and booked entries do not give its closing balance is held.
No DTD, no entities, no network; names are compared without their namespace.
"""

from __future__ import annotations

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.bank_rows import STATEMENT, BankRows, Page, Row
from ingestion.formats.camt_fields import (
    ACCOUNT,
    Node,
    child,
    children,
    detail_fields,
    entry_fields,
    epoch_micros,
    moment,
    money,
    text,
)
from ingestion.formats.parsed import Parsed, Scratch, Work
from ingestion.formats.xml_safe import local_name, parse_xml

# The message, the element of one account in it, and what that is.
MESSAGES = {
    "BkToCstmrStmt": ("Stmt", STATEMENT),
    "BkToCstmrAcctRpt": ("Rpt", "intraday"),
    "BkToCstmrDbtCdtNtfctn": ("Ntfctn", "notification"),
}
MARKS = tuple(name.encode() for name in MESSAGES)


def knows_camt(start: bytes) -> bool:
    """Whether the first bytes name one of the messages."""
    return any(mark in start for mark in MARKS)


def parse_camt(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a message. Raises XML_FORBIDDEN, XML_INVALID, XML_VERSION, XML_NO_STATEMENT."""
    bank, created = BankRows(spec, "camt"), list[int]()
    for message in _messages(parse_xml(work.path)):
        name, kind = MESSAGES[local_name(message)]
        found = list(children(message, name))
        if not found:
            raise FileFault(
                "XML_NO_STATEMENT",
                f"the message holds no {name}; {_version(message)} without one says nothing",
            )
        header = child(message, "GrpHdr")
        for node in found:
            _account(bank, node, kind, text(header, "MsgId"), _version(message))
        at = moment(text(header, "CreDtTm")) or moment(text(found[0], "CreDtTm"))
        created += [micros] if (micros := epoch_micros(at)) is not None else []
    parsed = bank.finish(scratch)
    parsed.revision = max(created, default=None)
    return parsed


def _account(bank: BankRows, node: Node, kind: str, message_id: str | None, version: str) -> None:
    """One Stmt, Rpt or Ntfctn."""
    created, period_to = (
        moment(text(node, *paths)) for paths in (("CreDtTm",), ("FrToDt/ToDtTm", "FrToDt/ToDt"))
    )
    balances = [(bal.sourceline or 0, _balance(bal)) for bal in children(node, "Bal")]
    dated = {row["balance_type"]: row["balance_date"] for _, row in balances if row["balance_date"]}
    page = Page(
        text(node, *ACCOUNT),
        text(node, "Id"),
        kind,
        text(node, "StmtPgntn/PgNb", "RptPgntn/PgNb", "NtfctnPgntn/PgNb"),
        text(node, "ElctrncSeqNb"),
        dated.get("CLBD") or period_to or dated.get("ITBD") or created,
    )
    bank.open(
        page,
        node.sourceline or 0,
        {
            "account_currency": text(node, "Acct/Ccy"),
            "electronic_sequence": page.sequence,
            "legal_sequence": text(node, "LglSeqNb"),
            "created_at": created,
            "period_from": moment(text(node, "FrToDt/FrDtTm", "FrToDt/FrDt")),
            "period_to": period_to,
            "message_id": message_id,
            "message_version": version,
        },
    )
    for line, row in balances:
        bank.balance(line, row)
    for entry in children(node, "Ntry"):
        _entry(bank, entry)


def _balance(node: Node) -> Row:
    amount, currency = money(child(node, "Amt"))
    return {
        "balance_type": text(node, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry"),
        "amount": amount,
        "currency": currency,
        "credit_debit": text(node, "CdtDbtInd"),
        "balance_date": moment(text(node, "Dt/Dt", "Dt/DtTm")),
    }


def _entry(bank: BankRows, node: Node) -> None:
    details = [d for group in children(node, "NtryDtls") for d in children(group, "TxDtls")]
    movement = bank.entry(node.sourceline or 0, entry_fields(node, details))
    bank.details(movement, [(d.sourceline or 0, detail_fields(d, node)) for d in details])


def _messages(root: Node) -> list[Node]:
    """The messages, wherever the envelope put them. Raises XML_VERSION."""
    found = [node for node in root.iter() if local_name(node) in MESSAGES]
    if not found:
        inner = next((local_name(node) for node in root if local_name(node)), "nothing")
        raise FileFault(
            "XML_VERSION",
            f"found {_version(root)} with {local_name(root)}/{inner}; wanted camt.052, camt.053 or"
            f" camt.054 with {', '.join(MESSAGES)}",
            root.sourceline,
        )
    return found


def _version(node: Node) -> str:
    namespace = str(node.tag).partition("}")[0].removeprefix("{")
    return namespace.rpartition(":")[2] if "}" in str(node.tag) else "no namespace"

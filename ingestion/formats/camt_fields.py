"""Fields of camt elements across versions 2 to 14: where each stands, read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ingestion.formats.xml_safe import local_name

Node = Any

ACCOUNT = ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id")


def children(node: Node, name: str) -> Iterator[Node]:
    """Direct children of that name."""
    return (kid for kid in node if local_name(kid) == name)


def child(node: Node | None, path: str) -> Node | None:
    """The first element at a path of names."""
    for name in path.split("/"):
        if node is None:
            return None
        node = next(children(node, name), None)
    return node


def text(node: Node | None, *paths: str) -> str | None:
    """The text at the first path that has some, without surrounding blanks."""
    for path in paths:
        found = child(node, path)
        if found is not None and found.text and (words := found.text.strip()):
            return str(words)
    return None


def money(node: Node | None) -> tuple[str | None, str | None]:
    """Amount and currency of an Amt element."""
    if node is None:
        return None, None
    return (node.text or "").strip() or None, node.get("Ccy")


def moment(value: str | None) -> str | None:
    """ISO text; a date's zone is dropped, since a calendar day has none."""
    if value and (
        day := re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})", value)
    ):
        return day[1]
    return value


def epoch_micros(value: str | None) -> int | None:
    """Microseconds since 1970 of an ISO moment (UTC when it names no zone)."""
    try:
        at = datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", value or ""))
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000 + at.microsecond


def status(node: Node) -> str | None:
    """BOOK, PDNG, INFO …: plain text until version 7, wrapped in Cd since 8."""
    return text(node, "Sts", "Sts/Cd", "Sts/Prtry")


def is_reversal(node: Node) -> str | None:
    """RvslInd as true/false, null when it is not there."""
    value = text(node, "RvslInd")
    return {"true": "true", "1": "true", "false": "false", "0": "false"}.get(value or "", value)


def entry_fields(node: Node, details: list[Node]) -> dict[str, str | None]:
    """Columns of bank_entries; those of a detail only where the entry has exactly one."""
    amount, currency = money(child(node, "Amt"))
    code = child(node, "BkTxCd")
    row = {
        "entry_reference": text(node, "NtryRef"),
        "amount": amount,
        "currency": currency,
        "credit_debit": text(node, "CdtDbtInd"),
        "is_reversal": is_reversal(node),
        "status": status(node),
        "booking_date": moment(text(node, "BookgDt/Dt", "BookgDt/DtTm")),
        "value_date": moment(text(node, "ValDt/Dt", "ValDt/DtTm")),
        "servicer_reference": text(node, "AcctSvcrRef"),
        "domain_code": text(code, "Domn/Cd"),
        "family_code": text(code, "Domn/Fmly/Cd"),
        "sub_family_code": text(code, "Domn/Fmly/SubFmlyCd"),
        "proprietary_code": text(code, "Prtry/Cd"),
        "additional_information": text(node, "AddtlNtryInf"),
        "details_count": str(len(details)),
    }
    if len(details) == 1:
        only = details[0]
        party, account = _counterparty(only, node)
        row |= {
            "end_to_end_id": text(only, "Refs/EndToEndId"),
            "transaction_reference": text(only, "Refs/TxId"),
            "mandate_id": text(only, "Refs/MndtId"),
            "counterparty_name": party,
            "counterparty_account": account,
            "remittance": _remittance(only),
        }
    return row


def detail_fields(node: Node, entry: Node) -> dict[str, str | None]:
    """Columns of bank_entry_details."""
    amount, currency = None, None
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if amount is None:
            amount, currency = money(child(node, path))
    return {
        "amount": amount,
        "currency": currency,
        "credit_debit": text(node, "CdtDbtInd"),
        "end_to_end_id": text(node, "Refs/EndToEndId"),
        "transaction_reference": text(node, "Refs/TxId"),
        "counterparty_name": _counterparty(node, entry)[0],
        "remittance": _remittance(node),
        "return_reason": text(node, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
    }


def _counterparty(detail: Node, entry: Node) -> tuple[str | None, str | None]:
    """Who is on the other side: the debtor of what came in; a reversal keeps the first roles."""
    credit = (text(detail, "CdtDbtInd") or text(entry, "CdtDbtInd")) == "CRDT"
    side = "Dbtr" if credit != (is_reversal(entry) == "true") else "Cdtr"
    parties = child(detail, "RltdPties")
    name = text(parties, f"{side}/Nm", f"{side}/Pty/Nm", f"Ultmt{side}/Nm", f"Ultmt{side}/Pty/Nm")
    account = text(parties, f"{side}Acct/Id/IBAN", f"{side}Acct/Id/Othr/Id")
    return name, account


def _remittance(detail: Node) -> str | None:
    information = child(detail, "RmtInf")
    if information is None:
        return None
    words = [(node.text or "").strip() for node in children(information, "Ustrd")]
    words += [text(node, "CdtrRefInf/Ref") or "" for node in children(information, "Strd")]
    return " ".join(word for word in words if word) or None

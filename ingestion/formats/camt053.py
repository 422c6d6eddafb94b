"""ISO 20022 camt.053 bank statements, every version, with or without namespace or envelope.

In: Work, contract, scratch. Out: Parsed with four tables: statements, balances, entries, details.
A statement whose opening balance and booked entries do not give its closing balance is held.
No DTD, no entities, no network; names are compared without their namespace.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion
from ingestion.formats.camt_checks import Balance, Movement, check_sequence, check_statement
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
    status,
    text,
)
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work
from ingestion.formats.xml_safe import local_name, parse_xml

ROOT = "BkToCstmrStmt"
# Entries are counted page by page, each page from a number of its own: pages come in one file or
# in several, and the first line of page 2 is not the first line of page 1.
PAGE_SIZE = 100_000


@dataclass
class Rows:
    """Rows of the four tables on their way to the scratch database."""

    values: dict[str, list[list[str | None]]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(
        self, record: str, line: int, row: dict[str, str | None], names: tuple[str, ...]
    ) -> None:
        """One row; columns that `row` does not name are null."""
        self.values.setdefault(record, []).append([row.get(name) for name in names])
        self.lines.setdefault(record, []).append(line)


def parse_camt053(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a statement message. Raises XML_FORBIDDEN, XML_INVALID, XML_VERSION."""
    root = parse_xml(work.path)
    message = _message(root)
    parsed, rows = Parsed("camt053"), Rows()
    header = child(message, "GrpHdr")
    version = _version(message)
    reader = _Reader(spec, rows, parsed, text(header, "MsgId"), version)
    statements = list(children(message, "Stmt"))
    if not statements:
        raise FileFault(
            "XML_NO_STATEMENT", f"the message holds no Stmt; {version} without one says nothing"
        )
    keys = [reader.statement(node) for node in statements]
    parsed.logical_key = _logical_key(sorted(set(keys)))
    created = moment(text(header, "CreDtTm")) or moment(text(statements[0], "CreDtTm"))
    parsed.revision = epoch_micros(created)
    parsed.suspicions += check_sequence(reader.sequences)
    for record, contract in spec.records.items():
        table = ParsedTable(record, scratch.new_table(len(contract.columns)), contract.column_names)
        scratch.append(table.table, rows.values.get(record, []), rows.lines.get(record, []))
        parsed.tables.append(table)
    return parsed


class _Reader:
    """Walks statements and collects rows, totals and suspicions."""

    def __init__(
        self, spec: SourceSpec, rows: Rows, parsed: Parsed, message_id: str | None, version: str
    ) -> None:
        self._spec, self._rows, self._parsed = spec, rows, parsed
        self._message_id, self._version = message_id, version
        self._entries_so_far: dict[tuple[str | None, str | None, int], int] = {}
        self.sequences: list[tuple[str, str, int]] = []

    def _add(self, record: str, node: Node, row: dict[str, str | None]) -> None:
        self._rows.add(record, node.sourceline or 0, row, self._spec.records[record].column_names)

    def statement(self, node: Node) -> str:
        """Reads one Stmt; returns what identifies it among documents."""
        identity = text(node, "Id")
        account = text(node, *ACCOUNT)
        keys = {"statement_id": identity, "account": account}
        sequence = text(node, "ElctrncSeqNb")
        page = text(node, "StmtPgntn/PgNb")
        self._add(
            "bank_statements",
            node,
            {
                **keys,
                "account_currency": text(node, "Acct/Ccy"),
                "electronic_sequence": sequence,
                "legal_sequence": text(node, "LglSeqNb"),
                "created_at": moment(text(node, "CreDtTm")),
                "period_from": moment(text(node, "FrToDt/FrDtTm", "FrToDt/FrDt")),
                "period_to": moment(text(node, "FrToDt/ToDtTm", "FrToDt/ToDt")),
                "message_id": self._message_id,
                "message_version": self._version,
            },
        )
        if sequence and sequence.isascii() and sequence.isdecimal():
            self.sequences.append((account or "", identity or "", int(sequence)))
        balances = list(self._balances(node, keys))
        movements = list(self._entries(node, keys, page))
        scope = f"{account}/{identity}" + (f" page {page}" if page else "")
        total, suspicion = check_statement(scope, balances, movements)
        self._parsed.totals += [total] if total else []
        self._parsed.suspicions += [suspicion] if suspicion else []
        return f"{account}:{identity}" + (f":p{page}" if page else "")

    def _balances(self, statement: Node, keys: dict[str, str | None]) -> Iterator[Balance]:
        for node in children(statement, "Bal"):
            kind = text(node, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
            amount, currency = money(child(node, "Amt"))
            direction = text(node, "CdtDbtInd")
            on = moment(text(node, "Dt/Dt", "Dt/DtTm"))
            self._add(
                "bank_balances",
                node,
                {
                    **keys,
                    "balance_type": kind,
                    "amount": amount,
                    "currency": currency,
                    "credit_debit": direction,
                    "balance_date": on,
                },
            )
            yield Balance(kind or "", amount, currency, direction)

    def _entries(
        self, statement: Node, keys: dict[str, str | None], page: str | None
    ) -> Iterator[Movement]:
        before = _entries_before(page)
        counter = (keys["account"], keys["statement_id"], before)
        for node in children(statement, "Ntry"):
            index = self._entries_so_far.get(counter, before) + 1
            self._entries_so_far[counter] = index
            details = [d for group in children(node, "NtryDtls") for d in children(group, "TxDtls")]
            row = {**keys, "entry_index": str(index), **entry_fields(node, details)}
            self._add("bank_entries", node, row)
            explained = [detail_fields(detail, node) for detail in details]
            for number, (detail, fields) in enumerate(zip(details, explained, strict=True), 1):
                self._add(
                    "bank_entry_details",
                    detail,
                    {**keys, "entry_index": str(index), "detail_index": str(number), **fields},
                )
            movement = Movement(
                index, row["amount"], row["currency"], row["credit_debit"], status(node)
            )
            total = movement.unexplained(f"{keys['account']}/{keys['statement_id']}", explained)
            if total:
                self._parsed.totals.append(total)
                self._note_mismatch(node, total)
            yield movement

    def _note_mismatch(self, node: Node, total: Any) -> None:
        self._parsed.notes.append(
            Suspicion(
                "DETAIL_MISMATCH",
                f"line {node.sourceline}: {total.scope} sum to {total.found}, the entry says"
                f" {total.declared}; the entry counts",
            )
        )


def _entries_before(page: str | None) -> int:
    """What a page's entries count on from; 0 for the first page and where there are none."""
    number = int(page) if page and re.fullmatch(r"[0-9]{1,5}", page) else 1
    return max(number - 1, 0) * PAGE_SIZE


def _message(root: Node) -> Node:
    """The BkToCstmrStmt element, wherever the envelope put it. Raises XML_VERSION."""
    if local_name(root) == ROOT:
        return root
    found = next((node for node in root.iter() if local_name(node) == ROOT), None)
    if found is None:
        inner = next((local_name(node) for node in root if local_name(node)), "nothing")
        raise FileFault(
            "XML_VERSION",
            f"found {_version(root)} with {local_name(root)}/{inner}, wanted camt.053 with {ROOT};"
            " intraday reports (camt.052) and notifications (camt.054) are not statements",
            root.sourceline,
        )
    return found


def _version(node: Node) -> str:
    namespace = str(node.tag).partition("}")[0].removeprefix("{")
    return namespace.rpartition(":")[2] if "}" in str(node.tag) else "no namespace"


def _logical_key(keys: list[str]) -> str:
    joined = "camt053 " + ",".join(keys)
    if len(joined) <= 200:
        return joined
    return joined[:150] + " " + hashlib.sha256(joined.encode()).hexdigest()[:24]

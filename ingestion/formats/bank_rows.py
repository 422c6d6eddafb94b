"""The four tables every bank format fills, and what a statement must satisfy before it lands.

In: statements, balances, entries and details as dicts of text. Out: Parsed with their tables,
control totals, reasons to hold, and the name under which a corrected statement replaces this one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from ingestion.catalogue import Format, SourceSpec
from ingestion.faults import Suspicion
from ingestion.formats.bank_checks import Balance, Movement, check_sequence, check_statement
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch

Row = dict[str, str | None]
STATEMENT = "statement"
# Entries are counted page by page, each page from a number of its own: pages come in one file or
# in several, and the first line of page 2 is not the first line of page 1.
PAGE_SIZE = 100_000


@dataclass
class Page:
    """A statement, or a page of one, while it is read."""

    account: str | None
    named: str | None
    kind: str
    number: str | None = None
    sequence: str | None = None
    ends_on: str | None = None
    numbered_as: str | None = None  # what the number stands for; the statement's id when None
    balances: list[Balance] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    repeat: int = 1

    @property
    def statement_id(self) -> str | None:
        """Its name, told apart from others of that name in the file."""
        return self.named if self.repeat == 1 or not self.named else f"{self.named}#{self.repeat}"

    @property
    def keys(self) -> Row:
        """What every row of the page carries."""
        return {
            "account": self.account,
            "statement_id": self.statement_id,
            "page_number": self.number,
        }

    @property
    def scope(self) -> str:
        """The page's name in messages and control totals."""
        return f"{self.account}/{self.statement_id}" + (
            f" page {self.number}" if self.number else ""
        )

    @property
    def identity(self) -> str:
        """The page among all documents. Banks count from 1 again each year, so the day is in it."""
        page = f":p{self.number}" if self.number else ""
        return f"{self.account}:{self.statement_id}{page}@{(self.ends_on or '')[:10]}"


class BankRows:
    """Collects rows page by page, and weighs each page when it is closed."""

    def __init__(self, spec: SourceSpec, format_name: Format) -> None:
        self._spec, self._pages = spec, list[Page]()
        self._values: dict[str, list[list[str | None]]] = {}
        self._lines: dict[str, list[int]] = {}
        self._entries: dict[tuple[str | None, str | None, int], int] = {}
        self.parsed = Parsed(format_name)

    def open(self, page: Page, line: int, row: Row) -> None:
        """A statement's own row; what is read next belongs to it."""
        same = sum(
            (p.account, p.named, p.number) == (page.account, page.named, page.number)
            for p in self._pages
        )
        if same:  # the bank gave one name to several statements of a file
            page.repeat = same + 1
        self._pages.append(page)
        self._add("bank_statements", line, {**page.keys, "statement_kind": page.kind, **row})

    def balance(self, line: int, row: Row) -> None:
        """A balance of the open page, in the order it stands there."""
        page = self._pages[-1]
        page.balances.append(
            Balance(
                row.get("balance_type") or "",
                row.get("amount"),
                row.get("currency"),
                row.get("credit_debit"),
            )
        )
        index = str(len(page.balances))
        self._add("bank_balances", line, {**page.keys, "balance_index": index, **row})

    def entry(self, line: int, row: Row) -> Movement:
        """An entry of the open page; gives back its place and money."""
        page = self._pages[-1]
        before = entries_before(page.number)
        counter = (page.account, page.statement_id, before)
        index = self._entries.get(counter, before) + 1
        self._entries[counter] = index
        movement = Movement(
            index,
            row.get("amount"),
            row.get("currency"),
            row.get("credit_debit"),
            row.get("status"),
        )
        page.movements.append(movement)
        self._add("bank_entries", line, {**page.keys, "entry_index": str(index), **row})
        return movement

    def details(self, entry: Movement, found: list[tuple[int, Row]]) -> None:
        """The parts of an entry, noted where they do not add up to it; the entry counts."""
        page = self._pages[-1]
        for number, (line, row) in enumerate(found, 1):
            place = {"entry_index": str(entry.index), "detail_index": str(number)}
            self._add("bank_entry_details", line, {**page.keys, **place, **row})
        total = entry.unexplained(page.scope, [row for _, row in found])
        if total:
            self.parsed.totals.append(total)
            self.parsed.notes.append(
                Suspicion(
                    "DETAIL_MISMATCH",
                    f"line {found[0][0]}: {total.scope} sum to {total.found}, the entry says"
                    f" {total.declared}; the entry counts",
                )
            )

    def finish(self, scratch: Scratch) -> Parsed:
        """Every page weighed, every row in a scratch table."""
        for page in self._pages:
            if page.kind == STATEMENT:
                total, suspicion = check_statement(page.scope, page.balances, page.movements)
                self.parsed.totals += [total] if total else []
                self.parsed.suspicions += [suspicion] if suspicion else []
        self._name()
        for record, contract in self._spec.records.items():
            width = len(contract.columns)
            table = ParsedTable(record, scratch.new_table(width), contract.column_names)
            scratch.append(table.table, self._values.get(record, []), self._lines.get(record, []))
            self.parsed.tables.append(table)
        return self.parsed

    def _name(self) -> None:
        """Logical key, and the numbers statements and pages have in the bank's own count."""
        kinds = {page.kind for page in self._pages}
        of = "" if kinds == {STATEMENT} else f" {'+'.join(sorted(kinds))}"
        keys = sorted({page.identity for page in self._pages})
        self.parsed.logical_key = logical_key(f"{self.parsed.format}{of} ", keys)
        numbered = [
            (
                # most banks count from 1 again each year
                f"{page.account} {(page.ends_on or '')[:4]}".strip(),
                page.numbered_as or page.statement_id or "",
                int(page.sequence or "0"),
            )
            for page in self._pages
            if page.kind == STATEMENT and re.fullmatch(r"[0-9]{1,12}", page.sequence or "")
        ]
        self.parsed.suspicions += check_sequence(numbered)
        # A number across files only where the file is one numbered statement, not a page of one.
        if len(self._pages) == len(numbered) == 1 and self._pages[0].number in (None, "1"):
            self.parsed.sequence_scope, _, self.parsed.sequence_number = numbered[0]

    def _add(self, record: str, line: int, row: Row) -> None:
        names = self._spec.records[record].column_names
        if unknown := set(row) - set(names):
            raise KeyError(f"{record} has no columns {sorted(unknown)}")
        self._values.setdefault(record, []).append([row.get(name) for name in names])
        self._lines.setdefault(record, []).append(line)


def entries_before(page: str | None) -> int:
    """What a page's entries count on from; 0 for the first page and where there are none."""
    number = int(page) if page and re.fullmatch(r"[0-9]{1,5}", page) else 1
    return max(number - 1, 0) * PAGE_SIZE


def logical_key(prefix: str, keys: list[str]) -> str:
    """The pages of a file as one name of at most 200 characters."""
    joined = prefix + ",".join(keys)
    if len(joined) <= 200:
        return joined
    return joined[:150] + " " + hashlib.sha256(joined.encode()).hexdigest()[:24]

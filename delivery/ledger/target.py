"""What every accounting program has in common: limits, a check of its accounts, files.

In: a Book. Out: a Target that writes documents into files. Nothing here knows a database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from delivery.csv_export import defused, write_csv
from delivery.ledger.book import Account, Book, Document, ExportRefusedError, Line, major, one_line

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATES = {
    "MM/DD/YYYY": "{m:02d}/{d:02d}/{y:04d}",
    "DD/MM/YYYY": "{d:02d}/{m:02d}/{y:04d}",
    "DD-MM-YYYY": "{d:02d}-{m:02d}-{y:04d}",
    "DD.MM.YYYY": "{d:02d}.{m:02d}.{y:04d}",
    "YYYY-MM-DD": "{y:04d}-{m:02d}-{d:02d}",
    "YYYYMMDD": "{y:04d}{m:02d}{d:02d}",
    "DD Mmm YYYY": "{d:02d} {mmm} {y:04d}",
    "Mmm YYYY": "{mmm} {y:04d}",
}


@dataclass(frozen=True)
class Limits:
    """What the target takes at most: lines of a document, rows of a file, digits of an amount.

    `digits` stand before the point, `all_digits` before and after it. `account` is the longest name
    of an account. None: as many as you like.
    """

    lines: int | None = None
    rows: int | None = None
    digits: int = 15
    all_digits: int | None = None
    places: int = 4
    least_places: int = 0
    account: int | None = None


class Target(ABC):
    """One accounting program. Making it checks settings and accounts, before any file is made."""

    extension: ClassVar[str]
    limits: ClassVar[Limits]

    def __init__(self, book: Book) -> None:
        self.book = book
        self._dates: dict[tuple[date, str], str] = {}
        for name, value in sorted(book.settings.items()):
            if why := misread(value):
                raise ExportRefusedError(
                    f"{book.target}: setting {name} is {value!r}, which {why}; see"
                    " seeds/export_settings.csv."
                )
        for code, account in sorted(book.accounts.items()):
            self.check(code, account)

    @property
    def has_currency(self) -> bool:
        """Whether a file says which currency its amounts are in; else each has a file."""
        return True

    @abstractmethod
    def write(self, file: Path, documents: Iterable[Document]) -> None:
        """Writes documents into a file."""

    def companions(self) -> Iterator[tuple[str, str]]:
        """Further files, by name and text."""
        return iter(())

    def rows_of(self, document: Document) -> int:
        """How many of a file's rows it takes."""
        return len(document.lines)

    def check(self, code: str, account: Account) -> None:
        """Refuses a name that the target would not read as it stands."""
        name, most = account.name, self.limits.account
        wrong = misread(name) if name else "is empty"
        if not wrong and most is not None and len(name) > most:
            wrong = f"has {len(name)} characters, {self.book.target} takes {most}"
        for column, value in account.more():
            if not wrong and (why := misread(value)):
                wrong = f"goes with {column} {value!r}, which {why}"
        if wrong:
            self.refuse_account(code, wrong)

    def refuse_account(self, code: str, why: str) -> None:
        """Says which row of the mapping is at fault."""
        raise ExportRefusedError(
            f"{self.book.target}: account {code} is mapped to {self.book.accounts[code].name!r},"
            f" which {why}; see seeds/account_mappings.csv."
        )

    def accepted(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents; an amount that the target cannot carry is refused."""
        for document in documents:
            self._accept(document)
            yield document

    def _accept(self, document: Document) -> None:
        places, limits = self.book.places[document.currency], self.limits
        if places > limits.places:
            raise ExportRefusedError(
                f"{self.book.target}: entry {document.entry_id} is in {document.currency}, whose"
                f" amounts have {places} decimals; it takes {limits.places}. --currency leaves"
                " other currencies out."
            )
        digits, takes = limits.digits + places, f"{limits.digits} digits before the point"
        if limits.all_digits is not None and limits.all_digits < digits:
            digits, takes = limits.all_digits, f"{limits.all_digits} digits, decimals included"
        for line in document.lines:
            if abs(line.amount_minor) >= 10**digits:
                raise ExportRefusedError(
                    f"{self.book.target}: entry {document.entry_id} has an amount of"
                    f" {major(line.amount_minor, places):f} {document.currency}; it takes {takes}."
                )

    def amount(self, document: Document, amount_minor: int) -> Decimal:
        """The amount in major units, with the places that the target wants."""
        return major(amount_minor, self.book.places[document.currency], self.limits.least_places)

    def day(self, day: date, style: str) -> str:
        """A date as the target reads it."""
        if (text := self._dates.get((day, style))) is None:
            text = self._dates[day, style] = DATES[style].format(
                y=day.year, m=day.month, d=day.day, mmm=_MONTHS[day.month - 1]
            )
        return text


def misread(value: str) -> str:
    """Why a cell with this text would not be read as it stands, or nothing."""
    if value != one_line(value):
        return "has blanks around it or a tab or line break in it"
    return "would start a formula in a spreadsheet" if value != defused(value) else ""


class CsvTarget(Target):
    """A program that takes a CSV with a header: a row for each line."""

    extension = "csv"

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The header, as the program asks for it."""

    @abstractmethod
    def row(self, document: Document, line: Line) -> Mapping[str, Any]:
        """One line by column name; a column that is not there stays empty."""

    def write(self, file: Path, documents: Iterable[Document]) -> None:
        """Through the writer that defuses formulas; no mark at the start: importers read it."""
        empty = dict.fromkeys(self.columns)
        rows = (
            {**empty, **self.row(document, line)}
            for document in documents
            for line in document.lines
        )
        write_csv(file, self.columns, rows, encoding="utf-8")

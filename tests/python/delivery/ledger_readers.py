"""The exports read back as their programs would, by readers that know nothing of the writers.

In: a folder. Out: postings: journal, day, account, currency, amount (debit +). Where a file says no
currency, its name does.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class Posting(NamedTuple):
    """A line as the program takes it."""

    file: str
    journal: str
    day: date
    account: str
    currency: str
    amount: Decimal


def number(text: str) -> Decimal:
    """A plain number: no sign but minus, no thousands, no leading zero, a point."""
    assert NUMBER.fullmatch(text), text
    return Decimal(text)


def day(text: str, style: str) -> date:
    """The date, in this format and no other."""
    return datetime.strptime(text, style).date()


def one_side(debit: str, credit: str) -> Decimal:
    """Debit or credit: one is blank, the other above zero."""
    assert (debit == "") != (credit == ""), (debit, credit)
    amount = number(debit or credit)
    assert amount > 0
    return amount if debit else -amount


def _named_currency(file: Path) -> str:
    return file.name.split("-")[-2 if file.suffix == ".csv" else -1].split(".")[0]


def _rows(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    for file in sorted(folder.glob("*.csv")):
        assert not file.read_bytes().startswith(b"\xef\xbb\xbf")
        with file.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, strict=True):
                assert None not in row
                yield file, row


def netsuite(folder: Path) -> Iterator[Posting]:
    """Ten digits, two decimals; header values on every row."""
    head: dict[str, tuple[str, ...]] = {}
    for file, row in _rows(folder):
        line = {
            name.removeprefix("Journal Entry - Line: "): value
            for name, value in row.items()
            if name.startswith("Journal Entry - Line: ")
        }
        fixed = tuple(row[name] for name in list(row)[1:7])
        assert head.setdefault(row["External ID"], fixed) == fixed
        amount = one_side(line["Debit"], line["Credit"])
        assert re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", line["Debit"] or line["Credit"])
        assert row["Posting Period"] == "Oct 2026"
        booked = day(row["Date"], "%m/%d/%Y")
        name = row["External ID"]
        yield Posting(file.name, name, booked, line["Account"], row["Currency"], amount)


def quickbooks_online(folder: Path) -> Iterator[Posting]:
    """The file of the US."""
    for file, row in _rows(folder):
        amount = one_side(row["*Debits"], row["*Credits"])
        assert re.search(r"\.[0-9]{2}$", row["*Debits"] or row["*Credits"])
        assert len(row["*JournalNo"]) <= 21
        booked = day(row["*JournalDate"], "%m/%d/%Y")
        name = row["*JournalNo"]
        yield Posting(file.name, name, booked, row["*AccountName"], row["Currency"], amount)


def quickbooks_elsewhere(folder: Path) -> Iterator[Posting]:
    """The file of other regions, which says no currency."""
    for file, row in _rows(folder):
        amount = one_side(row["Debits"], row["Credits"])
        booked = day(row["*JournalDate"], "%d-%m-%Y")
        currency = _named_currency(file)
        yield Posting(file.name, row["*JournalNo"], booked, row["*AccountName"], currency, amount)


def xero(folder: Path) -> Iterator[Posting]:
    """Same narration and date: one journal."""
    for file, row in _rows(folder):
        assert row["*TaxRate"] == "Tax Exempt"
        booked = day(row["*Date"], "%d %b %Y")
        name, amount = f"{row['*Narration']} {booked}", number(row["*Amount"])
        yield Posting(file.name, name, booked, row["*AccountCode"], _named_currency(file), amount)


def quickbooks_desktop(folder: Path) -> Iterator[Posting]:
    """TRNS opens, SPL follows, ENDTRNS closes; columns by the places of the header."""
    for file in sorted(folder.glob("*.iif")):
        text = file.read_bytes().decode("cp1252")
        assert text.endswith("\r\n")
        assert text.count("\n") == text.count("\r\n")
        assert '"' not in text
        lines = [line.split("\t") for line in text.split("\r\n")[:-1]]
        header = lines[0]
        assert [line[0] for line in lines[:3]] == ["!TRNS", "!SPL", "!ENDTRNS"]
        assert header[1:] == lines[1][1:]
        is_open, sum_of, number_of = False, Decimal(0), 0
        for line in lines[3:]:
            if line[0] == "ENDTRNS":
                assert is_open
                assert sum_of == 0
                is_open = False
                continue
            assert (line[0] == "SPL") == is_open
            if line[0] == "TRNS":
                number_of, sum_of, is_open = number_of + 1, Decimal(0), True
            row = dict(zip(header, line, strict=True))
            assert row["TRNSTYPE"] == "GENERAL JOURNAL"
            assert len(row["DOCNUM"]) <= 11
            amount, booked = number(row["AMOUNT"]), day(row["DATE"], "%m/%d/%Y")
            sum_of += amount
            name = f"{row['MEMO'].split()[-1]}"
            currency = _named_currency(file)
            yield Posting(file.name, name, booked, row["ACCNT"], currency, amount)
        assert not is_open


# What SAP calls each field and how many characters it has, by its place in the line.
SAP_PLACES = {
    "BUKRS": (4, 4),
    "BLART": (5, 2),
    "BLDAT": (6, 8),
    "BUDAT": (7, 8),
    "WAERS": (10, 5),
    "XBLNR": (11, 16),
    "BKTXT": (12, 25),
    "HKONT": (16, 10),
    "SGTXT": (19, 50),
    "ZUONR": (20, 18),
    "MWSKZ": (21, 2),
    "KOSTL": (22, 10),
}


def sap(folder: Path) -> Iterator[Posting]:
    """48 fields by place, none longer than SAP's own."""
    for file in sorted(folder.glob("*.txt")):
        text = file.read_bytes().decode("utf-8")
        assert text.count("\n") == text.count("\r\n")
        header, *lines = [line.split("\t") for line in text.split("\r\n")[:-1]]
        assert len(header) == 48
        for name, (place, _) in SAP_PLACES.items():
            assert header[place] == name
        for line in lines:
            assert len(line) == 48
            for name, (place, length) in SAP_PLACES.items():
                assert len(line[place]) <= length, (name, line[place])
            assert re.fullmatch(r"[0-9]{10}", line[16])
            assert line[6] <= line[7]
            booked = day(line[7], "%Y%m%d")
            account = line[16].lstrip("0")
            yield Posting(file.name, line[0], booked, account, line[10], number(line[17]))


READERS: dict[str, Callable[[Path], Iterator[Posting]]] = {
    "netsuite": netsuite,
    "sap": sap,
    "quickbooks-online": quickbooks_online,
    "quickbooks-desktop": quickbooks_desktop,
    "xero": xero,
}


def journals(postings: list[Posting]) -> dict[tuple[str, str], list[Posting]]:
    """Lines of one journal and currency; each has two at least and sums to zero, in one file."""
    found: dict[tuple[str, str], list[Posting]] = defaultdict(list)
    for posting in postings:
        found[posting.journal, posting.currency].append(posting)
    for name, lines in found.items():
        assert len(lines) >= 2, name
        assert sum(line.amount for line in lines) == 0, name
        assert len({(line.file, line.day) for line in lines}) == 1, name
    return found

"""The rows of a file spread over several files at random: what a sender may do any day.

In: a file that is a set of rows (a table, lines or a list of objects, a workbook, Parquet) and a
chance. Out: the files its rows are in now, each with its header and totals of its own. A file that
is one statement, page or event is left alone: `rows_of` says there is nothing to spread.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

Row = Any


@dataclass(frozen=True)
class Rows:
    """What may stand in any order and any file (an item may be several lines), and their writer."""

    items: list[Row]
    write: Callable[[Path, list[Row]], None]
    is_ordered: bool = False


def rows_of(file: Path) -> Rows | None:
    """The rows of a file; None when it is a whole, as a summary is, which says what others add up
    to."""
    if "summary" in file.name.lower():
        return None
    readers = {".ndjson": _ndjson, ".json": _json, ".xlsx": _xlsx, ".parquet": _parquet}
    if file.suffix.lower() == ".csv":
        return SPECIAL.get(file.parent.name, _csv)(file)
    return readers[file.suffix](file) if file.suffix in readers else None


def spread(file: Path, folder: Path, chance: random.Random, most: int = 4) -> list[Path]:
    """The file's rows in one to `most` files of that folder, in any order; or the file itself."""
    rows = rows_of(file)
    if rows is None:
        return [file]
    count = chance.randint(1, most)
    places = [chance.randrange(count) for _ in rows.items]
    items = list(zip(sorted(places) if rows.is_ordered else places, rows.items, strict=True))
    if not rows.is_ordered:
        chance.shuffle(items)
    parts = []
    for part in sorted({place for place, _ in items}):
        path = folder / file.parent.name / f"{file.stem}_{part + 1}_of_{count}{file.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.write(path, [item for place, item in items if place == part])
        parts.append(path)
    return parts


def _csv(file: Path) -> Rows:
    """A header and rows; a trailer of own books and house files declares what is left of it."""
    header, *lines = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    rows = [line for line in lines if line and line[0] != "TRAILER"]
    has_trailer = len(rows) < len([line for line in lines if line])

    def write(path: Path, some: list[list[str]]) -> None:
        trailer = [["TRAILER", str(len(some)), _sums(header, some)]] if has_trailer else []
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *some, *trailer])

    return Rows(rows, write)


def _sums(header: list[str], rows: list[list[str]]) -> str:
    """EUR=12.00,JPY=500 of the rows, as a trailer has it."""
    amount, currency = header.index("amount"), header.index("currency")
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row[currency]] = totals.get(row[currency], Decimal(0)) + Decimal(row[amount])
    return ",".join(f"{code}={total}" for code, total in totals.items())


def _acme_pay(file: Path) -> Rows:
    """Greeting and header above, comments between, and a last line with count and sum."""
    lines = file.read_text(encoding="cp1252").splitlines()
    above = lines[: next(n for n, line in enumerate(lines) if line.startswith("Vorgang")) + 1]
    rows = [line for line in lines[len(above) :] if not line.startswith(("#", "Summe"))]

    def write(path: Path, some: list[str]) -> None:
        total = sum((_acme_amount(line) for line in some), Decimal(0))
        written = f"{total:.2f}".replace(".", ",")
        last = f"Summe;{len(some)};;;{written} €;;;;"
        path.write_text("\n".join([*above, *some, last, ""]), encoding="cp1252")

    return Rows(rows, write)


def _acme_amount(line: str) -> Decimal:
    cells = line.split(";")
    plain = cells[4].removesuffix(" €").replace(".", "").replace(",", ".")
    return Decimal(plain) * (-1 if cells[5] == "S" else 1)


def _nordbank(file: Path) -> Rows:
    """An account's download: a day's lines stay together and in order, for balances run on."""
    lines = file.read_text(encoding="cp1252").splitlines()
    above = lines[: next(n for n, line in enumerate(lines) if line.startswith("Buchungstag")) + 1]
    days = groupby(lines[len(above) :], key=lambda line: line.split(";")[0])

    def write(path: Path, some: list[list[str]]) -> None:
        flat = [line for day in some for line in day]
        path.write_text("\n".join([*above, *flat, ""]), encoding="cp1252")

    return Rows([list(day) for _, day in days], write, is_ordered=True)


def _whole(file: Path) -> None:
    """A report with sections and footers; tests/python/ingestion/test_paypal.py cuts those."""


SPECIAL: dict[str, Callable[[Path], Rows | None]] = {
    "acme_pay": _acme_pay,
    "nordbank": _nordbank,
    "paypal": _whole,
}


def _ndjson(file: Path) -> Rows:
    def write(path: Path, some: list[str]) -> None:
        path.write_text("".join(f"{line}\n" for line in some), encoding="utf-8")

    return Rows(file.read_text(encoding="utf-8").splitlines(), write)


def _json(file: Path) -> Rows | None:
    """A response around one list of objects; an event or a single object is a whole."""
    whole = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    names = [name for name, value in whole.items() if isinstance(value, list)]
    if len(names) != 1 or whole.get("object", "list") != "list":
        return None

    def write(path: Path, some: list[Any]) -> None:
        text = json.dumps({**whole, names[0]: some}, default=str)
        path.write_text(text, encoding="utf-8")

    return Rows(whole[names[0]], write)


def _xlsx(file: Path) -> Rows:
    """The first sheet's rows, each cell with its format."""
    sheet = openpyxl.load_workbook(file).worksheets[0]
    header, *rows = sheet.iter_rows()

    def write(path: Path, some: list[Any]) -> None:
        book = openpyxl.Workbook()
        for number, cells in enumerate([header, *some], start=1):
            for place, cell in enumerate(cells, start=1):
                made = book.worksheets[0].cell(number, place, cell.value)
                made.number_format = copy(cell.number_format)
        book.save(path)

    return Rows(list(rows), write)


def _parquet(file: Path) -> Rows:
    table = pq.read_table(file)

    def write(path: Path, some: list[int]) -> None:
        pq.write_table(table.take(some), path)

    return Rows(list(range(table.num_rows)), write)

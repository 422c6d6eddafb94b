"""Cutting the books to a target's measure: entries into documents, documents into files.

In: rows of marts.ledger_entries in order of entry. Out: documents, each balanced; and runs of them
that fit one file. Nothing is held but one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from delivery.ledger.book import Book, Document, ExportRefusedError, Line, major

Row = Mapping[str, Any]


def documents(rows: Iterable[Row], book: Book, most: int | None) -> Iterator[Document]:
    """The documents of each entry: one, or more where it has more lines than `most`."""
    for _, of_entry in groupby(rows, key=itemgetter("entry_id")):
        yield from _documents(list(of_entry), book, most)


def _documents(rows: Sequence[Row], book: Book, most: int | None) -> Iterator[Document]:
    first = rows[0]
    _balanced(rows, book)
    parts = balanced_parts(rows, most, book.target)
    for number, part in enumerate(parts, start=1):
        name = first["entry_id"]
        yield Document(
            external_id=f"{name}-{number}" if len(parts) > 1 else name,
            entry_id=name,
            booked_on=_booked_on(first, book),
            effective_on=first["posted_on"],
            currency=first["currency"],
            event_type=first["event_type"] or "",
            transaction_id=first["transaction_id"] or "",
            kind=first["entry_kind"],
            reverses=first["reverses_entry_id"] or "",
            recorded_at=first["recorded_at"],
            lines=tuple(
                Line(row["account_code"], int(row["amount_minor"]), row["memo"] or "")
                for row in part
            ),
        )


def _balanced(rows: Sequence[Row], book: Book) -> None:
    first = rows[0]
    if over := sum(int(row["amount_minor"]) for row in rows):
        amount = major(over, book.places[first["currency"]])
        raise ExportRefusedError(
            f"{book.target}: entry {first['entry_id']} does not balance: debits less credits are"
            f" {amount:f} {first['currency']}. It is of posting rule {first['posting_rule_id']};"
            " tieout build tells which test fails."
        )


def _booked_on(row: Row, book: Book) -> date:
    """The day it is booked: what comes after its month was closed, on the first of the next."""
    booked: date = max(row["posted_on"], row["posting_period"])
    if booked >= book.after:
        raise ExportRefusedError(
            f"{book.target}: entry {row['entry_id']} is of {row['posted_on']}, after the period"
            f" {book.period} that it is booked in."
        )
    return booked


def balanced_parts(rows: Sequence[Row], most: int | None, target: str) -> list[Sequence[Row]]:
    """Parts of at most so many lines, cut where what is before the cut sums to zero."""
    parts: list[Sequence[Row]] = []
    rest = rows
    while most is not None and len(rest) > most:
        running, cut = 0, 0
        for place, row in enumerate(rest[:most], start=1):
            running += int(row["amount_minor"])
            cut = place if running == 0 else cut
        if not cut:
            raise ExportRefusedError(
                f"{target}: entry {rows[0]['entry_id']} has {len(rows)} lines; it takes {most} a"
                " document, and no cut leaves two parts that balance."
            )
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]


def files(
    found: Iterable[Document], most: int | None, rows_of: Callable[[Document], int]
) -> Iterator[Iterator[Document]]:
    """Runs of documents, each of at most `most` rows; read one to its end before the next."""
    waiting = iter(found)
    held: list[Document] = []

    def run() -> Iterator[Document]:
        room = most
        for document in chain([held.pop()], waiting):
            if room is not None:
                room -= rows_of(document)
                if room < 0:
                    held.append(document)
                    return
            yield document

    for document in waiting:
        held.append(document)
        while held:
            yield run()

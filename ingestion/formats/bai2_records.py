"""BAI2 lines as records: what stands on a line, what a continuation adds, what funds types take.

A record ends with `/`, or with its line. Code 88 goes on where the record before it stopped, also
in the middle of a (type, amount) pair. Several records may stand on one line. Text may hold commas
and slashes, so only what has the shape of a record after a slash begins one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.faults import FileFault, escaped

NEXT = re.compile(
    r"/(?=(?:02,[^,/]*,[^,/]*,[1-4]?,[0-9]{6},|03,[^,/]+,|16,[0-9]{3},[+-]?[0-9]*,|88,"
    r"|49,[+-]?[0-9]*,[0-9]+/?|9[89],[+-]?[0-9]*,[0-9]+,[0-9]+/?))"
)
CODES = ("01", "02", "03", "16", "88", "49", "98", "99")
TYPE = re.compile(r"[0-9]{3}")


@dataclass
class Record:
    """One record with its continuations. `breaks` are the places where a continuation begins."""

    code: str
    line: int
    fields: list[str]
    physical: int = 1
    breaks: set[int] = field(default_factory=set)

    def at(self, place: int) -> str:
        """A field, or nothing where the record is shorter."""
        return self.fields[place].strip() if place < len(self.fields) else ""

    def text(self, place: int) -> str:
        """The words from a place on: with the commas they came with, a blank between lines."""
        found = ""
        for index in range(place, len(self.fields)):
            between = "" if not found else " " if index in self.breaks else ","
            found += between + self.fields[index]
        return " ".join(found.split())


@dataclass(frozen=True)
class Summary:
    """A (type, amount, count, funds) group of an account record."""

    type_code: str
    amount: str
    count: str


def records(text: str) -> Iterator[Record]:
    """The records of a file in order. Raises BAI2_INVALID naming the line."""
    current: Record | None = None
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        for piece in NEXT.split(raw.rstrip()) if raw.strip() else ():
            code, _, rest = piece.lstrip().partition(",")
            if code not in CODES:
                raise FileFault("BAI2_INVALID", f"no record: {escaped(piece)[:40]}", number)
            fields = rest.removesuffix("/").split(",")
            if code != "88":
                if current:
                    yield current
                current = Record(code, number, fields)
            elif current is None:
                raise FileFault("BAI2_INVALID", "a continuation of nothing", number)
            else:
                current.breaks.add(len(current.fields))
                current.fields += fields
                current.physical += 1
    if current:
        yield current


def after_funds(record: Record, place: int) -> int:
    """Where a record goes on after its funds type and what that type takes with it."""
    kind = record.at(place)
    if TYPE.fullmatch(kind):
        return place  # left out: the next type stands in its place
    if kind == "V":
        return place + 3
    if kind == "S":
        return place + 4
    if kind == "D":
        pairs = record.at(place + 1)
        if not pairs.isdecimal():
            raise FileFault("BAI2_INVALID", "funds type D without its number", record.line)
        return place + 2 + 2 * int(pairs)
    if kind not in ("", "Z", "0", "1", "2"):
        raise FileFault(
            "BAI2_INVALID", f"unknown funds type {escaped(kind)[:10]}", record.line, place + 2
        )
    return place + 1


def summaries(record: Record) -> Iterator[Summary]:
    """The groups of an account record; commas left over between them are skipped."""
    place = 2
    while place < len(record.fields):
        code = record.at(place)
        if not code:
            place += 1
            continue
        if not TYPE.fullmatch(code):
            raise FileFault(
                "BAI2_INVALID", f"{escaped(code)[:20]} is no type code", record.line, place + 2
            )
        yield Summary(code, record.at(place + 1), record.at(place + 2))
        place = after_funds(record, place + 3)

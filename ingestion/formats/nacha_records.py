"""Records of a NACHA file: 94 characters each, also when blanks were trimmed or lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingestion.faults import FileFault

WIDTH = 94
FILLER = "9" * WIDTH
BLOCK = 10


@dataclass(frozen=True)
class Record:
    """One line with its number; places count from 1, as the rules count them."""

    line: int
    text: str

    def at(self, first: int, last: int) -> str:
        """The characters of a place, without the blanks around them."""
        return self.text[first - 1 : last].strip()

    def number(self, first: int, last: int) -> int:
        """A whole number. Raises NACHA_INVALID."""
        digits = self.at(first, last)
        if not re.fullmatch(r"[0-9]+", digits):
            raise FileFault(
                "NACHA_INVALID", f"places {first} to {last} hold no number", self.line, first
            )
        return int(digits)


def knows_nacha(start: bytes) -> bool:
    """Whether the first bytes are a file header: record type 1, priority 01, then a bank number."""
    return re.match(rb"101[ 0-9][0-9]{9}", start) is not None


def records(text: str) -> Iterator[Record]:
    """The records without the lines of nines that fill the last block. Raises NACHA_INVALID."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len([line for line in lines if line.strip()]) == 1 and len(lines[0].rstrip()) > WIDTH:
        whole = lines[0].rstrip()
        lines = [whole[start : start + WIDTH] for start in range(0, len(whole), WIDTH)]
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip(" \x1a\x00")
        if not line or line == FILLER:
            continue
        if len(line) > WIDTH:
            raise FileFault("NACHA_INVALID", f"a line of {len(line)} characters", number, WIDTH + 1)
        if line[0] not in "156789":
            raise FileFault("NACHA_INVALID", "the line begins with no record type", number, 1)
        yield Record(number, line.ljust(WIDTH))


def iso_day(digits: str) -> str | None:
    """YYMMDD as ISO text."""
    found = re.fullmatch(r"([0-9]{2})([0-9]{2})([0-9]{2})", digits)
    return f"20{found[1]}-{found[2]}-{found[3]}" if found else None


def is_day(text: str) -> bool:
    """Whether the calendar has the day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def settled_on(day_of_year: str, created: str) -> str | None:
    """The settlement day, which has no year: the one nearest to the file's own day."""
    if not re.fullmatch(r"[0-9]{3}", day_of_year) or not 1 <= int(day_of_year) <= 366:
        return None
    made = date.fromisoformat(created[:10])
    near = [date(made.year + n, 1, 1) + timedelta(int(day_of_year) - 1) for n in (-1, 0, 1)]
    return min(near, key=lambda day: abs(day - made)).isoformat()

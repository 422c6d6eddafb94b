"""How a sender spells a cell, as data: numbers, moments, words, and the lines around the rows.

In: a part of a catalogue file or of a deployment's manifest. Out: frozen values, checked. What they
do to a file is in ingestion/formats/spelling.py. Nothing is guessed: what is not declared here is
not read.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Unit = Literal["major", "minor", "hundredths"]
Encoding = Literal["utf-8", "cp1252", "iso-8859-1", "iso-8859-15", "cp850", "cp437"]
TOKENS = (
    "YYYY", "MMM", "SSS", "YY", "MM", "DD", "HH", "hh", "mm", "ss", "M", "D", "H", "h", "A", "Z",
)  # fmt: skip
EPOCHS = ("epoch", "epoch_ms")
TOKEN = re.compile("|".join(TOKENS))


class Part(BaseModel):
    """A part of a contract; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _is_pattern(pattern: str) -> str:
    """A pattern names year, month and day once each, and no letter that means nothing."""
    if pattern in EPOCHS:
        return pattern
    found = TOKEN.findall(pattern)
    kinds = [token.lower()[0] if token in ("hh", "h") else token[0] for token in found]
    rest = TOKEN.sub("", pattern).replace("T", "")
    if re.search(r"[A-Za-z0-9]", rest):
        raise ValueError(f"{pattern}: it is written with {', '.join((*TOKENS, *EPOCHS))}")
    if any(kinds.count(kind) != 1 for kind in "YMD") or len(set(found)) < len(found):
        raise ValueError(f"{pattern}: year, month and day stand once each, like DD/MM/YYYY")
    has_hour, has_minute = {"H", "HH", "h", "hh"} & set(found), "mm" in found
    if bool(has_hour) != has_minute or ({"h", "hh"} & set(found) and "A" not in found):
        raise ValueError(f"{pattern}: hours need minutes (HH:mm), and hh needs A for AM and PM")
    return pattern


def _width(token: re.Match[str]) -> str:
    """The digits a token may be at most; words stay."""
    word = token.group()
    return word if word in ("MMM", "A", "Z") else "0" * max(len(word), 2)


def _tell_apart(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Two patterns of one shape would read one date in two ways."""
    widths = [TOKEN.sub(_width, pattern) for pattern in patterns]
    if len(set(widths)) < len(widths):
        raise ValueError(f"{' and '.join(patterns)}: one date would fit two of these")
    return patterns


Pattern = Annotated[str, AfterValidator(_is_pattern)]
Patterns = Annotated[tuple[Pattern, ...], AfterValidator(_tell_apart)]


class Numbers(Part):
    """How amounts are written. `group` " " is any kind of blank.

    `signs` are currency signs or codes that may stand before or behind ("$", "EUR"); a minus may
    stand before the number or before the sign. The words of `credit` and `debit` may stand behind
    ("12.00 DR"). Brackets and a minus behind mean a negative amount only where they are declared.
    """

    decimal: Literal[".", ","] = "."
    group: Literal["", ",", ".", " ", "'"] = ""
    signs: tuple[str, ...] = ()
    parentheses: bool = False
    trailing_minus: bool = False
    credit: tuple[str, ...] = ()
    debit: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal == self.group:
            raise ValueError("the decimal mark and the group mark are the same")
        if any(not word.strip() or re.search("[0-9]", word) for word in self.signs):
            raise ValueError("a sign is a word or a mark without digits")
        return self


class Direction(Part):
    """A column whose words say whether the amount goes out (debit) or comes in (credit).

    `otherwise` is for every other word; without it such a row is refused. With `ignore_sign` the
    amount's own sign says nothing.
    """

    column: str
    debit: tuple[str, ...] = Field(min_length=1)
    credit: tuple[str, ...] = ()
    otherwise: Literal["debit", "credit"] | None = None
    ignore_sign: bool = False


class Cell(Part):
    """Where a value stands in the sender's file and how it is spelled there.

    One of: `column`; `columns` (joined by a blank); `debit` and `credit` (an amount in two columns,
    of which one is filled; `debit_is: negative` when a debit has a minus already); or a fixed
    `value`. Beside an amount, `net` is the column that must be amount - fee. `words` says what the
    sender's words mean here; other words stay, marked `(unmapped)`.
    """

    column: str | None = None
    columns: tuple[str, ...] = ()
    value: str | None = None
    debit: str | None = None
    credit: str | None = None
    debit_is: Literal["positive", "negative"] = "positive"
    direction: Direction | None = None
    numbers: Numbers | None = None
    unit: Unit = "major"
    flip: bool = False
    net: str | None = None
    dates: Patterns = ()
    words: dict[str, str] | None = None

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> Self:
        places = [self.column, self.columns, self.value, self.debit or self.credit]
        if sum(place not in (None, ()) for place in places) != 1:
            raise ValueError("give one of column, columns, value, or debit with credit")
        if bool(self.debit) != bool(self.credit):
            raise ValueError("debit and credit go together")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header of the file this cell needs, the one to name in messages first."""
        named = (self.column, *self.columns, self.debit, self.credit, self.net)
        by = (self.direction.column,) if self.direction else ()
        return tuple(dict.fromkeys([name for name in named if name] + list(by)))


class Layout(Part):
    """What stands around the rows of a table file.

    The header is the first line after `skip_lines`, or the first one that starts with
    `header_starts`; `header` names the columns of a file without one. Lines that start with
    `comment` or one of `totals` are no rows.
    """

    encoding: Encoding = "utf-8"
    skip_lines: int = Field(default=0, ge=0, le=1000)
    header_starts: str | None = None
    header: tuple[str, ...] = ()
    comment: str | None = None
    totals: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the file is its header and its rows, and nothing else."""
        return self == Layout()


class Place(Part):
    """A value outside the rows: in the line that starts with `line`, the field of that number."""

    line: str
    field: int = Field(ge=1, le=1000)
    pattern: str | None = None
    numbers: Numbers | None = None


class Control(Part):
    """A line that declares how many rows there are, and what their amounts add up to."""

    line: str
    rows: int | None = Field(default=None, ge=1)
    amount: int | None = Field(default=None, ge=1)
    currency: str | None = None
    numbers: Numbers | None = None
    flip: bool = False


class Statement(Part):
    """How a bank's rows become statements: one for each account, currency and day.

    `order` is the order of the rows in the file. `opening` and `closing` are balances that stand
    outside the rows; `balance` among the columns is the balance after each row.
    """

    order: Literal["oldest_first", "newest_first"] = "oldest_first"
    opening: Place | None = None
    closing: Place | None = None
    account: Place | None = None

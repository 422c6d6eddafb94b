"""What can be wrong with a file or a line: codes, messages with the way out, masked values.

A FileFault stops the whole file; a RowFault sends one line to quarantine. Both name file, line and
column like `stripe.csv:1042:4(amount) AMOUNT_NOT_DECIMAL "1_000": …way out`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

MASK_LENGTH = 40
PERSONAL = "***"
MAIL = re.compile(r"[^\s@\"'<>;,]+@[^\s@\"'<>;,]+")


class FileFault(Exception):  # noqa: N818 (a fault is the word of this trade)
    """The whole file cannot be landed; nothing of it is staged."""

    def __init__(
        self, code: str, message: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.line, self.column = code, message, line, column

    def describe(self, name: str) -> str:
        """The sentence for people: where, what, way out."""
        return f"{_place(name, self.line, self.column, None)} {self.code} {self.message}"


class SourceChangedError(Exception):
    """The file grew or changed while it was read; it is still being written."""


@dataclass(frozen=True)
class Suspicion:
    """Why a file that can be read is held until a person releases it."""

    code: str
    message: str

    def describe(self, name: str) -> str:
        """The sentence for people: what is odd, and how to go on."""
        return f"{escaped(name)} {self.code} {self.message}"


@dataclass(frozen=True)
class RowFault:
    """One refused line: which raw table it was for, where it stands, what is wrong with it."""

    record: str
    line: int
    code: str
    column_number: int | None = None
    column_name: str | None = None
    value: str | None = None
    detail: str = ""
    line_hash: str = ""

    def masked(self) -> str | None:
        """The value as logs and people may see it, at most 40 characters."""
        if self.value is None:
            return None
        return without_words(self.value) if self.code in NUMBERS_AND_DATES else masked(self.value)

    def describe(self, name: str) -> str:
        """The sentence for people: where, what, the value, the way out."""
        shown = "" if self.value is None else f' "{self.masked()}"'
        way_out = self.detail or WAY_OUT.get(self.code, "correct the line and send the file again")
        place = _place(name, self.line, self.column_number, self.column_name)
        return f"{place} {self.code}{shown}: {way_out}"


NUMBERS_AND_DATES = {
    "AMOUNT_NOT_DECIMAL", "AMOUNT_NOT_INTEGER", "AMOUNT_RANGE", "DATE_AMBIGUOUS", "DATE_INVALID",
    "DATE_RANGE", "MINOR_UNIT", "NUL_BYTE", "SCALE_TOO_FINE",
}  # fmt: skip
WAY_OUT = {
    "AMOUNT_MISSING": "an empty amount is not zero; send the amount, or 0 if that is meant",
    "AMOUNT_NOT_DECIMAL": "amounts are plain decimals like -1234.56: no separators, signs of"
    " currency, exponents or brackets",
    "AMOUNT_RANGE": "the amount has more digits than any ledger holds; check the line",
    "CELL_ERROR": "the cell holds an error or true/false; correct it in the workbook",
    "CELL_NO_VALUE": "the formula has no stored value; open the workbook, let it calculate, save",
    "CSV_QUOTE": "a quote may only wrap a whole field, and a quote inside is doubled",
    "CURRENCY_UNKNOWN": "not an active ISO 4217 code; correct it, or add it to"
    " seeds/currencies.csv",
    "DATE_AMBIGUOUS": "day and month cannot be told apart; send YYYY-MM-DD",
    "DATE_INVALID": "not a moment of the calendar; send YYYY-MM-DD or YYYY-MM-DD HH:MM:SS[+HH:MM]",
    "DATE_MISSING": "the date is required",
    "DATE_RANGE": "the year is outside 1990 to 2100; check the line",
    "DEBIT_AND_CREDIT": "a debit and a credit are filled; only one can be meant",
    "DIRECTION_MISSING": "the entry does not say credit or debit (CdtDbtInd); ask the bank",
    "DUPLICATE_KEY": "one name stands twice in one JSON object; which value is meant?",
    "ENCODING_INVALID": "the text holds half of a character; write valid UTF-8",
    "FIELD_INVALID": "not what the layout has here; ask the sender for the file again",
    "ID_PRECISION_LOST": "an id of 16 or more digits was stored as a number and has lost digits;"
    " format the column as text and type the id again",
    "JSON_INVALID": "one JSON object a line is expected",
    "JSON_NUMBER": "NaN and Infinity are not numbers JSON knows",
    "KEY_MISSING": "the key is empty; without it the line cannot be told from others",
    "LINE_TOO_LONG": "longer than limits.max_line_bytes in tieout.yml",
    "MINOR_UNIT": "finer than the smallest unit of its currency",
    "NET_MISMATCH": "net is not gross minus fee",
    "NUL_BYTE": "the line holds a zero byte; write it again without",
    "PARENT_REFUSED": "the entry this line belongs to is refused",
    "REPEATED_HEADER": "the header stands here again; were two files joined?",
    "SCALE_TOO_FINE": "more than six decimals; round at the source, not here",
    "SIGN_MISMATCH": "the sign of the amount contradicts the kind of the row",
    "TENANT_MISMATCH": "the line belongs to another tenant than this deployment",
    "VALUE_MISSING": "the value is required",
    "VALUE_UNKNOWN": "not one of the values the source's contract lists",
}


def escaped(text: str) -> str:
    """Text without characters that move the cursor, hide or turn the line."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def masked(value: str) -> str:
    """At most 40 characters, control characters escaped, no e-mail address, long digit runs
    without their middle.
    """
    cut = MAIL.sub("***@***", escaped(value[: MASK_LENGTH * 2]))
    cut = re.sub(
        r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,}",
        lambda run: "*" * 6 + re.sub(r"[^0-9]", "", run.group())[-4:],
        cut,
    )
    return cut if len(cut) <= MASK_LENGTH else cut[: MASK_LENGTH - 1] + "…"


def without_words(value: str) -> str:
    """A value that should be a number or a date and is not: in a wrong column it may be a name.

    Of each word longer than a month or a currency the first letter is shown.
    """
    return re.sub(r"([^\W\d_])[^\W\d_]{3,}", r"\1***", masked(value))


def line_hash(fields: Iterable[str | None]) -> str:
    """A fingerprint of a line's fields, the same on every path that reads the line."""
    return hashlib.sha256("\x1f".join(field or "" for field in fields).encode()).hexdigest()


def _place(name: str, line: int | None, column: int | None, column_name: str | None) -> str:
    place = escaped(name)
    if line is not None:
        place += f":{line}"
    if column is not None:
        place += f":{column}"
    if column_name is not None:
        place += f"({escaped(column_name)})"
    return place

"""SQL that reads one cell as its sender spells it: a number, a moment, a word.

In: the SQL of a text cell and its declared spelling. Out: Read: the plain text, and whether the
cell is spelled as declared. Runs in the scratch DuckDB. A blank cell fits and is null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.spellings import TOKEN, Numbers

BLANK = r"[\s\p{Z}\p{Cf}]"
GROUPS = {"": "", " ": r"[\s\p{Z}]", ",": ",", ".": r"\.", "'": "['’]"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TOKEN_PATTERNS = {
    "YYYY": "[0-9]{4}", "YY": "[0-9]{2}", "MM": "[0-9]{2}", "M": "[0-9]{1,2}", "DD": "[0-9]{2}",
    "D": "[0-9]{1,2}", "HH": "[0-9]{2}", "H": "[0-9]{1,2}", "hh": "[0-9]{2}", "h": "[0-9]{1,2}",
    "mm": "[0-9]{2}", "ss": "[0-9]{2}", "SSS": "[0-9]{1,9}", "A": "(?i:AM|PM)",
    "Z": "Z|[+-][0-9]{2}:?[0-9]{2}", "MMM": f"(?i:{'|'.join(MONTHS)})",
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A cell in plain text, and the condition under which it is spelled as declared."""

    plain: str
    fits: str


@dataclass(frozen=True)
class Number:
    """A number in parts: its unsigned text, whether it is negative, whether it fits, its cell."""

    magnitude: str
    is_negative: str
    fits: str
    cell: str


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def trimmed(cell: str) -> str:
    """The cell without blanks of any kind around it; null when nothing is left."""
    pattern = quoted(f"^{BLANK}+|{BLANK}+$")
    return f"nullif(regexp_replace({cell}, {pattern}, '', 'g'), '')"


def number(cell: str, spelled: Numbers) -> Number:
    """An amount. More than one mark of its sign is not read: (5.00)- could mean anything."""
    pattern = quoted(_number_pattern(spelled))
    parts = [f"regexp_extract({cell}, {pattern}, {place})" for place in range(1, 6)]
    in_brackets, sign, inner_sign, bare, tail = parts
    marks = " + ".join(f"({part} != '')::integer" for part in (sign, inner_sign, tail))
    minus = "('-', '−')"
    debits = ", ".join(quoted(word) for word in ("-", *spelled.debit))
    negative = (
        f"({in_brackets} != '' or {sign} in {minus} or {inner_sign} in {minus} or {tail} in"
        f" ({debits}))"
    )
    fits = f"(regexp_full_match({cell}, {pattern}) and {marks} <= 1)"
    if spelled.signs:
        twice = f"{_sign_pattern(spelled)}.*[0-9].*{_sign_pattern(spelled)}"
        fits = f"({fits} and not regexp_matches({cell}, {quoted(twice)}))"
    body = f"({in_brackets} || {bare})"
    if spelled.group:
        body = f"regexp_replace({body}, {quoted(GROUPS[spelled.group])}, '', 'g')"
    if spelled.decimal != ".":
        body = f"replace({body}, {quoted(spelled.decimal)}, '.')"
    return Number(body, negative, fits, cell)


def _number_pattern(spelled: Numbers) -> str:
    """Groups: the number in brackets, a sign, a sign behind the currency, the number, what ends."""
    decimal = re.escape(spelled.decimal)
    whole = "[0-9]+"
    if spelled.group:
        whole = f"[0-9]{{1,3}}(?:{GROUPS[spelled.group]}[0-9]{{3}})+|[0-9]+"
    body = f"((?:{whole})(?:{decimal}[0-9]+)?)"
    before = f"(?:{_sign_pattern(spelled)}{BLANK}*)?" if spelled.signs else ""
    behind = f"(?:{BLANK}*{_sign_pattern(spelled)})?" if spelled.signs else ""
    ends = [re.escape(word) for word in (*spelled.credit, *spelled.debit)]
    ends += ["-"] if spelled.trailing_minus else []
    tail = f"(?:{BLANK}*({'|'.join(ends)}))?" if ends else "()"
    brackets = rf"\({before}{body}{behind}\)" if spelled.parentheses else "([^\\s\\S])"
    plain = f"([-−+]?){BLANK}*{before}([-−+]?){body}{behind}{tail}"
    return f"^(?:{brackets}|{plain})$"


def _sign_pattern(spelled: Numbers) -> str:
    words = sorted(spelled.signs, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(word) for word in words)})"


def signed(magnitude: str, is_negative: str) -> str:
    """A number's text; zero has no sign."""
    return (
        f"case when {is_negative} and regexp_matches({magnitude}, '[1-9]') then '-' else '' end"
        f" || {magnitude}"
    )


def shifted(magnitude: str, digits: str) -> str:
    """Whole units of 10^-digits as a decimal in major units, by text and never by division."""
    width = f"greatest(length({magnitude}), {digits} + 1)::integer"
    padded = f"lpad({magnitude}, {width}, '0')"
    point = f"({width} - {digits})::integer"
    return (
        f"case when {digits} is null or {digits} = 0 then {magnitude}"
        f" else substr({padded}, 1, {point}) || '.' || substr({padded}, {point} + 1) end"
    )


def moment(cell: str, patterns: tuple[str, ...]) -> Read:
    """A moment as ISO text by the first pattern that fits; whether such a day exists is asked
    later, by the contract."""
    reads = [_moment(cell, pattern) for pattern in patterns]
    cases = " ".join(f"when {read.fits} then {read.plain}" for read in reads)
    return Read(f"case {cases} end", "(" + " or ".join(read.fits for read in reads) + ")")


def _moment(cell: str, pattern: str) -> Read:
    if pattern in ("epoch", "epoch_ms"):
        digits, micros = ("{1,11}", "1000000") if pattern == "epoch" else ("{1,14}", "1000")
        value = f"make_timestamp(try_cast({cell} as bigint) * {micros})"
        text = f"strftime({value}, '%Y-%m-%dT%H:%M:%S.%fZ')"
        return Read(text, f"regexp_full_match({cell}, '[0-9]{digits}')")
    places: dict[str, str] = {}
    shape, at = "", 0
    for found in TOKEN.finditer(pattern):
        shape += re.escape(pattern[at : found.start()]) + f"({TOKEN_PATTERNS[found.group()]})"
        places[found.group()] = str(len(places) + 1)
        at = found.end()
    shape = quoted(f"^{shape}{re.escape(pattern[at:])}$")
    part = {word: f"regexp_extract({cell}, {shape}, {place})" for word, place in places.items()}
    return Read(_iso(part), f"regexp_full_match({cell}, {shape})")


def _iso(part: dict[str, str]) -> str:
    two = {
        word: f"lpad({text}, 2, '0')"
        for word, text in part.items()
        if len(word) < 3 and word != "Z"
    }
    year = part.get("YYYY") or f"'20' || {part['YY']}"
    month = two.get("MM") or two.get("M") or _month(part["MMM"])
    text = f"{year} || '-' || {month} || '-' || {two.get('DD') or two['D']}"
    hour = two.get("HH") or two.get("H")
    if twelve := two.get("hh") or two.get("h"):
        later = f"case when upper({part['A']}) = 'PM' then 12 else 0 end"
        number_of = f"try_cast({twelve} as integer)"
        counted = f"lpad(({number_of} % 12 + {later})::varchar, 2, '0')"
        hour = f"case when {number_of} between 1 and 12 then {counted} else '99' end"
    if hour:
        seconds = two.get("ss", "'00'")
        text += f" || ' ' || {hour} || ':' || {two['mm']} || ':' || {seconds}"
        text += f" || '.' || {part['SSS']}" if "SSS" in part else ""
        text += f" || {part['Z']}" if "Z" in part else ""
    return text


def _month(text: str) -> str:
    cases = " ".join(f"when '{name}' then '{place:02}'" for place, name in enumerate(MONTHS, 1))
    return f"case lower({text}) {cases} end"

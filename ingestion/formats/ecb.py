"""Euro reference rates as the European Central Bank publishes them: tables and XML.

In: Work, contract, scratch. Out: Parsed with a row for each day and currency that has a rate; one
euro is `rate` units of it. N/A is no rate. Currencies of the past (`seeds/currencies.csv` does not
know them) are left out and told. The long history replaces the one before; a short file adds days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion, escaped
from ingestion.formats.exponents import exponents
from ingestion.formats.octets import whole_content
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work
from ingestion.formats.xml_safe import local_name, parse_xml

MAX_BYTES = 64 * 1024 * 1024
HISTORY_DAYS = 200  # the short history has 90 days, the long one all since 1999
HEADER = re.compile(rb"(\xef\xbb\xbf)?Date *,( *[A-Z]{3} *,)* *[A-Z]{3} *,? *\r?(\n|$)")
CODE = re.compile(r"[A-Z]{3}")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
NO_RATE = ("", "N/A")
Quote = tuple[int, str, str, str]  # line, day, currency, rate


def knows_ecb(start: bytes) -> bool:
    """Whether the first bytes are the header of the table, or the XML's name."""
    return bool(HEADER.match(start)) or b"eurofxref" in start[:1000]


def parse_ecb(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a file. Raises ECB_INVALID and what every XML may raise."""
    content = whole_content(work.path, "Reference rates", MAX_BYTES)
    parsed = Parsed("ecb")
    if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):
        quotes = list(_once(_of_xml(work)))
    else:
        text = _decoded(content)
        parsed.ends_cleanly = text.endswith(("\n", ","))
        quotes = list(_once(_of_table(text)))
    _into(parsed, quotes, spec, scratch)
    return parsed


def _into(parsed: Parsed, quotes: list[Quote], spec: SourceSpec, scratch: Scratch) -> None:
    known = [quote for quote in quotes if quote[2] in exponents()]
    past = sorted({quote[2] for quote in quotes} - set(exponents()))
    if past:
        words = (
            f"rates of {', '.join(past)} are left out: seeds/currencies.csv has no such currency"
        )
        parsed.notes.append(Suspicion("CURRENCY_PAST", words))
    ((record, contract),) = spec.records.items()
    names = contract.column_names
    table = ParsedTable(record, scratch.new_table(len(names)), names)
    rows = [
        {
            "rate_date": day, "base_currency": "EUR", "quote_currency": currency, "rate": rate,
            "rate_source": "ecb",
        }
        for _, day, currency, rate in known
    ]  # fmt: skip
    scratch.append(table.table, [[row[n] for n in names] for row in rows], [q[0] for q in known])
    parsed.tables.append(table)
    days = sorted({day for _, day, _, _ in quotes})
    if len(days) > HISTORY_DAYS:
        parsed.logical_key = "ecb history"
    elif days:
        parsed.logical_key = f"ecb {days[0]} {days[-1]}"


def _once(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """A day's rate of a currency once. Raises ECB_INVALID where it is told in two ways."""
    told: dict[tuple[str, str], Quote] = {}
    for quote in quotes:
        line, day, currency, rate = quote
        first = told.setdefault((day, currency), quote)
        if first is quote:
            yield quote
        elif not _is_same(first[3], rate):
            raise FileFault(
                "ECB_INVALID",
                f"{currency} of {day} is {escaped(first[3])[:20]} on line {first[0]} and"
                f" {escaped(rate)[:20]} here; fetch the file again",
                line,
            )


def _is_same(one: str, other: str) -> bool:
    """Whether two texts are one rate: 1.10 is 1.1."""
    try:
        return one == other or Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FileFault(
            "ENCODING_INVALID", "reference rates are plain text, and this is not"
        ) from error


def _of_table(text: str) -> Iterator[Quote]:
    """Wide lines: a day and a rate for each currency of the header."""
    lines = text.split("\n")
    header = _fields(lines[0])
    if any(not CODE.fullmatch(code) for code in header[1:]) or len(set(header)) < len(header):
        raise FileFault("ECB_INVALID", "the header is a date and each currency once", 1)
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = _fields(line)
        if len(cells) != len(header):
            raise FileFault(
                "ECB_INVALID",
                f"{len(cells)} fields and {len(header)} in the header; fetch the file again",
                number,
            )
        day = _day(cells[0], number)
        for code, rate in zip(header[1:], cells[1:], strict=True):
            if rate not in NO_RATE:
                yield number, day, code, rate


def _fields(line: str) -> list[str]:
    """The cells of a line; its last comma ends it."""
    return [cell.strip() for cell in line.rstrip().removesuffix(",").split(",")]


def _day(text: str, line: int) -> str:
    """2026-10-30, and 30 October 2026 in the table of one day."""
    words = text.split()
    if len(words) == 3 and words[1] in MONTHS and words[0].isdecimal():
        text = f"{words[2]}-{MONTHS.index(words[1]) + 1:02d}-{int(words[0]):02d}"
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise FileFault("ECB_INVALID", f"{escaped(text)[:40]} is no day", line)


def _of_xml(work: Work) -> Iterator[Quote]:
    """Cubes with a time hold cubes with a currency and its rate."""
    days = 0
    for cube in parse_xml(work.path).iter():
        if local_name(cube) != "Cube" or "time" not in cube.attrib:
            continue
        days += 1
        day = _day(cube.attrib["time"], cube.sourceline or 1)
        for quote in cube:
            code, rate = quote.attrib.get("currency", ""), quote.attrib.get("rate", "")
            if not CODE.fullmatch(code):
                raise FileFault("ECB_INVALID", "a rate without its currency", quote.sourceline)
            if rate not in NO_RATE:
                yield quote.sourceline or 1, day, code, rate
    if not days:
        raise FileFault("ECB_INVALID", "no day in it; fetch eurofxref-daily.xml again", 1)

"""No card number may enter the archive or the warehouse: a file that holds one is refused.

Looked for everywhere: 13 to 19 digits of a known card range with a right check digit. In text,
blanks or hyphens may stand between any of them; in ids only as printed on a card (4-4-4-4, 4-6-5).
One in thirty plain numbers of 16 digits looks like a card: an id that is such a number by nature is
declared (`is_numeric`, `numeric_ids`), and there the printed shape alone counts. Amounts and
moments have long plain numbers too, but none of 15 digits and more.
Only line and column of a hit are kept, never the digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingestion.catalogue import Column, SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work
from ingestion.landing.card_secrets import TRACKS, is_card_secret, refuse_card_secrets

PLAIN = r"(?:\b|_)[2-6][0-9](?:[ -]?[0-9]){11,17}(?:\b|_)"
PRINTED = r"\b[2-6][0-9]{3}[ -](?:[0-9]{4}[ -][0-9]{4}[ -][0-9]{1,7}|[0-9]{6}[ -][0-9]{5})\b"
BRANDS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3(?:0[0-5]|[689])"), (14, 16)),
    (re.compile(r"35(?:2[89]|[3-8])|6|5[06-8]"), (16, 17, 18, 19)),
)
# BRANDS again, as one pattern: DuckDB passes over what is no card before it is looked at here.
BARE = (
    r"(?:\b|_)(?:4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}(?:[0-9]{2})?"
    r"|(?:352[89]|35[3-8][0-9]|6[0-9]{3}|5[06-8][0-9]{2})[0-9]{12,15})(?:\b|_)"
)
LONG = r"\b[2-6][0-9]{14,18}\b"
SHAPES = {
    "key": f"{BARE}|{PRINTED}",
    "id": f"{BARE}|{PRINTED}",
    "amount": f"{LONG}|{PRINTED}",
    "timestamp": f"{LONG}|{PRINTED}",
    "date": f"{LONG}|{PRINTED}",
}
AT_ONCE = 100_000
BLOCK, OVERLAP = 1 << 24, 64


def refuse_card_numbers(
    scratch: Scratch, parsed: Parsed | None, spec: SourceSpec, work: Work
) -> None:
    """Raises PAN_FOUND with line and column; of a file no parser can read, with the line alone."""
    if parsed is None:
        _refuse_in_bytes(work)
        return
    refuse_card_secrets(scratch, parsed)
    for table in parsed.tables:
        _refuse_in_table(scratch, table, spec)
    for line, text in parsed.unread:
        if any(has_card_number(hit) for hit in re.findall(PLAIN, text)):
            raise _found(line, None)


def has_card_number(text: str) -> bool:
    """Whether neighbouring groups of digits make a card number."""
    groups = re.findall(r"[0-9]+", text)
    return any(
        is_card_number("".join(groups[start:end]))
        for start in range(len(groups))
        for end in range(start + 1, len(groups) + 1)
    )


def is_card_number(digits: str) -> bool:
    """Whether the digits have a card brand's start and length, and a right check digit (Luhn)."""
    if not any(start.match(digits) and len(digits) in lengths for start, lengths in BRANDS):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _refuse_in_table(scratch: Scratch, table: ParsedTable, spec: SourceSpec) -> None:
    # strlen counts bytes at no cost: nothing shorter than 13 can hold a card number
    suspect = " or ".join(
        f"(strlen({column}) > 12 and regexp_matches({column}, $1))" for column in table.columns()
    )
    if not scratch.all(f"select 1 from {table.table} where {suspect} limit 1", [PLAIN]):
        return
    words = spec.records[table.record].by_header()
    for number, (header, name) in enumerate(zip(table.headers, table.columns(), strict=True), 1):
        column = words.get(header)
        for line, text in _candidates(scratch, table.table, name, _shape(column)):
            if has_card_number(text):
                raise _found(int(line), number, column)


def _shape(column: Column | None) -> str:
    """What may be a card number in a column; one that nobody declared is text."""
    if column is None:
        return PLAIN
    return PRINTED if column.is_numeric else SHAPES.get(column.kind, PLAIN)


def _candidates(scratch: Scratch, table: str, name: str, shape: str) -> Iterator[tuple[int, str]]:
    found = scratch.connection.execute(
        f"select _source_line, unnest(regexp_extract_all({name}, $1)) from {table}"
        f" where strlen({name}) > 12 and regexp_matches({name}, $1) order by _source_line",
        [shape],
    )
    while block := found.fetchmany(AT_ONCE):
        yield from block


def _refuse_in_bytes(work: Work) -> None:
    pattern = re.compile(f"{PLAIN}|{TRACKS}".encode())
    line, carried = 1, b""
    with work.path.open("rb") as file:
        while block := file.read(BLOCK):
            text = carried + block
            for hit in pattern.finditer(text):
                found = hit.group().decode("latin-1")
                if is_card_secret(found) or has_card_number(found):
                    raise _found(line + text.count(b"\n", 0, hit.start()), None)
            carried = text[-OVERLAP:]
            line += text.count(b"\n", 0, len(text) - len(carried))


def _found(line: int, number: int | None, column: Column | None = None) -> FileFault:
    words = (
        "a card number stands here; the file is refused and not archived, only its hash is kept."
        " Ask the sender to mask card numbers, and delete the file where it lies"
    )
    if column is not None and column.kind in ("key", "id"):
        words += (
            f". If the sender's own numbers only look like cards, say so in tieout.yml"
            f" (sources: numeric_ids: [{column.name}]), and send the file again"
        )
    return FileFault("PAN_FOUND", words, line, number)

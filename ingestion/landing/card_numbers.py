"""No card number may enter the archive or the warehouse: a file that holds one is refused.

Looked for in every column the contract does not declare to be an id: 13 to 19 digits, blanks or
hyphens between them allowed, a known card range, and a right check digit. In columns that are ids
only the shape of a printed card (4-4-4-4, 4-6-5) counts, since one in ten plain numbers would pass.
Only line and column of a hit are kept, never the digits.
"""

from __future__ import annotations

import re

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Work
from ingestion.landing.card_secrets import TRACKS, is_card_secret, refuse_card_secrets

PLAIN = r"\b[2-6][0-9](?:[ -]?[0-9]){11,17}\b"
PRINTED = r"\b[2-6][0-9]{3}[ -](?:[0-9]{4}[ -][0-9]{4}[ -][0-9]{1,7}|[0-9]{6}[ -][0-9]{5})\b"
BRANDS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3(?:0[0-5]|[689])"), (14, 16)),
    (re.compile(r"35(?:2[89]|[3-8])|6|5[06-8]"), (16, 17, 18, 19)),
)
ID_KINDS = ("key", "id", "amount", "timestamp", "date", "currency")
CANDIDATES = 100_000
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
    for number, (header, column) in enumerate(zip(table.headers, table.columns(), strict=True), 1):
        is_id = header in words and words[header].kind in ID_KINDS
        found = scratch.all(
            f"select _source_line, unnest(regexp_extract_all({column}, ?)) from {table.table}"
            f" where regexp_matches({column}, ?) limit {CANDIDATES}",
            [PRINTED if is_id else PLAIN] * 2,
        )
        for line, text in found:
            if has_card_number(text):
                raise _found(int(line), number)


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


def _found(line: int, column: int | None) -> FileFault:
    return FileFault(
        "PAN_FOUND",
        "a card number stands here; the file is refused and not archived, only its hash is kept."
        " Ask the sender to mask card numbers, and delete the file where it lies",
        line,
        column,
    )

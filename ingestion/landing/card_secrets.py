"""What nobody may keep after a payment, masked or not: verification codes, tracks, PIN blocks.

Looked for in every column, ids too: a column or JSON name that says so and holds digits, and the
text of a magnetic stripe. Only line and column of a hit are kept.
"""

from __future__ import annotations

import re

from ingestion.faults import FileFault
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch

NAMES = (
    "cvv", "cvv2", "cvc", "cvc2", "cav2", "securitycode", "cardsecuritycode",
    "cardverificationvalue", "cardverificationcode", "track1", "track2", "track1data",
    "track2data", "trackdata", "magstripe", "pinblock",
)  # fmt: skip
NAMED = (
    r"(?i:\"(?:cvv2?|cvc2?|cav2|(?:card_?)?security_?code|card_?verification_?(?:value|code)"
    r"|track_?[12]?_?data|track_?[12]|magstripe|pin_?block)\"\s*:\s*\"?[0-9A-F;%]{3})"
)
TRACKS = r"[Bb][0-9]{12,19}\^[^\^]{2,26}\^[0-9]{4}|\b[0-9]{12,19}=[0-9]{7}"
SECRET = f"(?:{NAMED})|(?:{TRACKS})"
SIGNS = ("^", "=", '"')  # one of them stands in every hit; looking for a sign costs nothing


def refuse_card_secrets(scratch: Scratch, parsed: Parsed) -> None:
    """Raises PAN_FOUND with line and column."""
    for table in parsed.tables:
        _refuse_in_table(scratch, table)
    for line, text in parsed.unread:
        if is_card_secret(text):
            raise _found(line, None)


def is_card_secret(text: str) -> bool:
    """Whether a text holds a track, or JSON with a verification code."""
    return re.search(SECRET, text) is not None


def _refuse_in_table(scratch: Scratch, table: ParsedTable) -> None:
    names = list(zip(table.headers, table.columns(), strict=True))
    asked = [_condition(header, column) for header, column in names]
    # one question about all columns: a small file has more of them than rows
    anywhere = " or ".join(asked) or "false"
    if not scratch.all(f"select 1 from {table.table} where {anywhere} limit 1"):
        return
    for number, condition in enumerate(asked, start=1):
        line = scratch.one(f"select min(_source_line) from {table.table} where {condition}")
        if line is not None:
            raise _found(int(line), number)


def _condition(header: str, column: str) -> str:
    if re.sub(r"[^a-z0-9]", "", header.lower()) in NAMES:
        return f"regexp_matches({column}, '[0-9]')"
    signs = " or ".join(f"contains({column}, '{sign}')" for sign in SIGNS)
    return f"(strlen({column}) > 8 and ({signs}) and regexp_matches({column}, '{SECRET}'))"


def _found(line: int, column: int | None) -> FileFault:
    return FileFault(
        "PAN_FOUND",
        "a card's verification code, track or PIN block stands here, which nobody may keep; the"
        " file is refused and not archived, only its hash is kept. Ask the sender to leave it out,"
        " and delete the file where it lies",
        line,
        column,
    )

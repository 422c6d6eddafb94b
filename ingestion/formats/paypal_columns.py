"""The column names of a PayPal report, however its version spells them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.catalogue import Record, SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.header import clean_header, header_missing, missing

HEAD_COLUMNS = 9  # of the raw table, filled from the lines around a section
MOMENT = re.compile(
    r"([0-9]{4})[/-]([0-9]{2})[/-]([0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})"
    r" ?([+-][0-9]{2}:?[0-9]{2})?"
)


@dataclass(frozen=True)
class Columns:
    """Where each column of the contract stands in a row, and what else stands there."""

    places: tuple[int | None, ...]
    unknown: dict[str, int]
    dropped: tuple[int, ...]
    width: int
    has_status: bool
    is_agreements: bool
    fault: FileFault | None

    def refuse_when_missing(self) -> None:
        """Raises HEADER_MISSING when required columns are not there."""
        if self.fault:
            raise self.fault


def plain_moment(text: str | None) -> str | None:
    """2026/10/05 00:00:00 -0700 as ISO text; anything else as it is."""
    found = MOMENT.fullmatch(text.strip()) if text else None
    if not found:
        return text
    return f"{found[1]}-{found[2]}-{found[3]} {found[4]}{found[5] or ''}"


def columns_of(names: list[str], record: Record, spec: SourceSpec, line: int) -> Columns:
    """Reads a CH line. Raises HEADER_DUPLICATE."""
    headers = clean_header([" ".join(name.split()) for name in names], line)
    letters = {_letters(word): column.name for column in record.columns for word in column.words}
    meant = [letters.get(_letters(header)) for header in headers]
    known = [name for name in meant if name]
    clean_header(known, line)
    own = record.column_names[HEAD_COLUMNS:]
    lacking = missing(record, tuple(known))
    others = {h: i for i, (h, name) in enumerate(zip(headers, meant, strict=True)) if not name}
    dropped = [i for header, i in others.items() if spec.is_dropped(_snake(header))]
    return Columns(
        places=tuple(meant.index(name) if name in known else None for name in own),
        unknown={header: i for header, i in others.items() if i not in dropped},
        dropped=tuple(dropped),
        width=len(headers),
        has_status="transactional_status" in known,
        is_agreements=any(_letters(header) == "subscriptionid" for header in headers),
        fault=header_missing(record, headers, spec, line) if lacking else None,
    )


def _letters(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())


def _snake(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", header.lower().replace("'", "")).strip("_")

"""What stands around the rows of a table file: other encodings, lines before the header, comments,
totals. They are taken out, and every row keeps the number of its line.

In: a file and the Layout its contract declares. Out: a copy in which such lines are empty, the
lines taken out, and where the header ends. A line inside a quoted field is never taken out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, escaped
from ingestion.formats.parsed import Work
from ingestion.spellings import Layout

MAX_ASIDES = 10_000
Asides = list[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True)
class Bare:
    """A file that is header and rows only, and the lines that stood around them."""

    path: Path
    asides: Asides


def laid_bare(work: Work, spec: SourceSpec) -> Bare:
    """The file as header and rows. Raises ENCODING_INVALID, HEADER_MISSING."""
    layout = spec.layout
    if layout.is_plain or layout == Layout(header=layout.header):
        return Bare(work.path, [])
    target = work.folder / "bare"
    asides: Asides = []
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    try:
        with (
            work.path.open(encoding=encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as file,
        ):
            for number, line, is_aside in _marked(source, layout):
                if is_aside:
                    asides.append((number, _fields(line, spec.delimiter)))
                    line = line[len(line.rstrip("\r\n")) :]
                file.write(line)
    except UnicodeDecodeError as error:
        raise FileFault(
            "ENCODING_INVALID",
            f"byte {error.start} (0x{error.object[error.start]:02x}) is not {layout.encoding}, as"
            " the contract of its source declares",
        ) from error
    if len(asides) > MAX_ASIDES:
        raise FileFault("TOO_MANY_FAULTS", f"more than {MAX_ASIDES} lines are comments or totals")
    return Bare(target, asides)


def _marked(source: TextIO, layout: Layout) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number and whether it stands around the rows."""
    is_before = layout.header_starts is not None
    in_quotes = False
    for number, line in enumerate(source, start=1):
        if is_before and number > layout.skip_lines:
            is_before = not line.lstrip('"').startswith(layout.header_starts or "")
        is_aside = not in_quotes and (
            number <= layout.skip_lines or is_before or stands_aside(line, layout)
        )
        if not is_aside and line.count('"') % 2:
            in_quotes = not in_quotes
        yield number, line, is_aside
    if is_before:
        raise FileFault(
            "HEADER_MISSING",
            f'no line starts with "{escaped(layout.header_starts or "")}", as the header of this'
            " source does",
        )


def stands_aside(start: str, layout: Layout) -> bool:
    """Whether a line (or its first cell) is a comment or a total."""
    words = layout.totals + ((layout.comment,) if layout.comment else ())
    return bool(words) and start.lstrip('"').startswith(words)


def _fields(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, strict=False), ()))


def rows_laid_bare(
    rows: list[tuple[int, list[str | None]]], layout: Layout
) -> tuple[list[tuple[int, list[str | None]]], Asides]:
    """The same for the rows of a sheet: header and rows, and what stood around them."""
    if layout.is_plain:
        return rows, []
    kept, asides = [], []
    is_before = layout.header_starts is not None
    for number, cells in rows:
        first = next((cell for cell in cells if cell), "")
        if is_before and number > layout.skip_lines:
            is_before = not first.startswith(layout.header_starts or "")
        if number <= layout.skip_lines or is_before or stands_aside(first, layout):
            asides.append((number, tuple(cell or "" for cell in cells)))
        else:
            kept.append((number, cells))
    return kept, asides

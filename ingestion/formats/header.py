"""Which record a header belongs to, and what is missing when it belongs to none."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches

from ingestion.catalogue import Record, SourceSpec
from ingestion.faults import FileFault, escaped, masked

VALUE = re.compile(r"^\s*[-+]?[0-9][0-9.,:/' -]*\s*$|\S@\S")  # no column is called so
DELIMITERS = {";": "';'", "\t": "a tab", "|": "'|'", ",": "','"}


def clean_header(names: list[str], line: int) -> tuple[str, ...]:
    """Header names as they will be used; unnamed columns get a name. Raises HEADER_DUPLICATE."""
    named = tuple(name or f"column_{number}" for number, name in enumerate(names, start=1))
    twice = [name for name, times in Counter(named).items() if times > 1]
    if twice:
        place = [i for i, name in enumerate(named, start=1) if name == twice[0]]
        raise FileFault(
            "HEADER_DUPLICATE",
            f"{_shown(named, twice[0])} stands {len(place)} times (columns"
            f" {', '.join(map(str, place))}); which one is meant? Send the file with one of them",
            line,
            place[1],
        )
    return named


def recognise(headers: tuple[str, ...], spec: SourceSpec, line: int = 1) -> str:
    """The record whose required columns are all there; the one that knows most columns wins.

    Raises HEADER_MISSING naming the missing columns of the record that comes nearest.
    """
    records = {
        name: record
        for name, record in spec.records.items()
        if (record.sheet is None or "csv" in spec.formats) and not record.is_object
    }
    matches = {name: _found(record, headers) for name, record in records.items()}
    whole = [name for name in records if not missing(records[name], headers)]
    if whole:
        return max(whole, key=lambda name: len(matches[name]))
    nearest = max(records, key=lambda name: len(matches[name]))
    raise header_missing(records[nearest], headers, spec, line)


def missing(record: Record, headers: tuple[str, ...]) -> list[str]:
    """Required columns (or one-of groups) of a record that the header lacks."""
    found = _found(record, headers)
    lacking = [name for name in record.required if name not in found]
    lacking += [" or ".join(group) for group in record.one_of if not found & set(group)]
    return lacking


def header_missing(
    record: Record, headers: tuple[str, ...], spec: SourceSpec, line: int
) -> FileFault:
    """The fault that names what is missing, what comes nearest and the likely delimiter."""
    lacking = missing(record, headers)
    hints = [hint for name in lacking if (hint := _nearest(name, headers))]
    if len(headers) <= 2:
        seen = [d for d in DELIMITERS if d != spec.delimiter and any(d in h for h in headers)]
        hints += [f"delimiter looks like {DELIMITERS[d]}" for d in seen]
    found = f"Found: {', '.join(masked(name) for name in headers[:8])[:200]}."
    if looks_like_a_row(headers):
        found, hints = f"The line has {len(headers)} values like a row's; is the header there?", []
    more = f"; {'; '.join(hints)}" if hints else ""
    return FileFault(
        "HEADER_MISSING",
        f"the header lacks {', '.join(lacking)}{more}. {found}"
        " Columns are read by name; see docs/ingestion.md for the names",
        line,
    )


def looks_like_a_row(names: tuple[str, ...]) -> bool:
    """Whether a line that should be the header holds values, which belong into no message."""
    return any(VALUE.search(name) for name in names)


def _shown(names: tuple[str, ...], name: str) -> str:
    return "one value" if looks_like_a_row(names) else f'column "{escaped(name)}"'


def _found(record: Record, headers: tuple[str, ...]) -> set[str]:
    there = set(headers)
    return {
        column.name
        for column in record.columns
        if there & {*column.aliases, column.name}
        or (column.cell and there.issuperset(column.cell.headers))
    }


def _nearest(name: str, headers: tuple[str, ...]) -> str | None:
    lower = {header.lower().replace(" ", "_"): header for header in headers}
    close = get_close_matches(name, lower, n=1, cutoff=0.7)
    return f'nearest to "{name}" is "{escaped(lower[close[0]])}"' if close else None

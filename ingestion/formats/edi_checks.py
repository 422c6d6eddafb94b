"""What the card acquirers' files have in common around their lines: envelope, numbering, totals."""

from __future__ import annotations

from decimal import Decimal

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion, escaped
from ingestion.formats.edi_layout import layouts
from ingestion.formats.edi_lines import read_lines
from ingestion.formats.fixed_width import Facts, FixedWidth
from ingestion.formats.parsed import Parsed, Scratch, Total, Work

CURRENCY = "BRL"


def open_file(work: Work, scratch: Scratch, layout: str, spec: SourceSpec) -> FixedWidth:
    """The file's lines under a layout. Raises FILE_TYPE when no line is of that layout."""
    wanted = layouts()[layout]
    reader = FixedWidth(scratch, read_lines(work, scratch, wanted.encoding, spec.title), wanted)
    if not reader.count([record.code for record in wanted.records]):
        raise FileFault("FILE_TYPE", f"no line is a record of {wanted.name}; is it another file?")
    return reader


def finish(parsed: Parsed, reader: FixedWidth, spec: SourceSpec) -> Parsed:
    """Tables and faults into Parsed; lines no record is for hold the file."""
    if unknown := reader.unknown():
        places = ", ".join(f'line {line} "{escaped(start)}"' for line, start in unknown)
        parsed.suspicions.append(
            Suspicion(
                "RECORD_UNKNOWN",
                f"lines of no known record: {places}; money in them would not count, so ask"
                " what they are, or release the file: they are kept as they are written",
            )
        )
    parsed.ends_cleanly = reader.lines.ends_cleanly
    parsed.tables += reader.tables(spec)
    parsed.faults += reader.faults
    return parsed


def header_of(reader: FixedWidth, parsed: Parsed, code: str) -> Facts | None:
    """The file's header. No header, or two, hold the file: two were joined, or one was cut."""
    headers = reader.envelope(code)
    if not headers:
        parsed.suspicions.append(incomplete(f"no header line ({code})"))
        return None
    if len(headers) > 1:
        parsed.suspicions.append(
            Suspicion(
                "REPEATED_HEADER",
                f"{len(headers)} header lines ({code}); were files joined? Send them one by one",
            )
        )
    return headers[0]


def trailer_of(reader: FixedWidth, parsed: Parsed, code: str) -> Facts | None:
    """The file's last total; without one nothing says the file is whole."""
    trailers = reader.envelope(code)
    if not trailers:
        parsed.suspicions.append(incomplete(f"no trailer line ({code})"))
        return None
    return trailers[-1]


def incomplete(what: str) -> Suspicion:
    """The file lacks a part of its envelope."""
    return Suspicion(
        "ENVELOPE_INCOMPLETE", f"{what}: the file is cut; ask for the whole file, or release it"
    )


def rows(scope: str, declared: str | None, found: int, is_enforced: bool = True) -> Total:
    """A declared count beside the found one."""
    return Total(scope, None, "rows", Decimal(declared or 0), Decimal(found), is_enforced)


def amount(
    scope: str, declared: str | Decimal | None, found: Decimal, is_enforced: bool = True
) -> Total:
    """A declared amount (text: hundredths) beside the found one."""
    said = declared if isinstance(declared, Decimal) else hundredths(declared)
    return Total(scope, CURRENCY, "amount", said, found, is_enforced)


def hundredths(text: str | None) -> Decimal:
    """`-52` as -0.52; nothing as zero."""
    return Decimal(text or 0) * Decimal("0.01")

"""ÚNICA card statements (layout 002.0a): sales forecast, settled and anticipated, line by line.

In: Work, contract, scratch. Out: Parsed. The lot's total counts every CV line, so it adds the
forecast and the settlement of one sale: it proves that the file is whole, and no turnover.
The header has a movement id and no counter that could be followed across files.
"""

from __future__ import annotations

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion, escaped
from ingestion.formats.edi_checks import amount, finish, header_of, open_file, rows, trailer_of
from ingestion.formats.fixed_width import FixedWidth
from ingestion.formats.parsed import Parsed, Scratch, Work

VERSIONS = ("002.0a",)


def knows_unica(start: bytes) -> bool:
    """Whether the first bytes are an ÚNICA header."""
    return start[:2] == b"A0" and start[2:5].isdigit()


def parse_unica(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads one statement. Raises FILE_TYPE, LAYOUT_VERSION, LINE_LENGTH."""
    parsed = Parsed("unica")
    reader = open_file(work, scratch, "unica", spec)
    header = header_of(reader, parsed, "A0")
    if header and header["layout_version"] not in VERSIONS:
        raise FileFault(
            "LAYOUT_VERSION",
            f"layout {escaped(header['layout_version'] or '')}; known: {', '.join(VERSIONS)}",
            1,
        )
    if header:
        parsed.logical_key = (
            f"unica {header['establishment']} {header['file_date']} {header['movement_id']}"
        )
    lots = reader.envelope("L9")
    parsed.totals.append(rows("lot", _sum(lots, "row_count"), reader.count(["CV"])))
    parsed.totals.append(
        amount("lot", _sum(lots, "gross_amount"), reader.sum(["CV"], "gross_amount"))
    )
    trailer = trailer_of(reader, parsed, "A9")
    if trailer:
        parsed.totals.append(rows("trailer", trailer["record_count"], reader.line_count, True))
    parsed.suspicions += _numbering(reader)
    return finish(parsed, reader, spec)


def _sum(lots: list[dict[str, str | None]], field: str) -> str:
    return str(sum(int(lot[field] or 0) for lot in lots))


def _numbering(reader: FixedWidth) -> list[Suspicion]:
    """Every line has its number; a hole or a swap means that lines were lost or moved."""
    wrong = reader.misnumbered({"A0": "line_number", "CV": "line_number", "A9": "line_number"})
    if wrong is None:
        return []
    return [
        Suspicion(
            "LINE_NUMBERING",
            f"line {wrong[0]} has number {wrong[1]} of the file's own count; lines were lost,"
            " repeated or moved. Ask for the file again",
        )
    ]

"""Cielo electronic statements, layout 15: files 03, 04, 09, 15 and 16, line by line.

In: Work, contract, scratch. Out: Parsed. Trailer 9 counts the lines between header and trailer.
A file sent again has the sequence 9999999: it stands outside the count and replaces the file of
the same kind, merchant and period.
"""

from __future__ import annotations

from decimal import Decimal

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion, escaped
from ingestion.formats.edi_checks import amount, finish, header_of, open_file, rows, trailer_of
from ingestion.formats.fixed_width import Facts, FixedWidth
from ingestion.formats.parsed import Parsed, Scratch, Total, Work

VERSIONS = ("015",)
FILE_TYPES = ("03", "04", "09", "15", "16")
RESEND = 9_999_999


def knows_cielo(start: bytes) -> bool:
    """Whether the first bytes are a Cielo header."""
    return start[:1] == b"0" and start[42:47].upper() == b"CIELO"


def parse_cielo(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads one statement. Raises FILE_TYPE, LAYOUT_VERSION, LINE_LENGTH."""
    parsed = Parsed("cielo")
    _refuse_other_versions(work)
    reader = open_file(work, scratch, "cielo", spec)
    header = header_of(reader, parsed, "0")
    if header:
        _identify(parsed, header)
    trailer = trailer_of(reader, parsed, "9")
    if trailer:
        _totals(parsed, reader, trailer, header["file_type"] if header else None)
    _units(parsed, reader)
    parsed.totals += _negotiations(reader)
    return finish(parsed, reader, spec)


def _refuse_other_versions(work: Work) -> None:
    """Other versions have other widths, so this comes before anything is measured."""
    with work.path.open("rb") as file:
        start = file.read(80)
    version = start[70:73].decode("ascii", "replace")
    if knows_cielo(start) and version not in VERSIONS:
        raise FileFault(
            "LAYOUT_VERSION",
            f"layout {escaped(version)}; known: {', '.join(VERSIONS)}. Ask Cielo for layout 15",
            1,
        )


def _identify(parsed: Parsed, header: Facts) -> None:
    kind, establishment = header["file_type"], header["establishment"]
    if kind not in FILE_TYPES:
        raise FileFault(
            "FILE_TYPE", f"a Cielo file of kind {kind}; known: {', '.join(FILE_TYPES)}", 1
        )
    scope = f"cielo {kind} {establishment}"
    parsed.logical_key = f"{scope} {header['period_start']} {header['period_end']}"
    number = int(header["sequence"] or 0)
    if number != RESEND:
        parsed.sequence_scope, parsed.sequence_number = scope, number


def _totals(parsed: Parsed, reader: FixedWidth, trailer: Facts, kind: str | None) -> None:
    """The trailer beside the lines. Pix and negotiations: amounts are noted, not enforced."""
    lines = reader.line_count - reader.count(["0", "9"])
    parsed.totals.append(rows("trailer", trailer["record_count"], lines))
    is_sales = kind in ("03", "04", "09")
    details = reader.count(["E"])
    parsed.totals.append(rows("trailer details", trailer["detail_count"], details, is_sales))
    for name in ("gross_amount", "net_amount"):
        found = reader.sum(["D", "8"], name)
        scope = f"trailer {name.removesuffix('_amount')}"
        parsed.totals.append(amount(scope, trailer[name], found, is_sales))


def _negotiations(reader: FixedWidth) -> list[Total]:
    """A negotiation (A) is the units it took (B), and what is paid for it goes to accounts (C)."""
    gross, net = (reader.sum(["A"], name) for name in ("gross_amount", "net_amount"))
    if not reader.count(["A", "B", "C"]):
        return []
    return [
        amount("negotiations gross", gross, reader.sum(["B"], "gross_amount")),
        amount("negotiations net", net, reader.sum(["B"], "net_amount")),
        amount("negotiations deposits", net, reader.sum(["C"], "deposit_amount"), False),
    ]


def _units(parsed: Parsed, reader: FixedWidth) -> None:
    """Receivable units are made of details with the same key and launch type."""
    gross, net = (reader.sum(["D"], name) for name in ("gross_amount", "net_amount"))
    parts = [reader.sum(["E"], name) for name in ("gross_amount", "net_amount")]
    if not reader.count(["D"]) or not reader.count(["E"]):
        return
    for name, declared, found in (("gross", gross, parts[0]), ("net", net, parts[1])):
        parsed.totals.append(amount(f"units {name}", declared, found, False))
        if declared != found:
            parsed.notes.append(_mismatch(name, declared, found))


def _mismatch(name: str, declared: Decimal, found: Decimal) -> Suspicion:
    return Suspicion(
        "DETAIL_MISMATCH",
        f"the units' {name} is {declared}, that of their details {found}; the units count",
    )

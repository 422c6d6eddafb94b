"""Rede electronic statements: EEVC (credit sales), EEVD (debit sales), EEFI (payments).

In: Work, contract, scratch. Out: Parsed. Which of the three a file is stands in its first line.
Each file is counted (sequence) per merchant and kind; its trailer counts all lines.
"""

from __future__ import annotations

import re

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, escaped
from ingestion.formats.edi_checks import amount, finish, header_of, open_file, rows, trailer_of
from ingestion.formats.fixed_width import Facts, FixedWidth
from ingestion.formats.parsed import Parsed, Scratch, Work

# First code, layout, trailer, versions whose places are the layout's.
KINDS = {
    "eevc": ("002", "028", re.compile(r"V[23]\.[0-9]{2}")),
    "eevd": ("00", "04", re.compile(r"V[12]\.[0-9]{2}")),
    "eefi": ("030", "052", re.compile(r"V[34]\.[0-9]{2}")),
}
SUMMARIES = {"eevc": ["006", "010", "016"], "eevd": ["01"]}
SALES = {"eevc": ["008", "012", "018"], "eevd": ["05"]}


def knows_rede(start: bytes) -> bool:
    """Whether the first bytes are one of Rede's headers."""
    return _kind(start) is not None and b"REDE" in start[:200].upper()


def parse_rede(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads one statement. Raises FILE_TYPE, LAYOUT_VERSION, LINE_LENGTH."""
    with work.path.open("rb") as file:
        kind = _kind(file.read(200).lstrip())
    if kind is None:
        raise FileFault(
            "FILE_TYPE", "the first line is no header of EEVC (002), EEVD (00) or EEFI (030)", 1
        )
    code, last, versions = KINDS[kind]
    parsed = Parsed("rede")
    reader = open_file(work, scratch, f"rede_{kind}", spec)
    header = header_of(reader, parsed, code)
    if header:
        _identify(parsed, header, kind, versions)
    trailer = trailer_of(reader, parsed, last)
    if trailer:
        parsed.totals.append(rows("trailer", trailer["record_count"], reader.line_count))
        totals = _payment_totals if kind == "eefi" else _sales_totals
        totals(parsed, reader, trailer, kind)
    return finish(parsed, reader, spec)


def _kind(start: bytes) -> str | None:
    codes = {b"002": "eevc", b"00,": "eevd", b"030": "eefi"}
    return codes.get(start[:3])


def _identify(parsed: Parsed, header: Facts, kind: str, versions: re.Pattern[str]) -> None:
    acquirer, version = (header["acquirer"] or "").upper(), header["layout_version"] or ""
    if not acquirer.startswith("REDE"):
        raise FileFault("FILE_TYPE", f"the header is of {escaped(acquirer)[:20]}, not of Rede", 1)
    if not versions.match(version):
        raise FileFault(
            "LAYOUT_VERSION", f"layout {escaped(version)[:20]}; known: {versions.pattern}", 1
        )
    scope = f"rede {kind} {header['establishment']}"
    parsed.logical_key = f"{scope} {header['emission_date']} {header['sequence']}"
    parsed.sequence_scope, parsed.sequence_number = scope, int(header["sequence"] or 0)


def _sales_totals(parsed: Parsed, reader: FixedWidth, trailer: Facts, kind: str) -> None:
    """The trailer beside the summaries, the summaries beside their sales."""
    for name in ("gross", "discount", "net"):
        field = f"{name}_amount"
        summaries = reader.sum(SUMMARIES[kind], field)
        parsed.totals.append(amount(f"trailer {name}", trailer[field], summaries))
        sales = reader.sum(SALES[kind], field)
        parsed.totals.append(amount(f"summaries {name}", summaries, sales))
    if kind == "eevd":
        found = reader.count(SUMMARIES[kind])
        parsed.totals.append(rows("trailer summaries", trailer["summary_count"], found))
        parsed.totals.append(rows("trailer sales", trailer["sale_count"], reader.count(["05"])))
    elif trailer.get("accepted_count") is not None:
        found = reader.count(SALES[kind])
        parsed.totals.append(rows("trailer sales", trailer["accepted_count"], found))


def _payment_totals(parsed: Parsed, reader: FixedWidth, trailer: Facts, kind: str) -> None:
    """Credits and anticipations are enforced; what counts as an adjustment is the sender's word."""
    credits, early = reader.sum(["034"], "amount"), reader.sum(["036"], "amount")
    parsed.totals.append(amount(f"{kind} credits", trailer["credit_amount"], credits))
    parsed.totals.append(amount(f"{kind} anticipated", trailer["anticipated_amount"], early))
    debits = reader.sum(["035", "038"], "amount")
    added = reader.sum(["043"], "amount")
    stated = trailer["debit_adjustment_amount"], trailer["credit_adjustment_amount"]
    parsed.totals.append(amount(f"{kind} debit adjustments", stated[0], debits, False))
    parsed.totals.append(amount(f"{kind} credit adjustments", stated[1], added, False))

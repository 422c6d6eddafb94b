"""Which parser reads a file: by its first bytes, then its name, among the source's formats.

A new format is one line in READERS and its name in ingestion.catalogue.Format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingestion.catalogue import Format, SourceSpec
from ingestion.faults import FileFault, escaped
from ingestion.formats.asides import totals_in
from ingestion.formats.bai2 import parse_bai2
from ingestion.formats.bank_table import into_statements
from ingestion.formats.camt import knows_camt, parse_camt
from ingestion.formats.cielo import knows_cielo, parse_cielo
from ingestion.formats.columnar import parse_parquet
from ingestion.formats.delimited import parse_delimited
from ingestion.formats.ecb import knows_ecb, parse_ecb
from ingestion.formats.json_objects import parse_json_objects, starts_like_json
from ingestion.formats.mt940 import parse_mt940
from ingestion.formats.mt940_fields import knows_mt940
from ingestion.formats.nacha import parse_nacha
from ingestion.formats.nacha_records import knows_nacha
from ingestion.formats.ndjson import parse_ndjson
from ingestion.formats.ofx import knows_ofx, parse_ofx
from ingestion.formats.packed import unpack_single
from ingestion.formats.parsed import Parsed, Scratch, Work
from ingestion.formats.paypal import knows_paypal, parse_paypal
from ingestion.formats.rede import knows_rede, parse_rede
from ingestion.formats.spelling import respelled
from ingestion.formats.unica import knows_unica, parse_unica
from ingestion.formats.workbook import parse_workbook

WORKBOOK = (b"[Content_Types].xml", b"docProps/", b"xl/")  # what a workbook's zip begins with
START = 4096  # bytes a format may look at to know itself


@dataclass(frozen=True)
class Reader:
    """A parser, the endings of its files' names, and what its first bytes look like."""

    parse: Callable[[Work, SourceSpec, Scratch], Parsed]
    endings: tuple[str, ...]
    knows: Callable[[bytes], bool] | None = None
    is_text: bool = True


READERS: dict[Format, Reader] = {
    "csv": Reader(parse_delimited, ("csv", "txt")),
    "ndjson": Reader(parse_ndjson, ("ndjson", "jsonl")),
    "json": Reader(parse_json_objects, ("json",), starts_like_json),
    "xlsx": Reader(parse_workbook, ("xlsx",), is_text=False),
    "parquet": Reader(parse_parquet, ("parquet",), is_text=False),
    "camt": Reader(parse_camt, ("xml",), knows_camt),
    "mt940": Reader(parse_mt940, ("sta", "mt940", "940", "mt942", "942"), knows_mt940),
    "bai2": Reader(parse_bai2, ("bai", "bai2"), lambda start: start.lstrip().startswith(b"01,")),
    "ofx": Reader(parse_ofx, ("ofx", "qfx"), knows_ofx),
    "nacha": Reader(parse_nacha, ("ach", "nacha"), knows_nacha),
    "paypal": Reader(parse_paypal, (), knows_paypal),
    "unica": Reader(parse_unica, (), knows_unica),
    "cielo": Reader(parse_cielo, (), knows_cielo),
    "rede": Reader(parse_rede, (), knows_rede),
    "ecb": Reader(parse_ecb, (), knows_ecb),
}


def detect_format(name: str, start: bytes, spec: SourceSpec) -> Format:
    """The format a file is read as. Raises FILE_TYPE when the source sends none such."""
    packed = _packed(start, spec)
    if packed is None:
        for candidate in spec.formats:
            reader = READERS.get(candidate)
            if reader and reader.knows and reader.knows(start):
                return candidate
    if start.lstrip()[:6].lower() == b"!type:":
        raise FileFault(
            "FILE_TYPE",
            "QIF names neither its account nor its currency, and writes days in two orders; ask"
            " for OFX, MT940, camt or CSV",
        )
    found = packed or _by_ending(name) or spec.formats[0]
    if packed is None and start and (found == "zip" or not READERS[found].is_text):
        raise FileFault("FILE_TYPE", f"named like {found} but its bytes are something else")
    if found not in spec.formats:
        text = [f for f in spec.formats if f in READERS and READERS[f].is_text]
        is_table = text[:1] == ["camt"] and b"<" not in start[:START]
        if packed is None and text and not is_table:
            return text[0]
        raise FileFault(
            "FILE_TYPE",
            f"{escaped(name)[:80]} is {found}; {spec.source} sends {', '.join(spec.formats)}",
        )
    return found


def _packed(start: bytes, spec: SourceSpec) -> Format | None:
    """Packed and binary kinds are known by their first bytes alone."""
    if start.startswith(b"PK\x03\x04"):
        is_workbook = "xlsx" in spec.formats or any(part in start for part in WORKBOOK)
        return "xlsx" if is_workbook else "zip"
    return "parquet" if start.startswith(b"PAR1") else None


def _by_ending(name: str) -> Format | None:
    ending = name.rpartition(".")[2].lower()
    if ending == "zip":
        return "zip"
    return next((f for f, reader in READERS.items() if ending in reader.endings), None)


def parse(work: Work, name: str, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """The rows of a file in scratch tables. Raises FileFault."""
    size = work.path.stat().st_size
    if size == 0:
        raise FileFault("FILE_EMPTY", "the file has no bytes; ask the sender to send it again")
    if size > work.limits.max_bytes:
        raise FileFault("FILE_TOO_LARGE", f"{size} bytes; limits.max_bytes in tieout.yml is lower")
    found = detect_format(name, _start(work), spec)
    if found == "zip":
        work = unpack_single(work)
        found = detect_format("", _start(work), spec)
    work = replace(work, name=name)
    read_as = spec.as_table()
    parsed = respelled(READERS[found].parse(work, read_as, scratch), read_as, scratch)
    parsed.totals += totals_in(parsed.asides, spec)
    parsed.unread += [(line, " ".join(fields)) for line, fields in parsed.asides]
    return into_statements(parsed, spec, scratch) if spec.rows else parsed


def _start(work: Work) -> bytes:
    with work.path.open("rb") as file:
        return file.read(START)

"""Which parser reads a file: by its name's ending and first bytes, among the source's formats."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.catalogue import Format, SourceSpec
from ingestion.faults import FileFault, escaped
from ingestion.formats.camt053 import parse_camt053
from ingestion.formats.columnar import parse_parquet
from ingestion.formats.delimited import parse_delimited
from ingestion.formats.ndjson import parse_ndjson
from ingestion.formats.packed import unpack_single
from ingestion.formats.parsed import Parsed, Scratch, Work
from ingestion.formats.workbook import parse_workbook

ENDINGS: dict[str, Format] = {
    "csv": "csv",
    "txt": "csv",
    "ndjson": "ndjson",
    "jsonl": "ndjson",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "xml": "camt053",
    "zip": "zip",
}


def detect_format(name: str, start: bytes, spec: SourceSpec) -> Format:
    """The format a file of this source is read as. Raises FILE_TYPE when the source has none such.

    The first bytes decide for packed and binary kinds, the ending of the name for text.
    """
    by_bytes: Format | None = None
    if start.startswith(b"PK\x03\x04"):
        by_bytes = "xlsx" if "xlsx" in spec.formats else "zip"
    elif start.startswith(b"PAR1"):
        by_bytes = "parquet"
    by_name = ENDINGS.get(name.rpartition(".")[2].lower())
    found = by_bytes or by_name or spec.formats[0]
    if by_bytes is None and found in ("xlsx", "parquet", "zip") and start:
        raise FileFault("FILE_TYPE", f"named like {found} but its bytes are something else")
    if found not in spec.formats:
        text = [f for f in spec.formats if f in ("csv", "camt053")]
        if by_bytes is None and text:
            return text[0]
        raise FileFault(
            "FILE_TYPE",
            f"{escaped(name)[:80]} is {found}; {spec.source} sends {', '.join(spec.formats)}",
        )
    return found


def parse(work: Work, name: str, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """The rows of a file in scratch tables. Raises FileFault."""
    size = work.path.stat().st_size
    if size == 0:
        raise FileFault("FILE_EMPTY", "the file has no bytes; ask the sender to send it again")
    if size > work.limits.max_bytes:
        raise FileFault("FILE_TOO_LARGE", f"{size} bytes; limits.max_bytes in tieout.yml is lower")
    with work.path.open("rb") as file:
        start = file.read(16)
    found = detect_format(name, start, spec)
    if found == "zip":
        work = unpack_single(work)
        found = "camt053"
    parsers: dict[Format, Callable[[Work, SourceSpec, Scratch], Parsed]] = {
        "csv": parse_delimited,
        "ndjson": parse_ndjson,
        "xlsx": parse_workbook,
        "parquet": parse_parquet,
        "camt053": parse_camt053,
    }
    return parsers[found](work, spec, scratch)

"""Bytes before they are lines: encoding, line ends, and what is no table at all.

In: a file. Out: ByteFacts, or a FileFault naming byte offset, line and column.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from ingestion.faults import FileFault

BLOCK = 1 << 24
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class ByteFacts:
    """Counts over the whole file, and how it ends."""

    newlines: int
    crlf: int
    returns: int
    has_nul: bool
    has_quote: bool
    has_unit_separator: bool
    ends_with_newline: bool

    @property
    def is_simple(self) -> bool:
        """One kind of line end, no zero byte: what a fast reader and a careful one agree on."""
        one_kind = self.returns == self.crlf and self.crlf in (0, self.newlines)
        return one_kind and not self.has_nul and not self.has_unit_separator

    @property
    def physical_lines(self) -> int:
        """Lines of a simple file, the last one with or without an end."""
        return self.newlines + (0 if self.ends_with_newline else 1)


def as_utf8(path: Path, folder: Path) -> Path:
    """The file itself, or a UTF-8 copy when it starts with a UTF-16 mark."""
    with path.open("rb") as file:
        mark = file.read(4)
    if mark[:2] not in UTF16_MARKS:
        return path
    copy = folder / "utf8"
    try:
        with (
            path.open(encoding="utf-16", newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while block := source.read(1 << 20):
                target.write(block)
    except UnicodeError as error:
        raise FileFault(
            "ENCODING_INVALID", f"marked as UTF-16 but {error}; write UTF-8 instead"
        ) from error
    return copy


def read_facts(path: Path, max_line_bytes: int) -> ByteFacts:
    """Counts line ends and checks every byte. Raises FILE_EMPTY, ENCODING_…, LINE_TOO_LONG."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    newlines = crlf = returns = offset = since_newline = 0
    nul = quote = separator = False
    last = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            _decode(decoder, block, offset, path)
            since_newline = _longest(block, since_newline, max_line_bytes, newlines)
            crlf += last == b"\r" and block[:1] == b"\n"
            newlines += block.count(b"\n")
            if b"\r" in block:
                crlf += block.count(b"\r\n")
                returns += block.count(b"\r")
            nul, quote = nul or b"\0" in block, quote or b'"' in block
            separator = separator or b"\x1f" in block
            offset, last = offset + len(block), block[-1:]
    if offset == 0:
        raise FileFault("FILE_EMPTY", "the file has no bytes; ask the sender to send it again")
    _decode(decoder, b"", offset, path, final=True)
    ends = last in (b"\n", b"\r")
    return ByteFacts(newlines, crlf, returns, nul, quote, separator, ends)


def refuse_other_kinds(path: Path, wanted: str, code: str) -> None:
    """Raises when the bytes are a page, an archive or JSON rather than the `wanted` text."""
    with path.open("rb") as file:
        start = file.read(512)
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    kinds = {
        b"<": "HTML or XML",
        b"{": "JSON",
        b"[": "JSON",
        b"PK\x03\x04": "a zip or workbook",
        b"\x1f\x8b": "gzip",
        b"%PDF": "PDF",
    }
    for mark, kind in kinds.items():
        if text.startswith(mark):
            raise FileFault(
                code,
                f"this is {kind}, not {wanted}; was an error page saved? Fetch the file again",
                1,
            )
    if b"\0" in start[:64] and len(start) > 1:
        raise FileFault(
            "ENCODING_MISMATCH",
            "looks like UTF-16 without its mark; write UTF-8, or UTF-16 with a byte order mark",
            1,
        )


def _decode(
    decoder: codecs.IncrementalDecoder, block: bytes, offset: int, path: Path, final: bool = False
) -> None:
    pending = decoder.getstate()[0]
    if not pending and not final and block.isascii():
        return
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError as error:
        place = offset - len(pending) + error.start
        line, column = _line_and_column(path, place)
        raise FileFault(
            "ENCODING_INVALID",
            f"byte {place} (0x{error.object[error.start]:02x}) is not UTF-8; looks like latin-1 or"
            " cp1252. Write the file as UTF-8",
            line,
            column,
        ) from error


def _line_and_column(path: Path, place: int) -> tuple[int, int]:
    with path.open("rb") as file:
        before, line, start = 0, 1, 0
        while before < place and (block := file.read(min(BLOCK, place - before))):
            line += block.count(b"\n")
            if (newline := block.rfind(b"\n")) >= 0:
                start = before + newline + 1
            before += len(block)
    return line, place - start + 1


def _longest(block: bytes, carried: int, limit: int, lines_before: int) -> int:
    """Jumps from newline to newline, at most `limit` bytes; returns the open line's length."""
    if b"\n" not in block:
        block = block.replace(b"\r", b"\n")
    start = -carried
    while start + limit < len(block):
        newline = block.rfind(b"\n", max(start, 0), start + limit + 1)
        if newline < 0:
            line = lines_before + block.count(b"\n", 0, max(start, 0)) + 1
            raise FileFault(
                "LINE_TOO_LONG",
                f"longer than {limit} bytes (limits.max_line_bytes in tieout.yml)",
                line,
            )
        start = newline + 1
    last = block.rfind(b"\n")
    return len(block) - last - 1 if last >= 0 else carried + len(block)


def whole_content(path: Path, title: str, most: int) -> bytes:
    """The bytes of a file whose format is read at once. Raises FILE_TOO_LARGE."""
    if path.stat().st_size > most:
        raise FileFault("FILE_TOO_LARGE", f"{title} of more than {most} bytes; split it")
    return path.read_bytes()

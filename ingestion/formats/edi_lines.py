"""Lines of an old text file as one column: any single-byte code page, any line end.

In: bytes of a Work. Out: scratch table `lines` (line, _source_line) without blank lines, or a
FileFault. Bytes are streamed in blocks and DuckDB reads the lines; none becomes a Python object.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from ingestion.faults import FileFault
from ingestion.formats.octets import read_facts, refuse_other_kinds
from ingestion.formats.parsed import Scratch, Work

BLOCK = 1 << 22
END_OF_FILE = "\x1a"  # what mainframes and DOS write after the last line
CONTROL = {chr(code): None for code in range(32) if chr(code) not in "\r\n\x1a"}


@dataclass(frozen=True)
class Lines:
    """Where the lines are, how many are not blank, and whether the last one has its end."""

    table: str
    count: int
    ends_cleanly: bool


def read_lines(work: Work, scratch: Scratch, encoding: str, wanted: str) -> Lines:
    """The file's lines. Raises FILE_TYPE, ENCODING_INVALID, NUL_BYTE, LINE_TOO_LONG."""
    refuse_other_kinds(work.path, wanted, "FILE_TYPE")
    copy = work.folder / "lines"
    _to_utf8(work.path, copy, encoding)
    facts = read_facts(copy, work.limits.max_line_bytes)
    scratch.connection.execute(
        "create table lines as select * from (select line, row_number() over () as _source_line"
        " from read_csv(?, header = false, auto_detect = false, columns = {'line': 'varchar'},"
        " delim = '\x1f', quote = '', escape = '', nullstr = '\x1e', new_line = '\\n',"
        " max_line_size = ?, parallel = false)) where trim(line) != ''",
        [str(copy), work.limits.max_line_bytes + 2],
    )
    return Lines("lines", scratch.one("select count(*) from lines"), facts.ends_with_newline)


def _to_utf8(source: Path, target: Path, encoding: str) -> None:
    """Writes UTF-8 with plain newlines; a blank line gets a space, or DuckDB would not count it."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    carried, at_start, line = "", True, 1
    with source.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
        while block := file.read(BLOCK):
            text = carried + _decoded(decoder, block, line)
            carried = "\r" if text.endswith("\r") else ""
            text = _plain(text.removesuffix(carried), line)
            if text:
                line += text.count("\n")
                text = " " + text if at_start and text.startswith("\n") else text
                at_start = text.endswith("\n")
                out.write(text.replace("\n\n", "\n \n").replace("\n\n", "\n \n"))
        if carried:
            out.write(" \n" if at_start else "\n")


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, line: int) -> str:
    try:
        return decoder.decode(block)
    except UnicodeDecodeError as error:
        raise FileFault(
            "ENCODING_INVALID",
            f"byte 0x{error.object[error.start]:02x} is not {error.encoding}; this layout is sent"
            " in that code page",
            line + error.object[: error.start].count(b"\n"),
        ) from error


def _plain(text: str, line: int) -> str:
    """Plain newlines, without the end mark. Raises NUL_BYTE for what no line of text holds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(END_OF_FILE, "")
    if any(character in text for character in CONTROL):
        place = min(text.index(character) for character in CONTROL if character in text)
        raise FileFault(
            "NUL_BYTE",
            f"a control character (0x{ord(text[place]):02x}) stands in the text; was the file"
            " transferred as text, or damaged?",
            line + text.count("\n", 0, place),
        )
    return text

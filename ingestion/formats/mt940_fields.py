"""The fields of SWIFT MT940 and MT942 text, each with its line, in blocks of one statement.

Banks wrap the text in envelopes, end lines as they like and mix code pages. Nothing is judged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TAG = re.compile(r":(?P<tag>[0-9]{2}[A-Z]?|NS):")
# The statement's own text starts after the envelope's {4:, often without a new line.
ENVELOPE = re.compile(r"^(\{[1235]:.*)?\{4:")
END = re.compile(r"^-\}?(\{5:.*)?$")
KNOWS = re.compile(rb"(?m)^(?:\{[^\r\n]*\{4:\s*)?:(?:20|25|28C?|60[FM]?|61|62[FM]?|64|86):")


@dataclass(frozen=True)
class Field:
    """One tag with its text: the lines up to the next tag, without empty ones at the end."""

    tag: str
    line: int
    text: str


@dataclass
class Block:
    """The fields of one statement, from its :20: on."""

    line: int
    fields: list[Field] = field(default_factory=list)

    def all(self, *tags: str) -> list[Field]:
        """The fields of these tags, in file order."""
        return [found for found in self.fields if found.tag in tags]

    def first(self, *tags: str) -> str | None:
        """The first field's text, on one line."""
        texts = [" ".join(found.text.split()) for found in self.all(*tags)]
        return texts[0] if texts and texts[0] else None

    @property
    def source(self) -> str:
        """The block as the library reads it."""
        return "".join(f":{found.tag}:{found.text}\n" for found in self.fields) + "-\n"


def knows_mt940(start: bytes) -> bool:
    """Whether the first bytes hold a statement's tags at the start of lines."""
    return KNOWS.search(start) is not None and b"<" not in start[:1]


def decoded(content: bytes) -> str:
    """UTF-8 where the bytes are that, else Latin-1, which knows every byte; lines end with LF."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate({0: None, 0x1A: None, 0x0C: None, 0xFEFF: None})


def blocks(text: str) -> tuple[list[Block], list[Field]]:
    """Statements, and the fields that stand before the first :20: and so belong to none."""
    found: list[Block] = []
    strays: list[Field] = []
    for each in _fields(text):
        if each.tag == "20":
            found.append(Block(each.line))
        if found:
            found[-1].fields.append(each)
        else:
            strays.append(each)
    return found, strays


def _fields(text: str) -> list[Field]:
    found: list[Field] = []
    tag, start, lines = "", 0, list[str]()
    for number, raw in enumerate(text.split("\n"), 1):
        line = ENVELOPE.sub("", raw).rstrip()
        match = TAG.match(line)
        is_end = END.match(line) is not None
        if (match or is_end) and tag:
            found.append(Field(tag, start, "\n".join(lines).strip("\n")))
            tag = ""
        if match:
            tag, start, lines = match["tag"], number, [line[match.end() :]]
        elif tag and not is_end:
            lines.append(line)
    if tag:
        found.append(Field(tag, start, "\n".join(lines).strip("\n")))
    return found

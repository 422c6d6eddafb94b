"""OFX text as a tree: SGML of 1.x, whose values need no end tags, and XML of 2.x alike.

No document type, no entities but the five of XML, bounded depth. Raises XML_FORBIDDEN, OFX_INVALID.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingestion.faults import FileFault

MAX_DEPTH = 50
TOKEN = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z0-9_.]+)\s*(?P<empty>/?)>(?P<text>[^<]*)")
COMMENT = re.compile(r"<!--.*?-->", re.S)
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
ENCODED = re.compile(
    rb"^ENCODING:\s*(\S+)|^CHARSET:\s*(\S+)|<\?xml[^>]*encoding=[\"']([^\"']+)", re.M
)
CODES = {
    "utf-8": "utf-8", "unicode": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "1252": "cp1252",
    "usascii": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "none": "cp1252",
    "iso-8859-1": "latin-1", "8859-1": "latin-1", "iso-8859-15": "iso-8859-15",
}  # fmt: skip


@dataclass
class Element:
    """An aggregate with children, or a value."""

    name: str
    line: int
    value: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Element]:
        """Every element of these names below, at any depth, in file order."""
        for kid in self.children:
            if kid.name in names:
                yield kid
            yield from kid.all(*names)

    def text(self, *paths: str) -> str | None:
        """The first of these children (`A/B` steps down) that has a value."""
        for path in paths:
            found: Element | None = self
            for step in path.split("/"):
                kids = found.children if found else []
                found = next((kid for kid in kids if kid.name == step), None)
            if found and found.value:
                return found.value
        return None


def decoded(content: bytes) -> str:
    """The text: UTF-8 where the bytes are that, since many files name a wrong code page."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = [
        word.decode("ascii", "replace").lower()
        for m in ENCODED.findall(content[:1024])
        for word in m
        if word
    ]
    codes = [CODES[word] for word in named if word in CODES and CODES[word] != "utf-8"]
    return content.decode(codes[-1] if codes else "cp1252", "replace")


def tree(text: str) -> Element:
    """The OFX element. Raises XML_FORBIDDEN, OFX_INVALID naming the line."""
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.I):
        raise FileFault(
            "XML_FORBIDDEN",
            "the file declares a document type or entities; statements need neither. Ask for the"
            " plain file",
        )
    text = _replaced(COMMENT, "-->", lambda found: "\n" * found[0].count("\n"), text)
    text = _replaced(CDATA, "]]>", lambda found: html.escape(found[1]), text)
    start = re.search(r"<OFX>", text, re.I)
    if start is None:
        raise FileFault("OFX_INVALID", "no <OFX> in it", 1)
    closed = {name.upper() for name in re.findall(r"</([A-Za-z0-9_.]+)\s*>", text)}
    if "OFX" not in closed:
        raise FileFault("OFX_INVALID", "the file ends before </OFX>; ask for it again")
    return _built(text, start.start(), closed)


def _replaced(
    pattern: re.Pattern[str], end: str, by: Callable[[re.Match[str]], str], text: str
) -> str:
    """What re.sub gives, without a search to the end of the file for each start that has no end."""
    last = text.rfind(end) + len(end) if end in text else 0
    return pattern.sub(by, text[:last]) + text[last:]


def _built(text: str, start: int, closed: set[str]) -> Element:
    stack = [Element("", 1)]
    line, place = 1 + text.count("\n", 0, start), start
    for token in TOKEN.finditer(text, start):
        line += text.count("\n", place, token.start())
        place = token.start()
        name, value = token["name"].upper(), html.unescape(token["text"].strip())
        if token["end"]:
            _close(stack, name, line)
            continue
        element = Element(name, line, value)
        stack[-1].children.append(element)
        is_open = _closes_next(text, token.end(), name) if value else not token["empty"]
        if name in closed and is_open:
            stack.append(element)
        if len(stack) > MAX_DEPTH:
            raise FileFault("OFX_INVALID", f"elements nested deeper than {MAX_DEPTH}", line)
    if len(stack) > 1:
        raise FileFault("OFX_INVALID", f"the file ends inside <{stack[-1].name}>", stack[-1].line)
    return stack[0].children[0]


def _close(stack: list[Element], name: str, line: int) -> None:
    """Ends an element. In SGML an empty value may be open above it, and what followed is its
    neighbours and not its content."""
    names = [element.name for element in stack]
    if name not in names[1:]:
        raise FileFault("OFX_INVALID", f"</{name}> ends what never began", line)
    while stack[-1].name != name:
        value = stack.pop()
        stack[-1].children += value.children
        value.children = []
    stack.pop()


def _closes_next(text: str, place: int, name: str) -> bool:
    return (
        re.match(rf"</{re.escape(name)}\s*>", text[place : place + len(name) + 16], re.I)
        is not None
    )

"""XML from strangers: no DTD, no entities, no network, bounded size and depth."""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from typing import Any

from lxml import etree

from ingestion.faults import FileFault, escaped

MAX_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 200
FORBIDDEN = [
    word.encode(code)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
]
ENCODINGS = re.compile(rb"utf-?(8|16)|us-ascii|ascii|iso-8859-(1|15)|windows-1252", re.I)


def parse_xml(path: Path) -> Any:
    """The root element. Raises XML_FORBIDDEN, XML_INVALID, XML_DEPTH, FILE_TOO_LARGE."""
    if path.stat().st_size > MAX_BYTES:
        raise FileFault("FILE_TOO_LARGE", f"XML of more than {MAX_BYTES} bytes; split it")
    _refuse_dtd(path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        # From memory: of a file, lxml calls bytes that are no text an OSError.
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        words = escaped(str(error.msg))[:160]
        code = "XML_DEPTH" if "depth" in words.lower() else "XML_INVALID"
        raise FileFault(code, f"not well-formed: {words}", error.lineno or 1) from error
    if has_document_type(root.getroottree()):
        raise _forbidden()
    _refuse_depth(root)
    return root


def has_document_type(tree: Any) -> bool:
    """Whether a parsed tree came with a DTD."""
    return bool(tree.docinfo.doctype) or tree.docinfo.internalDTD is not None


def local_name(node: Any) -> str:
    """The tag without its namespace."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _refuse_dtd(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        if any(text.find(word) >= 0 for word in FORBIDDEN):
            raise _forbidden()
        declared = re.match(rb"\s*<\?xml[^>]*?encoding=[\"']([^\"']+)", text[:200])
    if declared and not ENCODINGS.fullmatch(declared[1]):
        raise FileFault(
            "ENCODING_MISMATCH",
            f"encoding {declared[1][:20].decode('ascii', 'replace')}; use UTF-8",
        )


def _refuse_depth(root: Any) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise FileFault("XML_DEPTH", f"elements nested deeper than {MAX_DEPTH}")


def _forbidden() -> FileFault:
    return FileFault(
        "XML_FORBIDDEN",
        "the file declares a document type or entities; statements need neither, and they can read"
        " files or fill memory. Ask for the plain message",
    )

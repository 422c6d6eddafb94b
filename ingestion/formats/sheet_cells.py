"""What the cells of a workbook really are, read from the sheets' XML: numbers as their stored text,
errors, booleans, formulas without a value, and where the first and last filled cells stand.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from ingestion.faults import FileFault
from ingestion.formats.packed import DAMAGE
from ingestion.formats.xml_safe import has_document_type, local_name

PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
KINDS = {"n": "number", "e": "error", "b": "boolean", "d": "text"}


@dataclass(frozen=True)
class Cell:
    """A filled cell that is no plain string, with its stored text."""

    kind: str
    value: str


@dataclass
class Sheet:
    """One sheet: its title, its special cells by (row, column), and the filled range."""

    title: str
    is_1904: bool
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    first_row: int = 0
    last_row: int = 0
    first_column: int = 0
    last_column: int = 0

    def add(self, row: int, column: int, kind: str, value: str) -> None:
        """Notes one filled cell and widens the range."""
        self.cells[(row, column)] = Cell(kind, value)
        if kind == "no value":
            return
        self.first_row = min(self.first_row or row, row)
        self.last_row = max(self.last_row, row)
        self.first_column = min(self.first_column or column, column)
        self.last_column = max(self.last_column, column)


def read_sheets(path: Path) -> dict[str, Sheet]:
    """Every worksheet by its title, in the workbook's order. Raises FILE_TYPE."""
    try:
        with zipfile.ZipFile(path) as archive:
            book = _parse(archive.read("xl/workbook.xml"))
            places = _targets(_parse(archive.read("xl/_rels/workbook.xml.rels")))
            is_1904 = any(
                node.get("date1904") in ("1", "true")
                for node in book.iter()
                if local_name(node) == "workbookPr"
            )
            sheets = {}
            for node in [n for n in book.iter() if local_name(n) == "sheet"]:
                identity = next(v for k, v in node.attrib.items() if k.endswith("}id"))
                if places.get(identity, "").startswith("xl/worksheets/"):
                    sheets[node.get("name")] = _sheet(archive, node, places[identity], is_1904)
            return sheets
    except (KeyError, StopIteration, etree.LxmlError, *DAMAGE) as error:
        raise FileFault("FILE_TYPE", "the workbook is damaged; save it again as .xlsx") from error


def _parser() -> dict[str, Any]:
    return {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def _parse(content: bytes) -> Any:
    root = etree.fromstring(content, etree.XMLParser(**_parser()))
    if has_document_type(root.getroottree()):
        raise FileFault("XML_FORBIDDEN", "a workbook with a document type; save it again as .xlsx")
    return root


def _targets(relations: Any) -> dict[str, str]:
    found = {}
    for node in relations:
        target = node.get("Target", "")
        if node.get("TargetMode") == "External":
            continue
        place = PurePosixPath(target[1:]) if target[:1] == "/" else PurePosixPath("xl") / target
        found[node.get("Id")] = str(place)
    return found


def _sheet(archive: zipfile.ZipFile, node: Any, part: str, is_1904: bool) -> Sheet:
    sheet = Sheet(node.get("name"), is_1904)
    row = column = 0
    with archive.open(part) as file:
        for event, item in etree.iterparse(file, events=("start", "end"), **_parser()):
            name = local_name(item)
            if event == "start" and name == "row":
                row, column = int(item.get("r") or row + 1), 0
            elif event == "end" and name == "c":
                row, column = _place(item.get("r"), row, column + 1)
                _note(sheet, item, row, column)
            elif event == "end" and name == "row":
                item.clear()
                while item.getprevious() is not None:
                    del item.getparent()[0]
    return sheet


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    found = PLACE.fullmatch(reference or "")
    if not found:
        return row, column
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return int(found[2]), number


def _note(sheet: Sheet, cell: Any, row: int, column: int) -> None:
    parts = {local_name(part): part for part in cell}
    value = (parts["v"].text or "") if "v" in parts else ""
    kind = cell.get("t", "n")
    if "is" in parts or kind in ("s", "str", "inlineStr"):
        if value or "is" in parts:
            sheet.add(row, column, "text", value)
    elif value:
        sheet.add(row, column, KINDS.get(kind, "text"), value)
    elif "f" in parts:
        sheet.add(row, column, "no value", "")

"""JSON as we take it: numbers keep the text they were written with, no name stands twice.

In: text. Out: values with every number as its own text; objects know their line and what is wrong
with them, so that one bad object of a list does not cost the others.
"""

from __future__ import annotations

import json
import re
from typing import Any

MAX_DEPTH = 200
HALVES = re.compile("[\ud800-\udfff]")  # of characters outside the first plane
# The last quote may be missing: else each quote in an unfinished text is searched to its end.
TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[{}\n]', re.S)


class Number(str):
    """A number by its own text."""

    __slots__ = ()


class NotANumber(str):
    """NaN or Infinity, which JSON does not know."""

    __slots__ = ()


class JsonObject(dict[str, Any]):
    """An object, the line it starts on, and whether a name stands twice in it."""

    line = 1
    has_duplicate = False


def read_json(text: str, first_line: int = 1) -> Any:
    """The value of a JSON text. Raises ValueError (with lineno and msg where known)."""
    text = text.rstrip()
    lines = iter(_start_lines(text, first_line)) if "\n" in text else None

    def pairs(found: list[tuple[str, Any]]) -> JsonObject:
        values = JsonObject(found)
        values.has_duplicate = len(values) < len(found)
        values.line = first_line if lines is None else next(lines, first_line)
        return values

    try:
        return json.loads(
            text,
            object_pairs_hook=pairs,
            parse_float=Number,
            parse_int=Number,
            parse_constant=NotANumber,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def flaw_of(value: Any) -> str | None:
    """The code of the first thing in a value that we do not take, or None."""
    waiting = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > MAX_DEPTH:
            return "JSON_INVALID"
        if isinstance(part, NotANumber):
            return "JSON_NUMBER"
        if isinstance(part, str):
            if (code := _flaw_of_text(part)) is not None:
                return code
        elif isinstance(part, dict):
            if isinstance(part, JsonObject) and part.has_duplicate:
                return "DUPLICATE_KEY"
            waiting += [(word, depth) for word in part] + [(v, depth + 1) for v in part.values()]
        elif isinstance(part, list):
            waiting += [(item, depth + 1) for item in part]
    return None


def cell(value: Any) -> str | None:
    """A value as a cell of text; lists and objects as JSON."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def _flaw_of_text(text: str) -> str | None:
    if "\0" in text:
        return "NUL_BYTE"
    return "ENCODING_INVALID" if HALVES.search(text) else None


def _start_lines(text: str, first_line: int) -> list[int]:
    """The line each object starts on, in the order objects end: the order they are made in."""
    ended: list[int] = []
    opened: list[int] = []
    line = first_line
    for token in TOKENS.finditer(text):
        word = token.group()
        if word == "\n":
            line += 1
        elif word == "{":
            opened.append(line)
        elif word == "}" and opened:
            ended.append(opened.pop())
        else:
            line += word.count("\n")
    return ended

"""The items of a JSON answer as they stand in it, letter by letter: no number is read and written.

In: a text that is JSON, and the dotted place of a list in it. Out: each item on one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

BLANKS = re.compile(r"[ \t\r\n]*")
LINE_ENDS = re.compile(r"[\r\n]+")
DECODER = json.JSONDecoder()


def texts_at(text: str, place: str) -> Iterator[str]:
    """The items of the list at a place. A line end in JSON is never inside a text."""
    start = _value_at(text, _blank(text, 0), [name for name in place.split(".") if name])
    position = _blank(text, start + 1)
    while text[position] != "]":
        _, end = DECODER.raw_decode(text, position)
        yield LINE_ENDS.sub(" ", text[position:end])
        position = _blank(text, end)
        if text[position] == ",":
            position = _blank(text, position + 1)


def _value_at(text: str, position: int, names: list[str]) -> int:
    """Where the value of a name in an object begins; the last of that name, as json reads it."""
    if not names:
        return position
    found, position = -1, _blank(text, position + 1)
    while text[position] != "}":
        name, end = scanstring(text, position + 1)
        position = _blank(text, _blank(text, end) + 1)
        if name == names[0]:
            found = position
        _, end = DECODER.raw_decode(text, position)
        position = _blank(text, end)
        if text[position] == ",":
            position = _blank(text, position + 1)
    return _value_at(text, found, names[1:])


def _blank(text: str, position: int) -> int:
    """The next place that is not blank."""
    blank = BLANKS.match(text, position)
    return blank.end() if blank else position

"""Texts made to be searched for ever: reading one takes as long as its length, not its square."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest

from ingestion.faults import FileFault
from ingestion.formats import json_strict
from ingestion.formats.json_strict import read_json
from ingestion.formats.ofx_elements import tree

SECONDS = 5.0  # a tenth of one here; without the guard minutes
MANY = 300_000


def unread(read: Callable[[str], object], text: str, error: type[Exception]) -> float:
    """The seconds until a text is refused."""
    started = time.monotonic()
    with pytest.raises(error):
        read(text)
    return time.monotonic() - started


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_text_without_its_last_quote_is_read_once(
    monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """A megabyte of it would keep a receiver busy for an hour; the control takes a small part."""
    text = '"\n"' + '\\"' * MANY
    if is_guarded:
        assert unread(read_json, text, ValueError) < SECONDS
        return
    small = text[: 3 + 2 * 6_000]
    quick = unread(read_json, small, ValueError)
    monkeypatch.setattr(json_strict, "TOKENS", re.compile(r'"(?:[^"\\]|\\.)*"|[{}\n]', re.S))
    assert unread(read_json, small, ValueError) > 10 * quick


def test_objects_still_know_their_lines() -> None:
    value = read_json(json.dumps([{"a": '"{\\'}, {"b": "}\n{"}, {"c": {}}], indent=1))
    assert [item.line for item in value] == [2, 5, 8]
    assert value[2]["c"].line == 9


@pytest.mark.parametrize("start", ["<!--", "<![CDATA["])
def test_beginnings_without_an_end_are_read_once(start: str) -> None:
    assert unread(tree, "<OFX>" + start * MANY, FileFault) < SECONDS
    assert unread(tree, "<OFX><!-- --><![CDATA[x]]>" + start * MANY, FileFault) < SECONDS


def test_comments_and_plain_texts_are_read_as_before() -> None:
    root = tree("<OFX><!-- <A>1</A>\n--><B><![CDATA[<&>]]></B><!-- --></OFX>")
    assert [(child.name, child.value, child.line) for child in root.children] == [("B", "<&>", 2)]

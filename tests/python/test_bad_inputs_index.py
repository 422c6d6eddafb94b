"""The index of bad inputs: every id has a test whose name carries it (test_a1_…, test_d13_…).

Groups: A files, B bytes, C tables, D money, E moments, F keys and content, G workbooks, H XML and
JSON, I webhooks and interfaces, J names, settings and what leaves. Faults of machines (a full disk,
a kill) have ids of their own; their tests are named test_fault_… and do not count here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INDEX = {
    "a": """no bytes|a header alone|a page for a table|a file that grows|a cut file
        |totals that differ|the same again|a correction|a correction first|a late day
        |a missing file|two files overlap|far too large|unsafe archives""",
    "b": """a mark at the start|two-byte text|another encoding|a zero byte|a line end in quotes
        |other line ends|an end-of-file mark|the end mark of COPY|signs nobody sees
        |composed letters|half a character""",
    "c": """a column twice|a column missing|a column more|another order|another spelling
        |no header|short and long lines|an open quote|a stray quote|another delimiter
        |a decimal comma|a footer|a preamble|blank lines|a late change of kind
        |the header again""",
    "d": """underscores|exponents|words as numbers|too many digits|thousands|odd signs
        |other digits|no number|zero|below zero|too large|finer than the currency
        |units of a sender|no currency|two currencies|a wrong net|ties|division""",
    "e": """day or month|no such day|leap days|leap seconds|words as moments|offsets
        |no zone|summer time ends|the edge of a day|nanoseconds|far years
        |spent before earned""",
    "f": """leading zeros|ids like numbers|words like nothing|empty keys|the same twice
        |the same id, other money|ids of two senders|ids that look alike|many to one
        |a return without a sale|a status that goes back|long texts""",
    "g": """a wrong size|a bomb|no stored value|error cells|digits lost|numbers and text
        |hidden rows|a missing sheet|the other calendar|another kind of file""",
    "h": """entities|another message|deep nesting|a balance that does not tie|a gap
        |no direction|details that differ|a name twice|no numbers|exact numbers
        |cut and joined lines""",
    "i": """no proof|too old|from the future|a replay|rotation|raw bytes|pressure
        |disorder and new kinds|pages without end|errors that look well""",
    "j": """names of files|formulas|markup|forged lines|card numbers|names in settings
        |variables|paths that lead away|odd passwords|wrong settings""",
}  # fmt: skip
NAME = re.compile(r"test((?:_[a-j][0-9]{1,2})+)_[a-z]")


def ids() -> list[str]:
    """a1, a2, … j10: as many of a group as it has descriptions."""
    return [
        f"{group}{number}"
        for group, words in INDEX.items()
        for number in range(1, len(words.split("|")) + 1)
    ]


def named_tests() -> dict[str, list[str]]:
    """The tests that carry an id in their name, by id."""
    found: dict[str, list[str]] = {}
    for file in sorted(HERE.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (name := NAME.match(node.name)):
                for identity in name[1].strip("_").split("_"):
                    found.setdefault(identity, []).append(f"{file.name}::{node.name}")
    return found


TESTS = named_tests()


def test_the_index_is_whole() -> None:
    assert len(ids()) == 124


@pytest.mark.parametrize("identity", ids())
def test_every_bad_input_has_a_test(identity: str) -> None:
    assert identity in TESTS, "no test is named after this bad input"


def test_no_test_is_named_after_a_bad_input_that_is_none() -> None:
    """From f13 on they are faults of machines, which are counted elsewhere."""
    faults = {f"f{number}" for number in range(13, 32)}
    assert set(TESTS) <= {*ids(), *faults}

"""The match key of every letter there is: that of its NFKC, on both engines, or it is outside.

`is_outside` says which letters the key does not unfold; one that leaves or enters fails here.
"""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from dbt_project.warehouse import Warehouse
from tests.python.bad_inputs.macros import sql_of

DROPPED = " -_./:;,#*()[]{}|+&\"'"
ARABIC = re.compile("ARABIC |RIAL SIGN")
WORDS_IN_ONE = re.compile(
    "IDEOGRAPHIC TELEGRAPH|SQUARED? |TORTOISE|PARENTHESIZED KOREAN|CIRCLED KOREAN|PARTNERSHIP"
    "|LIMITED|HIRAGANA|KATAKANA|THAI |LAO |TIBETAN |DEGREE |(SURFACE|VOLUME) INTEGRAL"
    "|HEBREW LIGATURE"
)
ACCENT_ALONE = re.compile(" [\u0300-\u036f\u3099\u309a]")


EVERY = 13  # of the letters that NFKC leaves alone; 1 asks for all of them, which takes minutes


def letters() -> list[str]:
    """Every letter, mark and sign that NFKC or the key changes, and every thirteenth other."""
    every = (chr(number) for number in range(0x20, 0x110000))
    named = [c for c in every if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co")]
    return [
        c
        for place, c in enumerate(named)
        if place % EVERY == 0 or ord(c) < 0x250 or folded(c) != c or is_outside(c)
    ]


def folded(text: str) -> str | None:
    """The key by Python's NFKC: without what nobody sees and what a key has not, in capitals."""
    seen = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
    )
    plain = unicodedata.normalize("NFC", seen).translate(str.maketrans("", "", DROPPED))
    return "".join(c.upper() if c.isascii() else c for c in plain) or None


def is_outside(letter: str) -> bool:
    """Whether the key leaves the letter as it came, and NFKC does not."""
    plain, name = unicodedata.normalize("NFKC", letter), unicodedata.name(letter, "")
    if plain == unicodedata.normalize("NFC", letter):
        return False
    is_word = len(folded(letter) or "") > 1 and not plain.isascii() and WORDS_IN_ONE.match(name)
    return bool(ARABIC.match(name) or ACCENT_ALONE.match(plain) or is_word)


def keys_of(warehouse: Warehouse, texts: list[str]) -> list[str | None]:
    """The match key of each text."""
    expression = sql_of(warehouse.engine, "{{ normalised_reference('v') }}")
    rows = warehouse.rows(
        f"select {expression} as match_key from (select unnest(cast($1 as text[])) as v,"
        " unnest(cast($2 as integer[])) as n) as t order by n",
        [texts, list(range(len(texts)))],
    )
    return [row["match_key"] for row in rows]


def test_b9_b10_every_letter_has_the_key_of_its_nfkc_or_is_outside(
    engines: tuple[Warehouse, Warehouse],
) -> None:
    every = letters()
    one, other = (keys_of(warehouse, every) for warehouse in engines)
    assert one == other
    wrong = {c for c, key in zip(every, one, strict=True) if key != folded(c)}
    outside = {c for c in every if is_outside(c)}
    assert sorted(wrong ^ outside) == []
    assert (len(every) > 12_000, len(outside) < 1_200) == (True, True)


UNFOLDED = st.characters(exclude_categories=["Cs", "Cn", "Co", "Cc"]).filter(
    lambda letter: not is_outside(letter)
)


@few(max_examples=15, deadline=None, derandomize=True)
@given(texts=st.lists(st.text(UNFOLDED, min_size=1, max_size=8), min_size=1, max_size=40))
def test_b9_b10_any_text_of_such_letters_has_the_key_of_its_nfkc(
    engines: tuple[Warehouse, Warehouse], texts: list[str]
) -> None:
    one, other = (keys_of(warehouse, texts) for warehouse in engines)
    assert one == other == [folded(text) for text in texts]

"""References in odd dress (B9, B10): shown as they came, matched in plain letters."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.bad_inputs.macros import sql_of

SAME = {
    "KW17": [
        "kw-17", "KW\u00a017", "ＫＷ－１７", "K\u200bW\u200d17", "\u202eKW17\u202c", "ᴷᵂ¹⁷", "𝐊𝐖①⑦",
        "\ufeffKW17", "KW\u00ad17", "kw 17\u2060",
    ],
    "FIN5": ["ﬁn5", "FIN５"],
    "NO3": ["№3"],
    "XII": ["Ⅻ", "ⅹⅱ"],
}  # fmt: skip
APART = ["ord-17", "оrd-17", "οrd-17", "ОRD-17", "ord-l7"]  # Latin, Cyrillic, Greek, an l for 1


def keys(warehouse: Warehouse, texts: list[str]) -> list[str | None]:
    """The match key of each text."""
    expression = sql_of(warehouse.engine, "{{ normalised_reference('v') }}")
    places = ", ".join(f"({n}, cast(${n + 1} as text))" for n in range(len(texts)))
    rows = warehouse.rows(
        f"select n, v, {expression} as match_key from (values {places}) as t(n, v) order by n",
        texts,
    )
    assert [row["v"] for row in rows] == texts
    return [row["match_key"] for row in rows]


def test_b9_what_cannot_be_seen_or_only_looks_odd_is_no_difference(
    engine_settings: Settings,
) -> None:
    with open_warehouse(engine_settings) as warehouse:
        for expected, texts in SAME.items():
            assert keys(warehouse, texts) == [expected] * len(texts)
        assert keys(warehouse, ["\u200b\u200d", "--"]) == [None, None]


def test_b9_letters_that_only_look_alike_are_never_one_key(engine_settings: Settings) -> None:
    with open_warehouse(engine_settings) as warehouse:
        assert len(set(keys(warehouse, APART))) == len(APART)


def test_b10_composed_and_decomposed_letters_are_one_key(engine_settings: Settings) -> None:
    names = ["Café Zoë", "Ångström", "한글", "ガギ"]
    texts = [
        form
        for name in names
        for form in (unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))
    ]
    with open_warehouse(engine_settings) as warehouse:
        found = keys(warehouse, [*texts, "ｶﾞｷﾞ"])
    assert found[::2] == [*found[1::2], found[6]]
    assert len(set(found)) == len(names)


def test_b10_the_control_without_plain_letters_they_are_two(duckdb_settings: Settings) -> None:
    with open_warehouse(duckdb_settings) as warehouse:
        rows = warehouse.rows("select upper($1) = upper($2) as same", ["Zo\u00eb", "Zoe\u0308"])
    assert rows == [{"same": False}]


LETTERS = st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\0")
REFERENCES = st.lists(st.text(LETTERS, max_size=12), min_size=1, max_size=40)


@few(max_examples=60, deadline=None, derandomize=True)
@given(texts=REFERENCES)
def test_b9_b10_any_text_gives_one_key_on_both_engines(
    engines: tuple[Warehouse, Warehouse], texts: list[str]
) -> None:
    one, other = (keys(warehouse, texts) for warehouse in engines)
    assert one == other
    folded = [unicodedata.normalize("NFKC", text) for text in texts]
    for text, plain, key in zip(texts, folded, one, strict=True):
        if plain.isascii() and text.isascii():
            assert key == keys(engines[0], [plain])[0]

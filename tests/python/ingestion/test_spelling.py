"""Spelled cells: every amount written in a declared spelling comes back to the same
cent, and whatever is written otherwise is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.formats.spelling_sql import number, shifted, signed, trimmed
from ingestion.spellings import Numbers

DATABASE = duckdb.connect(":memory:")
BLANKS = (" ", "\u00a0", "\u202f")
SPELLINGS = [
    Numbers.model_validate(
        {
            "decimal": decimal,
            "group": group,
            "signs": signs,
            "parentheses": brackets,
            "trailing_minus": behind,
        }
    )
    for decimal, group in ((".", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (",", ""))
    for signs in ((), ("$",), ("€", "EUR"), ("Fr.",))
    for brackets in (False, True)
    for behind in (False, True)
]


@dataclass(frozen=True)
class Written:
    """An amount and how somebody wrote it."""

    amount: Decimal
    spelled: Numbers
    text: str


def plain_of(text: str, spelled: Numbers) -> str | None:
    """What landing would take the cell for; None when it refuses it."""
    read = number(trimmed("x"), spelled)
    plain = f"case when {read.fits} then {signed(read.magnitude, read.is_negative)} end"
    (found,) = DATABASE.execute(f"select {plain} from (select ?::varchar as x)", [text]).fetchall()
    return None if found[0] is None else str(found[0])


@st.composite
def written(draw: Any) -> Written:
    """Any amount of up to fifteen digits, as one of the spellings writes it."""
    spelled = draw(st.sampled_from(SPELLINGS))
    minor, scale = draw(st.integers(-(10**15), 10**15)), draw(st.integers(0, 6))
    amount = Decimal(minor).scaleb(-scale)
    digits = f"{abs(amount):.{scale}f}"
    whole, _, fraction = digits.partition(".")
    if spelled.group and draw(st.booleans()):
        mark = draw(st.sampled_from(BLANKS)) if spelled.group == " " else spelled.group
        whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", mark, whole)
    body = whole + (spelled.decimal + fraction if fraction else "")
    return Written(amount, spelled, _decorated(draw, spelled, body, amount < 0))


def _decorated(draw: Any, spelled: Numbers, body: str, is_negative: bool) -> str:
    """The number with its sign, its currency and blanks, wherever its spelling lets them stand."""
    sign = draw(st.sampled_from(spelled.signs)) if spelled.signs and draw(st.booleans()) else ""
    blank = draw(st.sampled_from(("", " ")))
    before = bool(sign) and draw(st.booleans())
    way = draw(st.sampled_from(["minus", *(["brackets"] * spelled.parentheses)]))
    if is_negative and spelled.trailing_minus and draw(st.booleans()):
        way = "behind"
    if not is_negative:
        plus = draw(st.sampled_from(("", "+")))
        return f"{plus}{sign + blank if before else ''}{body}{blank + sign if not before else ''}"
    dressed = f"{sign + blank if before else ''}{body}{blank + sign if not before and sign else ''}"
    if way == "brackets":
        return f"({dressed})"
    if way == "behind":
        return f"{dressed}-"
    if before and draw(st.booleans()):
        return f"{sign}{blank}-{body}"
    return f"-{dressed}"


@settings(max_examples=400, deadline=None)
@given(written())
def test_what_is_written_as_declared_comes_back_to_the_cent(one: Written) -> None:
    plain = plain_of(one.text, one.spelled)
    assert plain is not None, one
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain)
    assert Decimal(plain) == one.amount


@settings(max_examples=400, deadline=None)
@given(written(), st.sampled_from(SPELLINGS))
def test_under_another_spelling_it_is_refused_or_means_what_that_one_says(
    one: Written, other: Numbers
) -> None:
    plain = plain_of(one.text, other)
    assert plain == _by_hand(one.text, other)


def _by_hand(text: str, spelled: Numbers) -> str | None:
    """The same rules, written a second time: peel one layer after the other."""
    text = text.strip()
    marks = 0
    negative = False
    if text.startswith("(") and text.endswith(")") and spelled.parentheses:
        text, negative, marks = text[1:-1], True, 9
    elif text.endswith("-") and spelled.trailing_minus:
        text, negative, marks = text[:-1].rstrip(), True, 1
    for word in sorted(spelled.signs, key=len, reverse=True):
        if text.endswith(word):
            return _inner(text[: -len(word)].rstrip(), spelled, (), marks, negative)
    return _inner(text, spelled, spelled.signs, marks, negative)


def _inner(
    text: str, spelled: Numbers, signs: tuple[str, ...], marks: int, negative: bool
) -> str | None:
    if marks < 9 and text[:1] in ("-", "+"):
        marks, negative, text = marks + 1, negative or text[0] == "-", text[1:].lstrip()
    for word in sorted(signs, key=len, reverse=True):
        if text.startswith(word):
            text = text[len(word) :].lstrip()
            if marks < 9 and text[:1] in ("-", "+"):
                marks, negative, text = marks + 1, negative or text[0] == "-", text[1:]
            break
    else:
        if marks < 9 and text[:1] in ("-", "+"):  # a second sign is one too many
            return None
    group = r"\s" if spelled.group == " " else re.escape(spelled.group)
    whole = f"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+" if spelled.group else "[0-9]+"
    if marks not in (0, 1, 9) or not re.fullmatch(
        f"(?:{whole})(?:{re.escape(spelled.decimal)}[0-9]+)?", text
    ):
        return None
    plain = re.sub(group, "", text) if spelled.group else text
    plain = plain.replace(spelled.decimal, ".")
    return ("-" if negative and re.search("[1-9]", plain) else "") + plain


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("1,234.50", Numbers()),
        ("1234.50", Numbers(decimal=",", group=".")),
        ("1.23.456", Numbers(decimal=",", group=".")),
        ("12,34.50", Numbers(group=",")),
        ("1,2345", Numbers(group=",")),
        ("(5.00)", Numbers()),
        ("5.00-", Numbers()),
        ("-5.00-", Numbers(trailing_minus=True)),
        ("(-5.00)", Numbers(parentheses=True)),
        ("-(5.00)", Numbers(parentheses=True)),
        ("(5.00", Numbers(parentheses=True)),
        ("$5", Numbers()),
        ("£5", Numbers(signs=("$",))),
        ("$5$", Numbers(signs=("$",))),
        ("5.00 DR", Numbers()),
        ("-5.00 CR", Numbers(credit=("CR",), debit=("DR",))),
        ("5e2", Numbers()),
        ("0x10", Numbers()),
        ("٣", Numbers()),
        ("１２", Numbers()),
        ("1.", Numbers()),
        (".5", Numbers()),
        ("NaN", Numbers()),
        ("1 234", Numbers()),
        ("--5", Numbers()),
    ],
)
def test_what_is_not_declared_is_not_read(text: str, spelled: Numbers) -> None:
    assert plain_of(text, spelled) is None


@pytest.mark.parametrize(("text", "plain"), [("12.00 DR", "-12.00"), ("12.00 CR", "12.00")])
def test_a_word_behind_says_the_direction(text: str, plain: str) -> None:
    assert plain_of(text, Numbers(credit=("CR",), debit=("DR",))) == plain


@given(st.integers(0, 10**15), st.integers(0, 4))
def test_minor_units_become_major_ones_by_text(minor: int, digits: int) -> None:
    sql = f"select {shifted('x', '?::integer')} from (select ?::varchar as x)"
    sql = sql.replace("?::integer", str(digits))
    (found,) = DATABASE.execute(sql, [str(minor)]).fetchall()
    assert Decimal(found[0]) == Decimal(minor).scaleb(-digits)

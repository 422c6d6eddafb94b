"""J5: a card number anywhere refuses the file before it is archived."""

from __future__ import annotations

import json

import pytest

from ingestion.landing.archive import list_archive
from ingestion.landing.card_numbers import has_card_number
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOKS, DETAIL, books, camt, cash, entry, tied

CARDS = ["4111111111111111", "5555-5555-5555-4444", "3782 822463 10005", "6011111111111117"]


@pytest.mark.parametrize("text", [*CARDS, "2221000000000009", "paid 4111111111111111 10 2026"])
def test_card_numbers_are_known(text: str) -> None:
    assert has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "1234567890123452",  # no card starts like that
        "37828224631000",  # too short for its brand
        "20261001100000123",
        "411111111111111",
        "DE02120300000000202051",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not has_card_number(text)


DETAIL_ = DETAIL.format(amount="", party="").replace("thanks", CARDS[1])
FILES = [
    pytest.param("internal", books({"description": f"card {CARDS[0]}"}), "b.csv", 2, 10, id="csv"),
    pytest.param("internal", books({}, {"note": CARDS[2]}), "b.csv", 3, 10, id="unknown column"),
    pytest.param("internal", books({"order_id": CARDS[1]}), "b.csv", 2, 10, id="printed in an id"),
    pytest.param(
        "internal",
        (json.dumps({**BOOKS, "deep": {"pan": CARDS[3]}}) + "\n").encode(),
        "b.ndjson",
        1,
        20,
        id="ndjson",
    ),
    pytest.param("bank", camt(tied(entry(details=DETAIL_))), "s.xml", 1, 23, id="remittance"),
    pytest.param(
        "thrive_cash",
        cash((1, "earned", "2026-10-01", None, 7, None, 1, CARDS[0])),
        "c.xlsx",
        2,
        8,
        id="workbook",
    ),
    pytest.param("internal", f"<html>\n{CARDS[0]}".encode(), "b.csv", 2, None, id="unreadable"),
]


@pytest.mark.parametrize(("source", "content", "name", "line", "column"), FILES)
def test_j5_the_file_is_refused_and_not_kept(
    fresh_desk: Desk, source: str, content: bytes, name: str, line: int, column: int | None
) -> None:
    result = fresh_desk.land(source, content, name)
    assert (result.state, result.code) == ("rejected", "PAN_FOUND")
    place = f"{name}:{line}" + (f":{column}" if column else "")
    assert str(result.message).startswith(f"{place} PAN_FOUND")
    document = fresh_desk.document(result)
    assert document["archived_as"] is None
    assert list_archive(fresh_desk.settings) == []
    assert not any("1111" in str(value) for value in document.values() if value != result.sha256)
    kept = [p for p in fresh_desk.settings.archive.rglob("*") if p.is_file()]
    assert kept == []


def test_j5_the_control_ids_that_only_look_like_cards_are_let_in(fresh_desk: Desk) -> None:
    """The control: the same digits in a declared id column, and a wrong one elsewhere, do land."""
    rows = [{"order_id": CARDS[0], "description": CARDS[0][:-1] + "2"}]
    assert fresh_desk.land("internal", books(*rows)).state == "landed"

"""J5: a card number anywhere refuses the file before it is archived."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, Settings, Source
from ingestion.catalogue import catalogue
from ingestion.faults import FileFault
from ingestion.formats.parsed import Parsed, ParsedTable, Work, scratch_database
from ingestion.known_sources import spec_of
from ingestion.landing.archive import list_archive
from ingestion.landing.card_numbers import (
    AT_ONCE,
    BARE,
    BRANDS,
    has_card_number,
    refuse_card_numbers,
)
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
    pytest.param("internal", books({"reference_number": CARDS[0]}), "b.csv", 2, 8, id="in an id"),
    pytest.param(
        "internal", books({}, {"order_id": f"card_{CARDS[0]}"}), "b.csv", 3, 10, id="behind a word"
    ),
    pytest.param("internal", books({"amount": CARDS[0]}), "b.csv", 2, 3, id="as an amount"),
    pytest.param("internal", books({"transaction_date": CARDS[0]}), "b.csv", 2, 7, id="as a date"),
    pytest.param("internal", books({"currency": CARDS[0]}), "b.csv", 2, 4, id="as a currency"),
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


def test_j5_the_control_numbers_that_are_no_cards_do_land(fresh_desk: Desk) -> None:
    """The control: a wrong check digit, another length, and digits inside a word do land."""
    rows = [
        {"order_id": CARDS[0][:-1] + "2", "description": CARDS[0][:-1] + "2"},
        {"order_id": CARDS[0][:-2], "reference_number": "9" + CARDS[0]},
        {"order_id": f"ab{CARDS[0]}cd"},
    ]
    assert fresh_desk.land("internal", books(*rows)).state == "landed"


def test_j5_an_id_that_is_declared_a_number_may_look_like_a_card(fresh_desk: Desk) -> None:
    """Refused with the way out in the message; declared, the same bytes land, printed never."""
    sent = books({"order_id": CARDS[0]})
    refused = fresh_desk.land("internal", sent)
    assert "numeric_ids: [order_id]" in str(refused.message)
    fresh_desk.settings = fresh_desk.settings.model_copy(
        update={"sources": {"internal": Source(numeric_ids=("order_id",))}}
    )
    assert fresh_desk.land("internal", sent).state == "landed"
    for refused_still in ({"order_id": CARDS[1]}, {"reference_number": CARDS[0]}):
        result = fresh_desk.land("internal", books(refused_still))
        assert (result.state, result.code) == ("rejected", "PAN_FOUND")


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        ("internal", "order_ids", "numeric_ids: order_ids is no id of internal; .* order_id"),
        ("internal", "description", "description is no id of internal"),
        ("nordbank", "servicer_referense", "nearest is servicer_reference"),
    ],
)
def test_only_an_id_can_be_declared_a_number(source: str, name: str, words: str) -> None:
    nordbank = PROJECT_ROOT / "samples/sources/nordbank/nordbank.yml"
    said = Source(numeric_ids=(name,), manifest=nordbank if source == "nordbank" else None)
    settings = Settings(sources={source: said})
    with pytest.raises(ConfigurationError, match=words):
        spec_of(settings, source)


def test_the_catalogue_declares_few_ids_that_are_numbers() -> None:
    """Each of these is given by a bank, a state or a processor, never by who takes a payment."""
    found = {
        f"{source}.{column.name}"
        for source, spec in catalogue().items()
        for record in spec.records.values()
        for column in record.columns
        if column.is_numeric
    }
    documents = ("holder", "movement", "receiver", "negotiator")
    assert found == {
        *(f"adyen.{name}_reference" for name in ("psp", "modification", "dispute", "original")),
        *(f"cielo.{name}_document" for name in documents),
        "cielo.document",
        "unica.payee_document",
        "nacha.account_number",
    }


def test_the_pattern_for_ids_is_the_brands_and_no_more() -> None:
    starts = [f"{n:04}" for n in range(2000, 7000)]
    for length in range(12, 21):
        for start in starts:
            digits = start + "0" * (length - 4)
            is_brand = any(b.match(digits) and length in lengths for b, lengths in BRANDS)
            assert bool(re.fullmatch(BARE, digits)) == is_brand, digits


def test_a_card_number_behind_many_that_only_look_like_one_is_found(tmp_path: Path) -> None:
    with scratch_database(tmp_path) as scratch:
        table = scratch.new_table(1)
        scratch.connection.execute(
            f"insert into {table} select '{CARDS[0][:-1]}2', i from range({AT_ONCE + 10}) n(i)"
        )
        parsed = Parsed("csv", tables=[ParsedTable("internal_transactions", table, ("order_id",))])
        words = (scratch, parsed, catalogue()["internal"], Work(tmp_path, tmp_path))
        refuse_card_numbers(*words)
        scratch.connection.execute(f"insert into {table} values ('{CARDS[0]}', {AT_ONCE + 11})")
        with pytest.raises(FileFault, match="PAN_FOUND") as found:
            refuse_card_numbers(*words)
    assert found.value.line == AT_ONCE + 11

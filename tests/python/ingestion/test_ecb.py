"""Reference rates: the tables, their zip, the XML, the house table, and what is refused."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest

from tests.python.ingestion.conftest import Desk

HISTORY = (
    "Date,USD,JPY,TRL,CYP,\n"
    "2026-10-30,1.0876,163.94,N/A,N/A,\n"
    "2026-10-29,1.0880,N/A,1800000,0.58,\n"
)
DAY = "Date, USD, JPY, BGN, \n02 November 2026, 1.0901, 164.10, 1.9558, \n"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube>
<Cube time='2026-11-03'>
<Cube currency='USD' rate='1.0912'/>
<Cube currency='JPY' rate='164.55'/>
</Cube>
</Cube>
</gesmes:Envelope>
"""
Rate = tuple[str, str, str]


def rates(desk: Desk, content: bytes, name: str) -> tuple[str, str | None, list[Rate]]:
    """State, code, and the days, currencies and rates that landed."""
    result = desk.land("fx", content, name)
    found = [(r["rate_date"], r["quote_currency"], r["rate"]) for r in desk.raw(result, "fx_rates")]
    return result.state, result.code, sorted(found)


OF_HISTORY = [
    ("2026-10-29", "USD", "1.0880"),
    ("2026-10-30", "JPY", "163.94"),
    ("2026-10-30", "USD", "1.0876"),
]


def test_the_history_lands_day_by_day_without_currencies_of_the_past(desk: Desk) -> None:
    assert rates(desk, HISTORY.encode(), "eurofxref-hist.csv") == (
        "landed",
        "CURRENCY_PAST",
        OF_HISTORY,
    )


def test_its_zip_is_the_same(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", HISTORY)
    assert rates(desk, packed.getvalue(), "eurofxref-hist.zip") == (
        "landed",
        "CURRENCY_PAST",
        OF_HISTORY,
    )


def test_the_table_of_one_day_writes_it_in_words(desk: Desk) -> None:
    state, _, found = rates(desk, DAY.encode(), "eurofxref.csv")
    assert state == "landed"
    assert ("2026-11-02", "USD", "1.0901") in found
    assert len(found) == 3


def test_the_xml_says_the_same_in_cubes(desk: Desk) -> None:
    found = rates(desk, XML.encode(), "eurofxref-daily.xml")
    assert found == (
        "landed", None, [("2026-11-03", "JPY", "164.55"), ("2026-11-03", "USD", "1.0912")]
    )  # fmt: skip


def test_a_house_table_names_its_source(desk: Desk) -> None:
    text = (
        "rate_source,rate_date,base_currency,quote_currency,rate\n"
        "treasury,2026-10-30,USD,ARS,1432.250000000001\n"
        "treasury,2026-10-30,USD,ZZZ,2\n"
        "treasury,2026-10-30,USD,CLP,-1\n"
        'treasury,2026-10-30,USD,COP,"1,5"\n'
        "treasury,2026-10-30,USD,PEN,0.000\n"
    )
    result = desk.land("fx", text.encode(), "rates.csv")
    assert [Decimal(r["rate"]) for r in desk.raw(result, "fx_rates")] == [
        Decimal("1432.250000000001")
    ]
    assert [(line, code) for line, _, _, code in desk.quarantine(result)] == [
        (3, "CURRENCY_UNKNOWN"), (4, "RATE_INVALID"), (5, "RATE_INVALID"), (6, "RATE_INVALID"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a line is short", HISTORY + "2026-10-28,1.08,\n", "ECB_INVALID"),
        ("no such day", HISTORY.replace("10-29", "02-30"), "ECB_INVALID"),
        ("one currency twice", HISTORY.replace("JPY", "USD"), "ECB_INVALID"),
        ("told in two ways", HISTORY + "2026-10-30,1.0877,N/A,N/A,N/A,\n", "ECB_INVALID"),
        ("two ways in cubes", XML.replace("'JPY'", "'USD'"), "ECB_INVALID"),
        ("no day at all", XML.replace("time='2026-11-03'", ""), "ECB_INVALID"),
        ("no currency", XML.replace("currency='USD' ", ""), "ECB_INVALID"),
        ("entities", XML.replace("<gesmes:Env", "<!DOCTYPE a><gesmes:Env", 1), "XML_FORBIDDEN"),
    ],
)
def test_what_is_no_table_of_rates_is_rejected(desk: Desk, name: str, text: str, code: str) -> None:
    result = desk.land("fx", text.encode(), f"{name}.txt")
    assert (result.state, result.code) == ("rejected", code)


def test_the_same_rate_told_twice_is_one(desk: Desk) -> None:
    again = HISTORY + "2026-10-30,1.08760,163.94,N/A,N/A,\n"
    state, _, found = rates(desk, again.encode(), "eurofxref-hist-90d.csv")
    assert (state, found) == ("landed", OF_HISTORY)


def test_a_history_cut_within_a_rate_is_held(desk: Desk) -> None:
    cut = "Date,JPY,USD,\n2026-09-30,163.94,1.0"
    result = desk.land("fx", cut.encode(), "eurofxref-hist-90d.csv")
    assert (result.state, result.code) == ("held", "FILE_TRUNCATED_SUSPECT")

"""Adyen's settlement details at the door: batches, damaged ids, column sets."""

from __future__ import annotations

import csv
import io

import pytest

from ingestion.landing.land import LandingResult
from tests.python.ingestion.conftest import Desk

ROW = {
    "Merchant Account": "Shop",
    "Psp Reference": "P1",
    "Merchant Reference": "O1",
    "Creation Date": "2026-10-05 10:25:36",
    "TimeZone": "CEST",
    "Type": "Settled",
    "Modification Reference": "M1",
    "Net Currency": "EUR",
    "Net Debit (NC)": "",
    "Net Credit (NC)": "98.60",
    "Markup (NC)": "1.40",
    "Batch Number": "7",
}
PAYOUT = {
    "Psp Reference": "",
    "Merchant Reference": "",
    "Type": "MerchantPayout",
    "Modification Reference": "TX7XT batch 7",
    "Net Debit (NC)": "98.60",
    "Net Credit (NC)": "",
    "Markup (NC)": "",
}


def details(*changes: dict[str, str]) -> bytes:
    """A settlement file with one row for each set of changed cells."""
    out = io.StringIO()
    rows = [{**ROW, **change} for change in changes]
    writer = csv.DictWriter(out, list(dict.fromkeys(n for r in rows for n in r)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def land(desk: Desk, *changes: dict[str, str]) -> LandingResult:
    """Lands such a file."""
    return desk.land("adyen", details(*changes), "settlement_detail_report_batch_7.csv")


def test_a_batch_that_ties_lands_with_its_total(desk: Desk) -> None:
    result = land(desk, {}, PAYOUT)
    assert (result.state, result.landed_rows) == ("landed", 2)
    totals = desk.warehouse.rows(
        "select scope, currency, declared, found from ops.control_totals where document_id = $1",
        [result.document_id],
    )
    found = [
        (t["scope"], t["currency"], f"{t['declared']:.2f}", f"{t['found']:.2f}") for t in totals
    ]
    assert found == [("batch Shop 7", "EUR", "98.60", "98.60")]


@pytest.mark.parametrize(
    "rows",
    [
        ({}, {**PAYOUT, "Net Debit (NC)": "98.61"}),
        ({}, {}, PAYOUT),
        (PAYOUT,),
        ({}, {**PAYOUT, "Net Currency": "USD"}),
        ({}, {**PAYOUT, "Batch Number": "8"}),
        ({}, {**PAYOUT, "Merchant Account": "Other"}),
    ],
)
def test_a_batch_that_does_not_tie_is_held(desk: Desk, rows: tuple[dict[str, str], ...]) -> None:
    result = land(desk, *rows)
    assert (result.state, result.code) == ("held", "CONTROL_TOTAL_MISMATCH")


def test_currencies_and_accounts_tie_apart(desk: Desk) -> None:
    dollars = {"Net Currency": "USD", "Net Credit (NC)": "5.00", "Psp Reference": "P2"}
    other = {"Merchant Account": "Other", "Net Credit (NC)": "2.00", "Psp Reference": "P3"}
    result = land(
        desk,
        {},
        dollars,
        other,
        PAYOUT,
        {**PAYOUT, "Net Currency": "USD", "Net Debit (NC)": "5.00"},
        {**PAYOUT, "Merchant Account": "Other", "Net Debit (NC)": "2.00"},
    )
    assert (result.state, result.code) == ("landed", None)


def test_a_refused_row_counts_in_its_batch(desk: Desk) -> None:
    broken = {"Psp Reference": "P9", "Net Credit (NC)": "5.00", "Creation Date": "yesterday"}
    tied = land(desk, {}, broken, {**PAYOUT, "Net Debit (NC)": "103.60"})
    assert (tied.state, tied.quarantined_rows) == ("landed", 1)
    cut = land(desk, {}, broken, {**PAYOUT, "Net Debit (NC)": "98.60"})
    assert (cut.state, cut.code) == ("held", "CONTROL_TOTAL_MISMATCH")


def test_a_batch_that_nothing_closes_declares_nothing(desk: Desk) -> None:
    result = land(desk, {"Merchant Reference": "open batch"})
    assert (result.state, result.code) == ("landed", None)


@pytest.mark.parametrize("column", ["Psp Reference", "Modification Reference", "ARN"])
@pytest.mark.parametrize("damaged", ["1.23E+22", "1,23E+22", "7E+15"])
def test_an_id_that_a_spreadsheet_damaged_is_refused(desk: Desk, column: str, damaged: str) -> None:
    result = land(desk, {column: damaged, "Merchant Reference": f"{column}{damaged}"})
    assert [(f.code, f.column_name) for f in result.faults] == [("ID_PRECISION_LOST", column)]


@pytest.mark.parametrize("whole", ["123E22", "1.23", "E+22", "74537604221222132146500"])
def test_ids_that_only_look_a_little_like_it_land(desk: Desk, whole: str) -> None:
    result = land(desk, {"ARN": whole})
    assert result.quarantined_rows == 0


def test_the_same_batch_again_is_a_duplicate_and_a_header_twice_is_refused(desk: Desk) -> None:
    rows: tuple[dict[str, str], ...] = ({"Merchant Reference": "again"},)
    assert [land(desk, *rows).state for _ in range(2)] == ["landed", "duplicate"]
    twice = details({}).replace(b"TimeZone", b"Type", 1)
    assert desk.land("adyen", twice).code == "HEADER_DUPLICATE"


def test_amounts_have_the_scale_of_their_own_currency(desk: Desk) -> None:
    yen = {"Net Currency": "JPY", "Net Credit (NC)": "1470", "Markup (NC)": "30"}
    assert land(desk, yen).quarantined_rows == 0
    result = land(desk, {**yen, "Net Credit (NC)": "1470.50"})
    assert [(f.code, f.column_name) for f in result.faults] == [("MINOR_UNIT", "Net Credit (NC)")]

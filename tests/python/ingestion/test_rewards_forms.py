"""The rewards workbook as CSV and Parquet: what a data frame writes lands to the cent."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest

from tests.python.ingestion.conftest import Desk

EVENTS = pd.DataFrame(
    {
        "TRANS_ID": [3, 2, 1],
        "TCTYPE": ["spent", "earned", "earned"],
        "CREATEDAT": pd.to_datetime(
            ["2026-10-03 00:00:00", "2026-10-02 10:00:00", "2026-10-01 09:30:00"]
        ),
        "EXPIREDAT": pd.to_datetime([None, "2026-11-01", "2026-11-01"]),
        "CUSTOMERID": [7, 7, 7],
        "ORDERID": [39061923.0, None, None],
        "AMOUNT": [-16.07, 14.23, 1.84],
        "REASON": [None, "Refund", "Refund"],
    }
)
RAW = "thrive_cash_transactions"


def as_csv(frame: pd.DataFrame) -> bytes:
    """What to_csv writes."""
    return frame.to_csv(index=False).encode()


def as_parquet(frame: pd.DataFrame) -> bytes:
    """What to_parquet writes: amounts and holed ids are binary fractions."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


FORMS = pytest.mark.parametrize(("ending", "write"), [("csv", as_csv), ("parquet", as_parquet)])
Write = Callable[[pd.DataFrame], bytes]


@FORMS
def test_a_data_frame_lands_to_the_cent(desk: Desk, ending: str, write: Write) -> None:
    result = desk.land("thrive_cash", write(EVENTS), f"tc_data.{ending}")
    assert (result.state, result.landed_rows, result.quarantined_rows) == ("landed", 3, 0)
    rows = desk.raw(result, RAW)
    assert [Decimal(row["amount"]) for row in rows] == [
        Decimal("-16.07"),
        Decimal("14.23"),
        Decimal("1.84"),
    ]
    assert [row["createdat"][:19] for row in rows] == [
        "2026-10-03 00:00:00",
        "2026-10-02 10:00:00",
        "2026-10-01 09:30:00",
    ]
    assert [row["orderid"] or "" for row in rows][1:] == ["", ""]
    assert rows[0]["orderid"] in ("39061923", "39061923.0")  # staging drops the fraction


def test_each_sheet_is_known_by_its_columns(desk: Desk) -> None:
    sales = b"ORDERID,CUSTOMERID,PREDISCOUNTGROSSPRODUCTSALES,ORDERWEIGHT\n1,7,147.42,8.0\n"
    people = b"CUSTOMERID,EMAIL,FIRSTNAME,BILLINGPOSTCODE\n7,a@b.example,Ada,10115\n"
    landed = [desk.land("thrive_cash", content, "file.csv") for content in (sales, people)]
    assert [desk.count(f"raw.thrive_cash_{t}") for t in ("sales", "customers")] == [1, 1]
    assert [result.state for result in landed] == ["landed", "landed"]


@FORMS
def test_a_number_that_is_no_amount_of_cents_is_refused(
    desk: Desk, ending: str, write: Write
) -> None:
    """The control of the shortest decimal: nothing is rounded to make it fit."""
    tail = EVENTS.assign(AMOUNT=[-16.07, 0.1 + 0.2, float("nan")], TRANS_ID=[6, 5, 4])
    result = desk.land("thrive_cash", write(tail), f"tail.{ending}")
    assert [row[3] for row in desk.quarantine(result)] == ["SCALE_TOO_FINE", "AMOUNT_MISSING"]
    assert result.landed_rows == 1


def test_own_books_still_refuse_binary_fractions(desk: Desk) -> None:
    frame = pd.DataFrame({"transaction_id": ["1"], "processor_name": ["x"], "amount": [1.5]})
    for column in ("currency", "status", "merchant_id", "transaction_date", "reference_number"):
        frame[column] = "x"
    frame["fee"] = "0"
    result = desk.land("internal", as_parquet(frame), "books.parquet")
    assert (result.state, result.code) == ("rejected", "FLOAT_AMOUNT")

"""No cell of an export is a formula, and no number is anything but a number."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from delivery import csv_export
from delivery.csv_export import cell, defused, write_csv

HOSTILE = [
    '=HYPERLINK("http://evil.example","Refund")',
    "+1+1",
    "-10% autumn voucher",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "＝1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_j2_text_that_starts_a_formula_gets_a_leading_quote(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["KW-5001", "Cups & saucers", "", "a=b", "'quoted", 'Ä, "b"'])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_j2_numbers_stay_numbers_below_zero_too() -> None:
    assert cell(Decimal("-12.50")) == "-12.50"
    assert cell(-7) == "-7"
    assert cell(Decimal("1E+3")) == "1000"
    assert cell(Decimal("0.000")) == "0.000"


def test_other_values_have_one_form() -> None:
    assert cell(None) == ""
    assert cell(True) == "true"
    assert cell(date(2026, 10, 1)) == "2026-10-01"
    assert cell(datetime(2026, 10, 1, 9, 5)) == "2026-10-01 09:05:00"


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="float in an export"):
        cell(0.1)


def test_a_file_comes_back_as_it_went(tmp_path: Path) -> None:
    rows = [{"text": text, "amount": Decimal("-1.10")} for text in ['Ä, "b"\nc', *HOSTILE]]
    assert write_csv(tmp_path / "x.csv", ["text", "amount"], rows) == len(rows)
    content = (tmp_path / "x.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel takes a file without a mark for Latin-1"
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as handle:
        back = list(csv.DictReader(handle))
    assert [row["text"] for row in back] == [defused(str(row["text"])) for row in rows]
    assert {row["amount"] for row in back} == {"-1.10"}


def test_without_the_guard_a_formula_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_export, "defused", str)
    assert cell(HOSTILE[0]).startswith("=")

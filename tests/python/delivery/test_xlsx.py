"""The workbook as others open it: ids stay text, no cell is a formula, amounts are exact."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import fastexcel
import openpyxl
import pytest

from delivery import xlsx
from delivery.xlsx import Column, Sheet, write_workbook

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "<b>&amp;</b>", '"quoted"')
COLUMNS = (
    Column("id", "ID"),
    Column("currency", "CURRENCY"),
    Column("amount", "AMOUNT", "money"),
    Column("share", "SHARE", "share"),
    Column("count", "COUNT", "whole"),
    Column("day", "DAY", "day"),
    Column("moment", "MOMENT", "moment"),
    Column("flag", "FLAG", "flag"),
)
PLACES = {"EUR": 2, "JPY": 0, "KWD": 3}


def row(**changes: Any) -> dict[str, Any]:
    return {**dict.fromkeys(column.name for column in COLUMNS), "currency": "EUR", **changes}


def written(file: Path, *rows: dict[str, Any], columns: tuple[Column, ...] = COLUMNS) -> Path:
    write_workbook(file, [Sheet("Rows", columns, rows)], PLACES)
    return file


def cells(file: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(file)["Rows"]
    return [list(line) for line in sheet.iter_rows(min_row=2)]


def test_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    ids = ("0017", "1234567890123456789", "1E5", "2023-04", "16161481.0")
    found = cells(written(tmp_path / "a.xlsx", *(row(id=name) for name in ids)))
    assert [line[0].value for line in found] == list(ids)
    assert {line[0].data_type for line in found} == {"s"}
    assert {line[0].number_format for line in found} == {"@"}


def test_what_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    found = cells(written(tmp_path / "a.xlsx", *(row(id=text) for text in HOSTILE)))
    assert [line[0].value for line in found] == list(HOSTILE)
    assert {line[0].data_type for line in found} == {"s"}
    marked = [line[0].style_id for line in found if line[0].quotePrefix]
    assert len(marked) == 6, "Excel's own mark for text, so that editing the cell keeps it text"


def test_the_control_a_formula_written_by_another_hand_is_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Rows"  # type: ignore[union-attr]
    book.active.append(["ID"])  # type: ignore[union-attr]
    book.active.append(["=1+1"])  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    assert cells(tmp_path / "a.xlsx")[0][0].data_type == "f"


def test_text_that_xml_cannot_hold_comes_back(tmp_path: Path) -> None:
    texts = ("a\x00b\x1f", "line\nbreak\r\n", "_x0041_ is not A", "😀 ü 日本", " kept ")
    file = written(tmp_path / "a.xlsx", *(row(id=text) for text in texts), row(id="x" * 40_000))
    found = fastexcel.read_excel(file).load_sheet("Rows").to_arrow().to_pydict()["ID"]
    assert found[1:5] == list(texts[1:])
    assert found[0].startswith("a")
    assert len(found[5]) == 32_767


def test_amounts_are_exact_in_the_places_of_their_currency(tmp_path: Path) -> None:
    file = written(
        tmp_path / "a.xlsx",
        row(amount=Decimal("1234.50")),
        row(amount=Decimal("-4800"), currency="JPY"),
        row(amount=Decimal("12.345"), currency="KWD"),
        row(amount=Decimal("12345678901234.56")),
        row(share=Decimal("0.015504"), count=7, flag=True),
    )
    raw = ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    for text in ("<v>1234.50</v>", "<v>-4800</v>", "<v>12.345</v>"):
        assert text in raw
    found = cells(file)
    formats = [line[2].number_format for line in found[:3]]
    assert formats == ["#,##0.00", "#,##0", "#,##0.000"]
    assert found[3][2].value == "12345678901234.56", "more digits than Excel keeps are text"
    assert [found[4][n].value for n in (3, 4, 7)] == [0.015504, 7, True]
    assert found[4][3].number_format == "0.00%"


def test_days_and_moments_are_what_they_are(tmp_path: Path) -> None:
    moments = (datetime(2023, 2, 20, 18, 37, 11), datetime(1900, 3, 1), datetime(9999, 12, 31, 23))
    found = cells(
        written(
            tmp_path / "a.xlsx",
            *(row(day=moment.date(), moment=moment) for moment in moments),
            row(day=date(1850, 1, 1)),
        )
    )
    assert [line[5].value.date() for line in found[:3]] == [moment.date() for moment in moments]
    assert [line[6].value for line in found[:3]] == list(moments)
    assert found[3][5].value == "1850-01-01"


def test_a_float_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="a float in a workbook"):
        written(tmp_path / "a.xlsx", row(amount=0.1))


def test_rows_beyond_excels_limit_go_on_in_another_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "ROWS_OF_A_SHEET", 3)
    file = written(tmp_path / "a.xlsx", *(row(id=str(n)) for n in range(5)))
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Rows", "Rows (2)", "Rows (3)"]
    found = [cell.value for sheet in book for (cell,) in sheet.iter_rows(min_row=2, max_col=1)]
    assert found == [str(n) for n in range(5)]
    assert {sheet["A1"].value for sheet in book} == {"ID"}


def test_columns_beyond_z_have_two_letters(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{n}", f"C{n}") for n in range(60))
    file = written(
        tmp_path / "a.xlsx",
        {"currency": "EUR", **{column.name: column.title for column in columns}},
        columns=columns,
    )
    found = cells(file)[0]
    assert [cell.value for cell in found] == [column.title for column in columns]
    assert found[-1].coordinate == "BH2"


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [row(id=f"{n}", amount=Decimal(n), moment=datetime(2026, 1, 1)) for n in range(50)]
    files = [written(tmp_path / name, *rows) for name in ("a.xlsx", "b.xlsx")]
    assert len({hashlib.sha256(file.read_bytes()).digest() for file in files}) == 1
    other = written(tmp_path / "c.xlsx", *rows[:-1], row(id="49", amount=Decimal("49.01")))
    assert other.read_bytes() != files[0].read_bytes()

"""Sources a deployment declares by a manifest: read as declared, and refused where it is not so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.python.ingestion.declared import (
    HEADER,
    PROCESSOR,
    Declared,
    declared_in,
    faults,
    lines,
)


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Declared]:
    with declared_in(tmp_path_factory.mktemp("declared")) as made:
        yield made


def test_cells_land_in_plain_text_and_as_they_came(declared: Declared) -> None:
    result = declared.land(PROCESSOR, lines("A1;05.10.2026;-1.234,50"))
    (row,) = declared.rows(result)
    assert (row["amount"], row["transaction_date"]) == ("-1234.50", "2026-10-05")
    assert (row["currency"], row["processor_name"]) == ("EUR", result.source)
    assert row["_extra"] == '{"No":"A1","Day":"05.10.2026","Amount":"-1.234,50"}'


def test_what_is_not_spelled_so_is_refused_by_line_and_column(declared: Declared) -> None:
    content = lines(
        "A1;05.10.2026;1234.50",
        "A2;2026-10-05;1,00",
        "A3;31.02.2026;1,00",
        "A4;05.10.2026;",
        ";05.10.2026;1,00",
        "A6;05.10.2026;1,00",
    )
    result = declared.land(PROCESSOR, content)
    assert sorted(faults(result)) == [
        (2, "AMOUNT_NOT_DECIMAL", "Amount"),
        (3, "DATE_INVALID", "Day"),
        (4, "DATE_INVALID", "Day"),
        (5, "AMOUNT_MISSING", "Amount"),
        (6, "KEY_MISSING", "No"),
    ]
    assert [row["transaction_id"] for row in declared.rows(result)] == ["A6"]
    assert "1234.50" in result.faults[0].describe("file.csv")


def test_a_point_amount_is_read_only_where_the_point_is_declared(declared: Declared) -> None:
    manifest = PROCESSOR.replace('decimal: ",", group: "."', 'decimal: ".", group: ","')
    result = declared.land(manifest, lines("A1;05.10.2026;1234.50"))
    assert declared.rows(result)[0]["amount"] == "1234.50"


@pytest.mark.parametrize(
    ("amount", "row", "plain"),
    [
        ("{column: Amount, flip: true}", "A1;05.10.2026;5,00", "-5.00"),
        ("{column: Amount, unit: minor}", "A1;05.10.2026;1205", "12.05"),
        ("{column: Amount, unit: hundredths}", "A1;05.10.2026;-5", "-0.05"),
    ],
)
def test_units_and_signs(declared: Declared, amount: str, row: str, plain: str) -> None:
    manifest = PROCESSOR.replace("amount: Amount", f"amount: {amount}")
    assert declared.rows(declared.land(manifest, lines(row)))[0]["amount"] == plain


@pytest.mark.parametrize(
    ("currency", "sent", "unit", "plain"),
    [
        ("JPY", "1500", "minor", "1500"),
        ("KWD", "1500", "minor", "1.500"),
        ("EUR", "1500", "minor", "15.00"),
        ("JPY", "1500", "hundredths", "15.00"),
    ],
)
def test_minor_units_are_the_currencys(
    declared: Declared, currency: str, sent: str, unit: str, plain: str
) -> None:
    manifest = PROCESSOR.replace("{value: EUR}", "Money").replace(
        "amount: Amount", f"amount: {{column: Amount, unit: {unit}}}"
    )
    content = f"{HEADER};Money\nA1;05.10.2026;{sent};{currency}\n"
    assert declared.rows(declared.land(manifest, content))[0]["amount"] == plain


def test_minor_units_with_a_point_or_finer_than_the_currency_are_refused(
    declared: Declared,
) -> None:
    manifest = PROCESSOR.replace("amount: Amount", "amount: {column: Amount, unit: minor}")
    result = declared.land(manifest, lines("A1;05.10.2026;12,5"))
    assert faults(result) == [(2, "AMOUNT_NOT_INTEGER", "Amount")]
    manifest = manifest.replace("minor", "hundredths").replace("EUR", "JPY")
    result = declared.land(manifest, lines("A1;05.10.2026;1550"))
    assert faults(result) == [(2, "MINOR_UNIT", "Amount")]


TWO = PROCESSOR.replace("amount: Amount", "amount: {debit: Out, credit: In}")


@pytest.mark.parametrize(
    ("out", "into", "plain"),
    [("5,00", "", "-5.00"), ("", "5,00", "5.00"), ("0,00", "7,10", "7.10"), ("-2,00", "", "2.00")],
)
def test_an_amount_in_two_columns(declared: Declared, out: str, into: str, plain: str) -> None:
    content = f"No;Day;Out;In\nA1;05.10.2026;{out};{into}\n"
    assert declared.rows(declared.land(TWO, content))[0]["amount"] == plain


def test_a_debit_with_a_minus_is_declared(declared: Declared) -> None:
    manifest = TWO.replace("credit: In}", "credit: In, debit_is: negative}")
    content = "No;Day;Out;In\nA1;05.10.2026;-5,00;\nA2;05.10.2026;;-3,00\n"
    found = [row["amount"] for row in declared.rows(declared.land(manifest, content))]
    assert found == ["-5.00", "-3.00"]


def test_both_columns_filled_or_none_is_refused(declared: Declared) -> None:
    content = "No;Day;Out;In\nA1;05.10.2026;5,00;6,00\nA2;05.10.2026;;\n"
    result = declared.land(TWO, content)
    assert sorted(f[:2] for f in faults(result)) == [(2, "DEBIT_AND_CREDIT"), (3, "AMOUNT_MISSING")]


WAY = PROCESSOR.replace(
    "amount: Amount",
    "amount: {column: Amount, direction: {column: Way, debit: [S], credit: [H]}}",
)


def test_a_word_says_the_direction(declared: Declared) -> None:
    content = (
        f"{HEADER};Way\nA1;05.10.2026;5,00;S\nA2;05.10.2026;5,00;H\nA3;05.10.2026;-1,00;S\n"
        "A4;05.10.2026;5,00;X\nA5;05.10.2026;5,00;\n"
    )
    result = declared.land(WAY, content)
    assert [row["amount"] for row in declared.rows(result)] == ["-5.00", "5.00", "1.00"]
    assert sorted(faults(result)) == [
        (5, "VALUE_UNKNOWN", "Way"),
        (6, "DIRECTION_MISSING", "Way"),
    ]


def test_other_words_may_have_a_direction_and_a_sign_may_say_nothing(declared: Declared) -> None:
    manifest = WAY.replace("credit: [H]", "otherwise: credit, ignore_sign: true")
    content = f"{HEADER};Way\nA1;05.10.2026;-5,00;S\nA2;05.10.2026;-5,00;whatever\n"
    found = [row["amount"] for row in declared.rows(declared.land(manifest, content))]
    assert found == ["-5.00", "5.00"]


def test_words_are_mapped_and_the_others_marked(declared: Declared) -> None:
    manifest = PROCESSOR + "  event_type: {column: Kind, words: {Sale: charge}}\n"
    content = (
        f"{HEADER};Kind\nA1;05.10.2026;1,00;Sale\nA2;05.10.2026;1,00;charge\nA3;05.10.2026;1,00;\n"
    )
    found = [row["event_type"] for row in declared.rows(declared.land(manifest, content))]
    assert found == ["charge", "(unmapped) charge", None]


AROUND = (
    PROCESSOR.replace('delimiter: ";"', 'delimiter: ";"\nencoding: cp1252')
    + 'header_starts: "No;"\ncomment: "#"\ntotals: [Sum]\n'
    "control: {line: Sum, rows: 2, amount: 3, currency: EUR}\n"
)


def around(total: str = "Sum;2;3,50") -> bytes:
    """A file with a greeting, a comment and a total around its two rows."""
    rows = ("Grüße;;", HEADER, "A1;05.10.2026;1,00", "# neu;;", "A2;05.10.2026;2,50", total)
    return "".join(f"{row}\r\n" for row in rows).encode("cp1252")


def test_lines_around_the_rows_are_left_out_and_every_row_keeps_its_line(
    declared: Declared,
) -> None:
    result = declared.land(AROUND, around())
    assert (result.state, result.landed_rows) == ("landed", 2)
    assert [row["_source_line"] for row in declared.rows(result)] == [3, 5]


@pytest.mark.parametrize("total", ["Sum;3;3,50", "Sum;2;3,51"])
def test_a_total_that_does_not_tie_holds_the_file(declared: Declared, total: str) -> None:
    result = declared.land(AROUND, around(total))
    assert (result.state, result.code) == ("held", "CONTROL_TOTAL_MISMATCH")


@pytest.mark.parametrize("total", ["Sum;two;3,50", "Sum;2", "Total;2;3,50"])
def test_a_total_that_cannot_be_read_rejects_the_file(declared: Declared, total: str) -> None:
    result = declared.land(AROUND, around(total))
    assert (result.state, result.code) == ("rejected", "TRAILER_INVALID")


def test_without_its_encoding_the_file_is_refused(declared: Declared) -> None:
    result = declared.land(AROUND.replace("\nencoding: cp1252", ""), around())
    assert (result.state, result.code) == ("rejected", "ENCODING_INVALID")


def test_a_comment_inside_a_quoted_field_is_no_comment(declared: Declared) -> None:
    manifest = PROCESSOR + '  description: Text\ncomment: "#"\n'
    content = f'{HEADER};Text\nA1;05.10.2026;1,00;"two\n# lines"\nA2;05.10.2026;1,00;one\n'
    found = [row["description"] for row in declared.rows(declared.land(manifest, content))]
    assert found == ["two\n# lines", "one"]


def test_a_file_without_a_header_is_read_by_place(declared: Declared) -> None:
    manifest = PROCESSOR + "header: [No, Day, Amount]\n"
    result = declared.land(manifest, "A1;05.10.2026;1,00\nA2;05.10.2026;2,00\n")
    assert [row["_source_line"] for row in declared.rows(result)] == [1, 2]


def test_a_mapped_column_the_file_lacks_rejects_it(declared: Declared) -> None:
    result = declared.land(PROCESSOR + "  fee: Charge\n", lines("A1;05.10.2026;1,00"))
    assert (result.state, result.code) == ("rejected", "HEADER_MISSING")


def test_a_workbooks_numbers_and_dates_need_no_spelling(declared: Declared, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Bericht"],
        HEADER.split(";"),
        ["A1", "05.10.2026", "1.234,5"],
        ["A2", "05.10.2026", 1.234],
    ):
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    manifest = PROCESSOR.replace('delimiter: ";"', "format: xlsx\nskip_lines: 1")
    result = declared.land(manifest, (tmp_path / "x.xlsx").read_bytes(), "file.xlsx")
    found = {row["transaction_id"]: row["amount"] for row in declared.rows(result)}
    assert found == {"A1": "1234.5"}  # 1.234 euro is finer than a cent, and never 1234
    assert faults(result) == [(4, "MINOR_UNIT", "Amount")]


def test_amounts_of_one_file_add_up_exactly(declared: Declared) -> None:
    rows = [f"B{n};05.10.2026;{n // 100},{n % 100:02}" for n in range(1, 2_001)]
    result = declared.land(PROCESSOR, lines(*rows))
    found = sum(Decimal(row["amount"]) for row in declared.rows(result))
    assert found == Decimal(2_000 * 2_001 // 2) / 100

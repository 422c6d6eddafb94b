"""Sources a deployment declares by a manifest: read as declared, and refused where it is not so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dbt_project.settings import ConfigurationError, Settings, Source
from dbt_project.warehouse import open_warehouse
from ingestion.catalogue import catalogue
from ingestion.known_sources import known_sources, spec_of
from ingestion.landing.land import LandingResult, ensure_schema, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

PROCESSOR = """\
title: Test Pay
delimiter: ";"
numbers: {decimal: ",", group: "."}
dates: [DD.MM.YYYY]
columns:
  transaction_id: No
  transaction_date: Day
  amount: Amount
  currency: {value: EUR}
"""
HEADER = "No;Day;Amount"


class Declared:
    """A deployment whose manifests are written by the test."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self._folder = desk, folder
        self._numbers = iter(range(1_000_000))

    def settings(self, manifest: str, name: str = "test_pay") -> Settings:
        """Settings that know the manifest."""
        path = self._folder / f"{name}_{next(self._numbers)}.yml"
        path.write_text(manifest, encoding="utf-8")
        return self.desk.settings.model_copy(update={"sources": {name: Source(manifest=path)}})

    def land(self, manifest: str, content: str | bytes, file: str = "file.csv") -> LandingResult:
        """Lands a file of a source of its own, so that equal bytes are no duplicates."""
        name = f"test_pay_{next(self._numbers)}"
        data = content.encode() if isinstance(content, str) else content
        path = self.desk.put(file, data)
        return land_file(self.settings(manifest, name), self.desk.warehouse, name, path)

    def rows(self, result: LandingResult) -> list[dict[str, Any]]:
        """What landed of it."""
        return self.desk.raw(result, "generic_transactions")


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Declared]:
    folder = tmp_path_factory.mktemp("declared")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Declared(Desk(settings, warehouse, folder), folder)


def lines(*rows: str) -> str:
    """A file of the manifest above."""
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def faults(result: LandingResult) -> list[tuple[int, str, str | None]]:
    """Line, code and column of what was refused."""
    return [(fault.line, fault.code, fault.column_name) for fault in result.faults]


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


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("transaction_id: No", "transaction_idd: No"), 'ction_idd: .*nearest is "transaction_id"'),
        (("delimiter", "delimitr"), ':2: delimitr: no such key; nearest is "delimiter"'),
        (("amount: Amount", "amount: {column: Amount, flipp: true}"), ':8: columns.amount.flipp: .*"flip"'),
        (("  amount: Amount\n", ""), ":5: columns.amount: must be given"),
        (("dates: [DD.MM.YYYY]\n", ""), r":\d+: columns.transaction_date: say how dates"),
        (("DD.MM.YYYY", "DD.MM.YYYY, MM.DD.YYYY"), "one date would fit two of these"),
        (('group: "."', 'group: ","'), "the same"),
        (("title: Test Pay", "title: a\ntitle: b"), ":2: not readable: title stands twice"),
        (("columns:", "statement: {order: newest_first}\ncolumns:"), ":5: statement: only"),
        (("columns:", "control: {line: Sum, rows: 2}\ncolumns:"), "list them under totals"),
    ],
)  # fmt: skip
def test_a_wrong_manifest_names_file_line_key_and_the_nearest_name(
    declared: Declared, change: tuple[str, str], words: str
) -> None:
    manifest = PROCESSOR.replace(*change)
    assert manifest != PROCESSOR
    settings = declared.settings(manifest)
    with pytest.raises(ConfigurationError, match=words) as error:
        known_sources(settings)
    assert str(settings.sources["test_pay"].manifest) in str(error.value)


def test_a_declared_source_may_not_be_called_like_a_built_in_one(declared: Declared) -> None:
    for name in catalogue():
        with pytest.raises(ConfigurationError, match="built-in"):
            known_sources(declared.settings(PROCESSOR, name))


def test_manifests_are_found_in_their_folder_and_by_name(
    declared: Declared, tmp_path: Path
) -> None:
    (tmp_path / "north_pay.yml").write_text(PROCESSOR)
    settings = declared.settings(PROCESSOR).model_copy(update={"manifests": tmp_path})
    assert set(known_sources(settings)) - set(catalogue()) == {"north_pay", "test_pay"}
    with pytest.raises(ConfigurationError, match="Nearest is north_pay"):
        spec_of(settings, "nort_pay")


def test_a_changed_manifest_is_read_again(declared: Declared, tmp_path: Path) -> None:
    settings = declared.settings(PROCESSOR).model_copy(update={"manifests": tmp_path})
    file = tmp_path / "north_pay.yml"
    file.write_text(PROCESSOR)
    before = spec_of(settings, "north_pay").parser_version
    file.write_text(PROCESSOR.replace("Test Pay", "Another"))
    assert spec_of(settings, "north_pay").parser_version != before


def test_amounts_of_one_file_add_up_exactly(declared: Declared) -> None:
    rows = [f"B{n};05.10.2026;{n // 100},{n % 100:02}" for n in range(1, 2_001)]
    result = declared.land(PROCESSOR, lines(*rows))
    found = sum(Decimal(row["amount"]) for row in declared.rows(result))
    assert found == Decimal(2_000 * 2_001 // 2) / 100

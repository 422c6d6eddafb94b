"""A bank table by a manifest: statements of its days, balances that follow, nothing told twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import Settings, Source
from ingestion.landing.land import LandingResult, land_file, release
from tests.python.ingestion.declared import Declared, declared_in

BANK = """\
title: A bank
target: bank
delimiter: ";"
numbers: {decimal: ",", group: "."}
dates: [DD.MM.YYYY]
columns:
  account: {value: NL18NORD0000012345}
  booking_date: Tag
  amount: Betrag
  currency: {value: EUR}
  remittance: Text
"""
BALANCED = BANK + "  balance: Saldo\n"
HEADER = "Tag;Betrag;Text;Saldo"
OLDEST_FIRST = (
    "05.10.2026;100,00;one;600,00",
    "05.10.2026;-30,00;two;570,00",
    "06.10.2026;-570,00;three;0,00",
    "06.10.2026;-0,50;four;-0,50",
)


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Declared]:
    with declared_in(tmp_path_factory.mktemp("declared_banks")) as made:
        yield made


def lines(*rows: str) -> str:
    """A download of the bank."""
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def entries(declared: Declared, result: LandingResult) -> list[tuple[str, str, str, str]]:
    """Statement, place, direction and amount of every entry, as they follow each other."""
    rows = sorted(
        declared.desk.raw(result, "bank_entries"),
        key=lambda row: (row["statement_id"], int(row["entry_index"])),
    )
    return [(r["statement_id"], r["entry_index"], r["credit_debit"], r["amount"]) for r in rows]


def balances(declared: Declared, result: LandingResult) -> list[tuple[str, str, Decimal]]:
    """Statement, kind and signed amount of every balance."""

    def signed(row: dict[str, Any]) -> Decimal:
        return Decimal(row["amount"]) * (-1 if row["credit_debit"] == "DBIT" else 1)

    rows = declared.desk.raw(result, "bank_balances")
    return sorted((r["statement_id"], r["balance_type"], signed(r)) for r in rows)


BY_DAY = [
    ("2026-10-05/EUR", "1", "CRDT", "100.00"),
    ("2026-10-05/EUR", "2", "DBIT", "30.00"),
    ("2026-10-06/EUR", "1", "DBIT", "570.00"),
    ("2026-10-06/EUR", "2", "DBIT", "0.50"),
]


def test_each_day_is_a_statement_with_its_balances(declared: Declared) -> None:
    result = declared.land(BALANCED, lines(*OLDEST_FIRST))
    assert result.state == "landed"
    assert entries(declared, result) == BY_DAY
    assert balances(declared, result) == [
        ("2026-10-05/EUR", "CLBD", Decimal("570.00")),
        ("2026-10-05/EUR", "OPBD", Decimal("500.00")),
        ("2026-10-06/EUR", "CLBD", Decimal("-0.50")),
        ("2026-10-06/EUR", "OPBD", Decimal("570.00")),
    ]


def test_newest_first_tells_the_same(declared: Declared) -> None:
    manifest = BALANCED.replace("columns:", "statement: {order: newest_first}\ncolumns:")
    result = declared.land(manifest, lines(*reversed(OLDEST_FIRST)))
    assert result.state == "landed"
    assert entries(declared, result) == BY_DAY


def test_the_wrong_order_and_a_missing_row_hold_the_file(declared: Declared) -> None:
    wrong = declared.land(BALANCED, lines(*reversed(OLDEST_FIRST)))
    assert (wrong.state, wrong.code) == ("held", "STATEMENT_UNBALANCED")
    cut = declared.land(BALANCED, lines(OLDEST_FIRST[0], *OLDEST_FIRST[2:]))
    assert (cut.state, cut.code) == ("held", "STATEMENT_UNBALANCED")
    assert "line 3" in (cut.message or "")


def test_a_refused_row_is_a_hole_in_a_statement(declared: Declared) -> None:
    result = declared.land(BANK, lines("05.10.2026;1.0;one;", "05.10.2026;1,00;two;"))
    assert (result.state, result.code) == ("held", "ROWS_REFUSED")
    result = declared.land(BANK, lines("31.02.2026;1,00;one;", "05.10.2026;1,00;two;"))
    assert (result.state, result.code) == ("held", "ROWS_REFUSED")


def test_a_longer_download_names_the_lines_of_the_shorter_alike(declared: Declared) -> None:
    short = declared.land(BALANCED, lines(*OLDEST_FIRST[:2]))
    long = declared.land(BALANCED, lines(*OLDEST_FIRST))
    assert entries(declared, short) == entries(declared, long)[:2]


AROUND = (
    BANK
    + """\
totals: [Anfang, Ende]
statement:
  opening: {line: Anfang, field: 2}
  closing: {line: Ende, field: 2}
"""
)


@pytest.mark.parametrize(("closing", "state"), [("-0,50", "landed"), ("0,50", "held")])
def test_balances_around_the_rows(declared: Declared, closing: str, state: str) -> None:
    content = lines("Anfang;500,00;;", *OLDEST_FIRST, f"Ende;{closing};;")
    result = declared.land(AROUND, content)
    assert result.state == state
    if state == "landed":
        found = balances(declared, result)
        assert [amount for _, _, amount in found] == [
            Decimal(text) for text in ("570.00", "500.00", "-0.50", "570.00")
        ]


def test_a_released_statement_keeps_the_balances_it_was_told(
    declared: Declared, tmp_path: Path
) -> None:
    path = tmp_path / "bank.yml"
    path.write_text(AROUND)
    settings: Settings = declared.desk.settings.model_copy(
        update={"sources": {"held_bank": Source(manifest=path)}}
    )
    content = lines("Anfang;500,00;;", *OLDEST_FIRST, "Ende;1,00;;").encode()
    warehouse = declared.desk.warehouse
    held = land_file(settings, warehouse, "held_bank", declared.desk.put("x.csv", content))
    assert held.state == "held"
    assert release(settings, warehouse, held.document_id).landed_rows == 10


def test_currencies_and_accounts_are_statements_apart(declared: Declared) -> None:
    manifest = BANK.replace("{value: EUR}", "Geld").replace("{value: NL18NORD0000012345}", "Konto")
    rows = ("05.10.2026;1,00;a;;EUR;K1", "05.10.2026;2,00;b;;USD;K1", "05.10.2026;3,00;c;;EUR;K2")
    content = "".join(f"{row}\n" for row in (f"{HEADER};Geld;Konto", *rows))
    result = declared.land(manifest, content)
    found = declared.desk.raw(result, "bank_statements")
    assert {(row["account"], row["statement_id"]) for row in found} == {
        ("K1", "2026-10-05/EUR"),
        ("K1", "2026-10-05/USD"),
        ("K2", "2026-10-05/EUR"),
    }

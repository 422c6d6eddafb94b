"""Published bank files: what their figures are, asked of the landed rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file, release
from tests.python.conformance.foreign import SAMPLES, desk_settings
from tests.python.ingestion.conftest import Desk

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
TOTALS = SAMPLES / "expected_totals.json"
NAMES = sorted(
    name.partition("/")[2]
    for name in (json.loads(TOTALS.read_text()) if TOTALS.exists() else {})
    if name.startswith("mt940/")
)
# Of this file's reversed credits (RC) the counts took the sign of a credit; as the debits they are,
# all of its statements tie.
REVERSALS = "betterplace__sepa_mt9401.sta"
MARKS = "cmxl__mt940.sta"  # German marks, which no amount is in any more


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A deployment that lands the published files."""
    folder = tmp_path_factory.mktemp("banks")
    settings = desk_settings(folder)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


def let_in(desk: Desk, source: str, path: Path) -> LandingResult:
    """Lands a file, and releases it where it is held."""
    result = land_file(desk.settings, desk.warehouse, source, path)
    if result.state == "held":
        return release(desk.settings, desk.warehouse, result.document_id)
    return result


def signed(rows: list[dict[str, Any]]) -> list[Decimal]:
    """Amounts, debits negative."""
    return [Decimal(r["amount"]) * (-1 if r["credit_debit"] == "DBIT" else 1) for r in rows]


TIED = """
select count(*) as statements,
    sum(case when b.opening + coalesce(e.moved, 0) = b.closing then 1 else 0 end) as tied
from (
    select account, statement_id, page_number,
        sum(case when balance_index = '1' then {sign} end) as opening,
        sum(case when balance_index = '2' then {sign} end) as closing
    from raw.bank_balances where _document_id = $1 group by account, statement_id, page_number
) as b left join (
    select account, statement_id, page_number, sum({entry}) as moved
    from raw.bank_entries where _document_id = $1 group by account, statement_id, page_number
) as e on b.account = e.account and b.statement_id = e.statement_id
    and b.page_number is not distinct from e.page_number
"""
SIGN = "case when credit_debit = 'DBIT' then -1 else 1 end * cast(amount as decimal(24, 6))"


def tied(desk: Desk, document: str, entry: str = SIGN) -> tuple[int, int]:
    """How many statements landed, and how many tie by SQL over raw."""
    query = TIED.format(sign=SIGN, entry=entry)
    row = desk.warehouse.rows(query, [document])[0]
    return int(row["statements"]), int(row["tied"])


@pytest.mark.parametrize("name", NAMES)
def test_mt940_figures_are_reproduced_by_sql(bank: Desk, name: str) -> None:
    expected = json.loads(TOTALS.read_text())[f"mt940/{name}"]
    result = let_in(bank, "bank", SAMPLES / "mt940" / name)
    entries = len(bank.raw(result, "bank_entries"))
    if name == MARKS:
        refused = bank.warehouse.rows(
            "select code from ops.quarantine where document_id = $1 and record = 'bank_entries'",
            [result.document_id],
        )
        assert {row["code"] for row in refused} == {"CURRENCY_UNKNOWN"}
        assert entries + len(refused) == expected["transactions"] == 16
        return
    statements, ties = tied(bank, result.document_id)
    assert (statements, entries) == (expected["statements"], expected["transactions"])
    assert expected["statements_with_both_balances"] == expected["statements"]
    if name == REVERSALS:
        as_credit = SIGN.replace(
            "credit_debit = 'DBIT'", "credit_debit = 'DBIT' and is_reversal = 'false'"
        )
        ties = tied(bank, result.document_id, as_credit)[1]
        assert tied(bank, result.document_id) == (26, 26)
    assert ties == expected["statements_that_tie"]


@pytest.mark.parametrize(
    ("file", "amounts", "sums"),
    [
        ("moj_svb_us_example.bai2", ["4901.96", "9058.00"], [138884258, 143145938, 282030196]),
        ("moj_citi_example.bai2", ["0.01"], [20001]),
        ("moj_nwb_example.bai2", ["-9.71", "-1.00", "-1.23", "-15.71", "0.89"], [143764]),
    ],
)
def test_bai2_figures(bank: Desk, file: str, amounts: list[str], sums: list[int]) -> None:
    result = let_in(bank, "bank", SAMPLES / "bai2" / file)
    assert signed(bank.raw(result, "bank_entries")) == [Decimal(amount) for amount in amounts]
    rows = bank.warehouse.rows(
        "select declared, found from ops.control_totals"
        " where document_id = $1 and measure = 'amount' and currency is null",
        [result.document_id],
    )
    assert {int(row["declared"]) for row in rows} == set(sums)
    assert all(row["declared"] == row["found"] for row in rows)


def test_bai2_continues_in_the_middle_of_a_pair(bank: Desk) -> None:
    result = let_in(bank, "bank", SAMPLES / "bai2" / "moov_sample2.txt")
    found = [row["balance_type"] for row in bank.raw(result, "bank_balances")]
    assert found.count("OPBD") == 5
    assert signed(bank.raw(result, "bank_entries")) == [
        Decimal(amount) for amount in ("4500", "5000", "200000", "100000")
    ]


def test_camt_directions_and_kinds(bank: Desk) -> None:
    folder = SAMPLES / "camt052_054"
    kinds = {}
    for file in sorted(folder.glob("*.xml")):
        result = let_in(bank, "bank", file)
        kinds[file.stem] = {row["statement_kind"] for row in bank.raw(result, "bank_statements")}
        assert bank.raw(result, "bank_entries")
    assert kinds == {
        "camt052.v2": {"intraday"},
        "camt052.v8": {"intraday"},
        "camt054.v2": {"notification"},
        "camt054.v8": {"notification"},
    }


def test_ofx_keeps_days_and_amounts_as_written(bank: Desk) -> None:
    result = let_in(bank, "bank", SAMPLES / "bank_csv_ofx_qif" / "oca_test_ofx.ofx")
    rows = bank.raw(result, "bank_entries")
    assert signed(rows) == [Decimal(amount) for amount in ("-80", "-90", "-100", "-90")]
    assert {row["booking_date"] for row in rows} == {"2013-08-24"}
    ends = signed(bank.raw(result, "bank_balances"))
    assert ends == [Decimal("2156.56"), Decimal("-562.00")]


def test_every_control_record_of_nacha_ties(bank: Desk) -> None:
    for file in sorted((SAMPLES / "nacha").glob("*.ach")):
        result = land_file(bank.settings, bank.warehouse, "nacha", file)
        assert result.state == "landed", file.name
    totals = bank.warehouse.rows(
        "select count(*) as n, sum(case when t.declared = t.found then 1 else 0 end) as tied"
        " from ops.control_totals as t inner join ops.documents as d using (document_id)"
        " where d.source = 'nacha'"
    )
    assert totals[0]["n"] == totals[0]["tied"] > 90
    returned = bank.warehouse.rows(
        "select entry_kind, direction, amount, reason_code, original_trace_number"
        " from raw.nacha_entries where entry_kind != 'forward'"
        " order by cast(amount as integer) desc"
    )
    assert [tuple(row.values()) for row in returned] == [
        ("return", "debit", "12354", "R01", "091400600000001"),
        ("return", "credit", "4565", "R03", "091400600000003"),
        ("change", "credit", "0", "C01", "121042880000001"),
    ]

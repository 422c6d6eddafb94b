"""Figures of files other people published, in what landed of them.

They are not part of this repository: the folder ../shared/samples beside the checkout holds them,
and without it these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file, release
from tests.python.conformance.foreign import SAMPLES, desk_settings
from tests.python.ingestion.conftest import Desk

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A deployment that lands whatever can be read, to see what is in it."""
    folder = tmp_path_factory.mktemp("foreign")
    settings = desk_settings(folder)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


def amounts(desk: Desk, file: str, source: str, table: str) -> list[Decimal]:
    """A signed amount for each row of a file that is landed here, or released."""
    path = SAMPLES / file
    result = land_file(desk.settings, desk.warehouse, source, path)
    rows = desk.warehouse.rows(
        f"select * from raw.{table} where _document_id = $1 order by _source_line",
        [result.document_id],
    )
    return [Decimal(row["amount"]) for row in rows]


def test_the_control_totals_of_statements_are_kept(desk: Desk) -> None:
    name = "camt053/oca_test-camt053"
    result = land_file(desk.settings, desk.warehouse, "bank", SAMPLES / name)
    (total,) = desk.warehouse.rows(
        "select declared, found from ops.control_totals where document_id = $1",
        [result.document_id],
    )
    # 15568.27 - 754.25 - 564.05 - 100.00 + 1405.31, as the file's entries say
    assert total == {"declared": Decimal("15121.12"), "found": Decimal("15555.28")}


def test_the_row_that_breaks_net_is_the_one_refused(desk: Desk) -> None:
    name = "stripe_report_csv/settlement_report.csv"
    result = land_file(desk.settings, desk.warehouse, "stripe", SAMPLES / name)
    assert desk.quarantine(result) == [(8, 16, "net", "NET_MISMATCH")]


def test_reward_amounts_are_exact(desk: Desk) -> None:
    found = amounts(desk, "thrive_cash/tc_raw_data.xlsx", "thrive_cash", "thrive_cash_transactions")
    assert found[0] == Decimal("-16.07")
    assert found[1] + found[2] + found[3] == Decimal("16.07")
    assert sum(found) == Decimal("0.00")


def test_a_statement_without_entries_ties(desk: Desk) -> None:
    name = "camt053/oca_test-camt053-no-ntry"
    result = land_file(desk.settings, desk.warehouse, "bank", SAMPLES / name)
    (total,) = desk.warehouse.rows(
        "select declared, found from ops.control_totals where document_id = $1",
        [result.document_id],
    )
    assert total["declared"] == total["found"] == Decimal("1520.76")


def test_directions_and_batches_of_a_released_statement(desk: Desk) -> None:
    name = "camt053/oca_test-camt053"
    held = land_file(desk.settings, desk.warehouse, "bank", SAMPLES / name)
    if held.state == "held":
        release(desk.settings, desk.warehouse, held.document_id)
    found = [
        [signed(row) for row in desk.raw(held, table)]
        for table in ("bank_entries", "bank_entry_details")
    ]
    assert found[0] == [Decimal("-754.25"), Decimal("-664.05"), Decimal("1405.31")]
    known = [Decimal("754.25"), Decimal("564.05"), Decimal("100.00"), Decimal("1405.31")]
    assert [abs(amount) for amount in found[1]] == known


def signed(row: dict[str, Any]) -> Decimal:
    """Credit positive, debit negative."""
    amount = Decimal(row["amount"])
    return -amount if row["credit_debit"] == "DBIT" else amount

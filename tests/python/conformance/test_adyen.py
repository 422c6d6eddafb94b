"""Adyen's report files as published by others: each lands or is held for what is cut out of it, and
the landed rows give the totals that were worked out from the raw bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file, release
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
ACCOUNTING = {
    "payments_accounting_report_chargeback.csv": ("landed", None, 1),
    "payments_accounting_report_gravy_chargeback.csv": ("rejected", "HEADER_DUPLICATE", 0),
    "payments_accounting_report_nyce.csv": ("landed", None, 4),
}


def expected() -> dict[str, Any]:
    """The totals of every settlement file."""
    if not SAMPLES.is_dir():
        return {}
    totals = json.loads((SAMPLES / "expected_totals.json").read_text())
    return {Path(k).name: v for k, v in totals.items() if k.startswith("adyen_settlement/")}


EXPECTED = expected()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("adyen")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


def landed(desk: Desk, file: str) -> str:
    """The document of a file, released when it is held."""
    path = SAMPLES / "adyen_settlement" / file
    result = land_file(desk.settings, desk.warehouse, "adyen", path)
    if result.state == "held":
        release(desk.settings, desk.warehouse, result.document_id)
    return result.document_id


@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_a_batch_that_ties_lands_and_one_that_does_not_is_held(desk: Desk, file: str) -> None:
    path = SAMPLES / "adyen_settlement" / file
    result = land_file(desk.settings, desk.warehouse, "adyen", path)
    ties = all(EXPECTED[file]["ties"].values())
    wanted = ("landed", None) if ties else ("held", "CONTROL_TOTAL_MISMATCH")
    assert (result.state, result.code) == wanted


@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_the_rows_give_the_totals_of_the_bytes(desk: Desk, file: str) -> None:
    found = desk.warehouse.rows(
        "select type, net_currency, cast(coalesce(net_credit, '0') as decimal(18, 4))"
        " - cast(coalesce(net_debit, '0') as decimal(18, 4)) as net"
        " from raw.adyen_settlement_details where _document_id = $1",
        [landed(desk, file)],
    )
    wanted = EXPECTED[file]
    assert len(found) == wanted["rows"]
    kinds: dict[str, int] = {}
    moved: dict[str, Decimal] = {}
    paid: dict[str, Decimal] = {}
    for row in found:
        kinds[row["type"]] = kinds.get(row["type"], 0) + 1
        into = paid if row["type"] == "MerchantPayout" else moved
        into[row["net_currency"]] = into.get(row["net_currency"], Decimal(0)) + row["net"]
    assert kinds == wanted["types"]
    assert moved == {name: Decimal(text) for name, text in wanted["net_movements"].items()}
    assert paid == {name: -Decimal(text) for name, text in wanted["payout"].items()}


def test_reordered_columns_land_as_the_usual_ones(desk: Desk) -> None:
    names = "psp_reference, type, net_currency, net_debit, net_credit, scheme_fees, interchange"
    rows = [
        desk.warehouse.rows(
            f"select {names} from raw.adyen_settlement_details where _document_id = $1"
            " order by type",
            [landed(desk, f"settlement_detail_report_donation{ending}.csv")],
        )
        for ending in ("", "_reordered")
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("file", sorted(ACCOUNTING))
def test_payments_accounting(desk: Desk, file: str) -> None:
    path = SAMPLES / "adyen_payments_accounting" / file
    result = land_file(desk.settings, desk.warehouse, "adyen", path)
    assert (result.state, result.code, result.landed_rows) == ACCOUNTING[file]


def test_no_file_is_forgotten() -> None:
    folders = {"adyen_settlement": set(EXPECTED), "adyen_payments_accounting": set(ACCOUNTING)}
    for folder, known in folders.items():
        assert {path.name for path in (SAMPLES / folder).iterdir()} == known

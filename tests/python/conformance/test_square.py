"""Square's published answers: those with money land, the others are refused; amounts are exact."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples" / "square_api"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
WITHOUT_MONEY = ("Evidence", "PaymentLink")
TABLES = {
    "Dispute": "square_disputes",
    "Refund": "square_refunds",
    "PayoutEntries": "square_payout_entries",
    "Payout": "square_payouts",
    "Payment": "square_payments",
}
TWO_ROWS = ("ListDisputes", "ListPayoutEntries", "ListPayouts")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("square")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


def files() -> list[str]:
    """Every answer, by its name."""
    return sorted(path.stem for path in SAMPLES.glob("*.json")) if SAMPLES.is_dir() else []


def land(desk: Desk, name: str) -> LandingResult:
    """Lands an answer."""
    return land_file(desk.settings, desk.warehouse, "square", SAMPLES / f"{name}.json")


def test_there_are_as_many_as_were_published() -> None:
    assert len(files()) == 29


@pytest.mark.parametrize("name", files())
def test_answer(desk: Desk, name: str) -> None:
    result = land(desk, name)
    if any(word in name for word in WITHOUT_MONEY):
        assert (result.state, result.code) == ("rejected", "FILE_TYPE")
        return
    assert result.state in ("landed", "duplicate")  # some answers are the same bytes
    table = next(table for word, table in TABLES.items() if word in name)
    rows = desk.raw(result, table)
    assert len(rows) == (2 if name.startswith(TWO_ROWS) else 1)


@pytest.mark.parametrize(
    ("name", "table", "values"),
    [
        ("ListPaymentsResponse", "square_payments", [("555", "34", "USD")]),
        ("ListPaymentRefundsResponse", "square_refunds", [("555", "-34", "USD")]),
    ],
)
def test_amounts_and_fees(
    desk: Desk, name: str, table: str, values: list[tuple[str, str, str]]
) -> None:
    rows = desk.raw(land(desk, name), table)
    amount = "total_amount" if table == "square_payments" else "amount"
    assert [(row[amount], row["fee_1"], row["currency"]) for row in rows] == values


def test_entries_are_gross_less_fee_and_a_payout_may_be_negative(desk: Desk) -> None:
    entries = desk.raw(land(desk, "ListPayoutEntriesResponse"), "square_payout_entries")
    found = [(Decimal(e["gross_amount"]), Decimal(e["fee_amount"])) for e in entries]
    assert found == [(Decimal(-50), Decimal(-2)), (Decimal(100), Decimal(19))]
    assert sum(Decimal(entry["net_amount"]) for entry in entries) == Decimal(33)
    payouts = desk.raw(land(desk, "ListPayoutsResponse"), "square_payouts")
    assert [(payout["amount"], payout["currency"]) for payout in payouts] == [
        ("6259", "USD"),
        ("-103", "USD"),
    ]


def test_a_terminals_request_says_that_it_is_one(desk: Desk) -> None:
    (row,) = desk.raw(land(desk, "CreateTerminalRefundResponse"), "square_refunds")
    assert row["device_id"] is not None
    (row,) = desk.raw(land(desk, "GetPaymentRefundResponse"), "square_refunds")
    assert row["device_id"] is None

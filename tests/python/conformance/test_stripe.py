"""Stripe's published files and objects: what lands, and that units, signs and states come out.

Skipped without the folder ../shared/samples beside the checkout.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
KINDS = {"balance_transaction", "charge", "refund", "dispute", "payout"}
FOLDERS = ("stripe_api", "stripe_report_csv", "stripe_tables_fivetran")


@pytest.fixture(scope="module")
def results() -> dict[str, LandingResult]:
    """What became of each file."""
    return {}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, results: dict[str, LandingResult]
) -> Iterator[Desk]:
    """Every file landed, and the transactions made of them."""
    folder = tmp_path_factory.mktemp("stripe")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for name in FOLDERS:
            for path in sorted((SAMPLES / name).iterdir()):
                results[path.name] = land_file(settings, warehouse, "stripe", path)
    words = ["build", "--exclude-resource-type", "test", "unit_test", "--select", "+transactions"]
    built = run_dbt(settings, words)
    assert built.succeeded, built.output[-2000:]
    with open_warehouse(settings) as warehouse:
        yield Desk(settings, warehouse, folder)


def test_objects_of_money_land_and_the_others_say_what_they_are(
    desk: Desk, results: dict[str, LandingResult]
) -> None:
    objects = {name.removesuffix(".json"): r for name, r in results.items() if "json" in name}
    landed = {name for name, result in objects.items() if result.landed_rows}
    assert landed == KINDS
    others = {name: result for name, result in objects.items() if name not in KINDS}
    assert {result.state for result in others.values()} == {"landed"}
    assert all("OBJECT_NOT_NEEDED" in str(result.message) for result in others.values())


def test_tables_of_a_warehouse_are_no_reports(results: dict[str, LandingResult]) -> None:
    tables = {n: r.code for n, r in results.items() if n.endswith("_data.csv")}
    assert len(tables) == 11
    assert set(tables.values()) == {"HEADER_MISSING"}


def test_the_object_is_money_in_its_own_unit(desk: Desk) -> None:
    (row,) = desk.warehouse.rows(
        "select * from marts.transactions where native_id = 'txn_1PgaxNB7WZ01zgkWEV3TLf40'"
    )
    assert (row["amount"], row["fee"], row["currency"]) == (Decimal(1), Decimal(0), "USD")
    assert (row["event_type"], row["status"]) == ("charge", "settled")
    assert str(row["occurred_at"]) == "2009-02-13 23:31:30"


def test_objects_without_a_movement_move_nothing(desk: Desk) -> None:
    rows = desk.warehouse.rows(
        "select native_id from marts.transactions where source = 'stripe' order by native_id"
    )
    reported = ["txn_001", "txn_003", "txn_101", "txn_102", "txn_14G11HjHgubIH9ZvbPgYO7"]
    reported += ["txn_14G11HjubSIHf9IKrvJdwN", "txn_1PgaxNB7WZ01zgkWEV3TLf40", "txn_1Tj9xrJ"]
    reported += ["txn_fee_01", "txn_fee_03", "txn_rfnd_002"]
    assert [row["native_id"] for row in rows] == reported


def test_a_dispute_takes_its_fee_too(desk: Desk) -> None:
    (row,) = desk.warehouse.rows(
        "select amount, fee, net, event_type, reference from marts.transactions"
        " where native_id = 'txn_102'"
    )
    assert row == {
        "amount": Decimal("-30.00"),
        "fee": Decimal("15.00"),
        "net": Decimal("-45.00"),
        "event_type": "chargeback",
        "reference": "24315.2",
    }


def test_nothing_of_the_payer_is_in_the_charge(desk: Desk) -> None:
    (row,) = desk.warehouse.rows("select * from raw.stripe_api_charges")
    assert "Jenny" not in str(row)
    assert '"last4": "4242"' in row["_extra"]

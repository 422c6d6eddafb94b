"""Disputes in files published by others: what answers them lands, and every word has a stage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file, release
from tests.python.conftest import make_settings
from tests.python.dbt.random_chargebacks import seed_rows
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
# What Adyen sends of a payment that is no word of a dispute.
NO_DISPUTE = {
    *("authorisation", "autorescue", "cancel_autorescue", "cancellation", "capture"),
    *("capture_failed", "offer_closed", "order_closed", "order_opened", "recurring_contract"),
    *("refund", "refunded_reversed", "report_available", "autorescue_next_attempt"),
}


def words(source: str) -> dict[str, str]:
    return {
        row["native_event"]: row["stage"]
        for row in seed_rows("chargeback_words")
        if row["source"] == source
    }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("disputes")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


def landed(desk: Desk, source: str, file: Path, table: str) -> list[dict[str, Any]]:
    result = land_file(desk.settings, desk.warehouse, source, file)
    assert result.state == "landed", result.message
    return desk.warehouse.rows(
        f"select * from raw.{table} where _document_id = $1", [result.document_id]
    )


def test_every_dispute_word_of_adyen_has_a_stage() -> None:
    told = set()
    for file in (SAMPLES / "adyen_webhooks").glob("*.json"):
        root = json.loads(file.read_bytes())
        for item in root.get("notificationItems", []):
            told.add(item["NotificationRequestItem"]["eventCode"].lower())
    assert {word for word in told if word not in words("adyen")} <= NO_DISPUTE
    assert len(told & words("adyen").keys()) >= 8


def test_what_a_chargeback_of_adyen_says_for_its_answer_lands(desk: Desk) -> None:
    folder = SAMPLES / "adyen_webhooks"
    [row] = landed(desk, "adyen", folder / "ipn_Chargeback.json", "adyen_notifications")
    assert row["chargeback_reason_code"].strip() == "4853"
    assert row["defense_period_ends_at"] == "2021-07-31T03:03:07+02:00"
    [lost] = landed(desk, "adyen", folder / "ipn_Chargeback_Gravy.json", "adyen_notifications")
    assert (lost["dispute_status"], lost["chargeback_reason_code"]) == ("Lost", "SL01")
    assert "additionalData" not in str(row)
    assert "shopperReference" not in str(row)  # nothing beside the three


def test_a_dispute_of_stripe_lands_with_its_last_day(desk: Desk) -> None:
    file = SAMPLES / "stripe_api" / "dispute.json"
    [row] = landed(desk, "stripe", file, "stripe_api_disputes")
    assert (row["status"], row["due_by"], row["network"]) == (
        *("warning_needs_response", "1723679999", "visa"),
    )
    assert (row["network_reason_code"], row["case_type"]) == ("10.4", "inquiry")
    assert words("stripe")[row["status"]] == "inquiry"


@pytest.mark.parametrize("file", ["ListDisputesResponse.json", "AcceptDisputeResponse.json"])
def test_disputes_of_square_land_with_their_last_day(desk: Desk, file: str) -> None:
    rows = landed(desk, "square", SAMPLES / "square_api" / file, "square_disputes")
    assert all(row["due_at"] and row["card_brand"] == "VISA" for row in rows)
    assert all(words("square")[row["state"].lower()] for row in rows)


def test_the_fee_of_a_chargeback_of_paypal_names_it(desk: Desk) -> None:
    file = SAMPLES / "paypal_stl" / "stl_chargeback_with_fee.csv"
    result = land_file(desk.settings, desk.warehouse, "paypal", file)
    if result.state == "held":
        release(desk.settings, desk.warehouse, result.document_id)
    rows = desk.warehouse.rows(
        "select fees.gross_amount from raw.paypal_transactions as fees"
        " inner join raw.paypal_transactions as taken on fees.reference_id = taken.transaction_id"
        " where taken.event_code = 'T1201' and fees.event_code = 'T0106'"
        " and taken._document_id = $1",
        [result.document_id],
    )
    assert [row["gross_amount"] for row in rows] == ["2000"]
    assert words("paypal")["t1201"] == "chargeback"

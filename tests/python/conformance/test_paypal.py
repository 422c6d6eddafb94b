"""PayPal reports other people published: every number that was counted in them comes out by SQL.

Skipped without the folder ../shared/samples beside the checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file, release
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
SETTLEMENTS = ("stl", "stl_chargeback_with_fee", "stl_currency_convert", "stl_dr_payment")
HELD = {"stl.csv", "trr_express_with_non_data_rows.csv"}
SIDES = {
    "gross_cr": ("gross_amount", "credit_debit = 'CR'"),
    "gross_dr": ("gross_amount", "credit_debit = 'DR'"),
    "fee_cr": ("fee_amount", "fee_credit_debit = 'CR'"),
    "fee_dr": ("fee_amount", "fee_credit_debit = 'DR'"),
}


@pytest.fixture(scope="module")
def results() -> dict[str, LandingResult]:
    """What became of each file when it came."""
    return {}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, results: dict[str, LandingResult]
) -> Iterator[Desk]:
    """Every file landed, those held released, and the transactions made of them."""
    folder = tmp_path_factory.mktemp("paypal")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for kind in ("stl", "trr", "sar"):
            for path in sorted((SAMPLES / f"paypal_{kind}").iterdir()):
                result = results[path.name] = land_file(settings, warehouse, "paypal", path)
                if result.state == "held":
                    release(settings, warehouse, result.document_id)
    words = ["build", "--exclude-resource-type", "test", "unit_test", "--select", "+transactions"]
    built = run_dbt(settings, words)
    assert built.succeeded, built.output[-2000:]
    with open_warehouse(settings) as warehouse:
        yield Desk(settings, warehouse, folder)


@pytest.fixture(scope="module")
def expected() -> Any:
    """What others counted in the files."""
    return json.loads((SAMPLES / "expected_totals.json").read_text(encoding="utf-8"))


def test_what_became_of_each_file(desk: Desk, results: dict[str, LandingResult]) -> None:
    states = {name: (result.state, result.code) for name, result in results.items()}
    assert {name for name, (state, _) in states.items() if state == "held"} == HELD
    assert {states[name][1] for name in HELD} == {"CONTROL_TOTAL_MISMATCH"}
    rejected = {code for state, code in states.values() if state == "rejected"}
    assert rejected == {"REPORT_WITHOUT_MONEY"}
    assert sum(state == "landed" for state, _ in states.values()) == 8
    assert all(result.quarantined_rows == 0 for result in results.values())


@pytest.mark.parametrize("name", SETTLEMENTS)
def test_rows_and_sums_of_a_settlement_report(
    desk: Desk, results: dict[str, LandingResult], expected: Any, name: str
) -> None:
    document = results[f"{name}.csv"].document_id
    sums = ", ".join(
        f"coalesce(sum(cast({amount} as bigint)) filter (where {side}), 0) as {word}"
        for word, (amount, side) in SIDES.items()
    )
    rows = desk.warehouse.rows(
        f"select gross_currency, count(*) as n, {sums} from raw.paypal_transactions"
        " where _document_id = $1 group by gross_currency",
        [document],
    )
    wanted = expected[f"paypal_stl/{name}.csv"]
    assert sum(row["n"] for row in rows) == wanted["body_rows"]
    found = {row["gross_currency"]: {w: int(row[w]) for w in SIDES} for row in rows}
    assert found == wanted["sum_minor_units"]


@pytest.mark.parametrize("name", SETTLEMENTS)
def test_footers_as_others_read_them(
    desk: Desk, results: dict[str, LandingResult], expected: Any, name: str
) -> None:
    wanted = expected[f"paypal_stl/{name}.csv"]
    rows = desk.warehouse.rows(
        "select currency, scope, declared, found from ops.control_totals where document_id = $1"
        " and scope like 'section 1 (SF)%' and scope not like '%balance'",
        [results[f"{name}.csv"].document_id],
    )
    words = {"gross credits": "gross_cr", "gross debits": "gross_dr"}
    words |= {"fee credits": "fee_cr", "fee debits": "fee_dr"}
    footers: dict[str, dict[str, int]] = {}
    ties: dict[str, bool] = {}
    for row in rows:
        word = words[row["scope"].removeprefix("section 1 (SF) ")]
        footers.setdefault(row["currency"], {})[word] = int(row["declared"] * 100)
        ties[row["currency"]] = ties.get(row["currency"], True) and row["declared"] == row["found"]
    assert footers == wanted["section_footer"]
    assert ties == wanted["footer_ties"]


def test_amounts_are_in_the_currencys_own_unit(desk: Desk) -> None:
    rows = desk.warehouse.rows(
        "select native_id, currency, amount, fee from marts.transactions"
        " where source = 'paypal' and currency = 'JPY' order by native_id"
    )
    charged = {(row["amount"], row["fee"]) for row in rows if row["amount"] > 0}
    assert (Decimal(150), Decimal(43)) in charged
    assert {(row["amount"], row["fee"]) for row in rows if row["amount"] < 0} == {
        (Decimal(-150), Decimal(-43))
    }


def test_a_void_moves_nothing_and_a_conversion_leaves_nothing(desk: Desk) -> None:
    rows = desk.warehouse.rows(
        "select native_id from marts.transactions where native_id in ('43P3', '5AJ5')"
    )
    assert rows == []
    (reais,) = desk.warehouse.rows(
        "select sum(net) as net from marts.transactions where source = 'paypal'"
        " and currency = 'BRL'"
    )
    assert reais["net"] == 0


def test_payers_are_nowhere(desk: Desk) -> None:
    rows = desk.warehouse.rows("select * from raw.paypal_transactions")
    landed = " ".join(str(row) for row in rows)
    assert "1V551844CE5526421" in landed
    for secret in ("donor@generous.net", "Cindy", "Whoville", "duck@example.org"):
        assert secret not in landed

"""Card files other people published: what lands, and every number that was found in them.

Skipped without the folder ../shared/samples beside the checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file, release
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)

UNICA = "br_unica_edi/EXTRATO_UNICA_51309_20240917_00003"
NEGOTIATION = "cielo_edi/CIELO15D_official_negociacao.txt"
PIX = "cielo_edi/CIELO16D_official_pix_records_only.txt"
PIECES = "rede/EEFI_V3.01_lines_from_goedirede_test.txt"
ROOMS = ["+card_sales", "+card_sale_settlements", "+transactions", "+payouts"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The files landed, those held for their missing envelope released, and the marts built."""
    folder = tmp_path_factory.mktemp("cards")
    settings = make_settings(folder, **WORDS)
    files = [("unica", UNICA), ("cielo", NEGOTIATION), ("cielo", PIX), ("rede", PIECES)]
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for source, name in files:
            result = land_file(settings, warehouse, source, SAMPLES / name)
            if result.state == "held":
                release(settings, warehouse, result.document_id)
    built = run_dbt(
        settings,
        ["build", "--exclude-resource-type", "test", "unit_test", "--select", *ROOMS],
    )
    assert built.succeeded, built.output[-2000:]
    with open_warehouse(settings) as warehouse:
        yield Desk(settings, warehouse, folder)


@pytest.fixture(scope="module")
def expected() -> Any:
    """What was counted in the ÚNICA statement by others."""
    totals = json.loads((SAMPLES / "expected_totals.json").read_text(encoding="utf-8"))
    return totals[UNICA]


def one(desk: Desk, sql: str) -> tuple[Any, ...]:
    """The values of a query's single row."""
    (row,) = desk.warehouse.rows(sql)
    return tuple(row.values())


def test_the_lines_of_the_statement_are_all_there(desk: Desk, expected: Any) -> None:
    totals = desk.warehouse.rows(
        "select t.scope, t.measure, t.declared, t.found from ops.control_totals as t inner join"
        " ops.documents as d on t.document_id = d.document_id where d.source = 'unica'"
        " order by t.scope, t.measure"
    )
    gross = Decimal(expected["trailer_gross"])
    assert [tuple(row.values()) for row in totals] == [
        ("lot", "amount", gross, gross),
        ("lot", "rows", expected["trailer_cv"], expected["cv"]),
        ("trailer", "rows", expected["trailer_total_records"], expected["physical_lines"]),
    ]


def test_the_landed_rows_have_the_sums_that_were_counted(desk: Desk, expected: Any) -> None:
    cents = "sum(cast({}_amount as decimal(18, 0))) * 0.01"
    sums = ", ".join(cents.format(name) for name in ("gross", "discount", "net"))
    found = one(desk, f"select count(*), {sums} from raw.unica_sales")
    names = ("sum_gross_all_cv", "sum_discount", "sum_net")
    assert found == (expected["cv"], *(Decimal(expected[name]) for name in names))
    assert found[1] == Decimal(expected["trailer_gross"])


def test_sales_and_parts_are_counted_once(desk: Desk, expected: Any) -> None:
    sales = "select count(distinct sale_key), count(distinct (sale_key, instalment))"
    assert one(desk, f"{sales} from marts.card_sales where acquirer = 'unica'") == (
        expected["distinct_sales"],
        expected["distinct_sale_instalments"],
    )
    charges = "select count(*), bool_or(has_conflict) from marts.transactions"
    assert one(desk, f"{charges} where source = 'unica' and event_type = 'charge'") == (
        expected["distinct_sales"],
        False,
    )


def test_sales_with_forecast_and_settlement_are_known(desk: Desk, expected: Any) -> None:
    both = (
        "select count(*) from marts.card_sale_settlements where acquirer = 'unica'"
        " and forecast_net_minor is not null and paid_net_minor is not null"
    )
    assert one(desk, both) == (expected["nsu_with_both_forecast_and_settlement"],)
    assert one(desk, f"{both} and state != 'paid_as_forecast'") == (0,)


@pytest.mark.parametrize(("code", "stage"), [("0", "forecast"), ("1", "settled")])
def test_each_stage_of_the_fact_has_its_lines(
    desk: Desk, expected: Any, code: str, stage: str
) -> None:
    wanted = expected["by_tipo_lancamento"][code]
    landed = one(
        desk,
        "select count(*), sum(cast(gross_amount as decimal(18, 0))) * 0.01,"
        " sum(cast(net_amount as decimal(18, 0))) * 0.01 from raw.unica_sales"
        f" where launch_type = '{code}'",
    )
    numbers = wanted["rows"], Decimal(wanted["gross"]), Decimal(wanted["net"])
    assert landed == numbers
    # The file's sums repeat the whole sale on each instalment; the fact has the parts.
    repeated = one(
        desk,
        "select coalesce(sum(cast(gross_amount as decimal(18, 0))"
        " - cast(instalment_gross_amount as decimal(18, 0))), 0) * 0.01 from raw.unica_sales"
        f" where launch_type = '{code}' and cast(instalments as integer) > 1",
    )[0]
    fact = one(
        desk,
        "select count(*), sum(gross) from marts.card_sales"
        f" where acquirer = 'unica' and stage = '{stage}'",
    )
    assert fact == (numbers[0], numbers[1] - repeated)


def test_every_payout_of_the_statement_is_explained(desk: Desk) -> None:
    paid = one(
        desk, "select sum(amount), sum(unexplained_minor) from marts.payouts where source = 'unica'"
    )
    settled = one(desk, "select sum(net) from marts.card_sales where stage = 'settled'"
                        " and acquirer = 'unica'")[0]  # fmt: skip
    assert paid == (settled, 0)


def test_a_negotiation_is_its_units_and_its_deposit(desk: Desk) -> None:
    totals = desk.warehouse.rows(
        "select scope, declared, found from ops.control_totals where scope like 'negotiations%'"
        " order by scope"
    )
    assert [tuple(row.values()) for row in totals] == [
        ("negotiations deposits", Decimal("237.93"), Decimal("237.93")),
        ("negotiations gross", Decimal("238.45"), Decimal("238.45")),
        ("negotiations net", Decimal("237.93"), Decimal("237.93")),
    ]
    advance = "select amount, fee, net from marts.transactions where native_type = 'advance'"
    assert one(desk, advance) == (Decimal("238.45"), Decimal("0.52"), Decimal("237.93"))
    payout = "select amount, unexplained_minor from marts.payouts where payout_id = "
    assert one(desk, payout + "'02026021801077952119'") == (Decimal("237.93"), 0)


def test_pix_without_an_envelope_lands_when_released(desk: Desk) -> None:
    found = one(desk, "select count(*), sum(amount), sum(fee) from marts.transactions"
                      " where native_type = 'pix'")  # fmt: skip
    assert found == (2, Decimal("1332.89"), Decimal("0.20"))


def test_the_pieces_of_a_payment_file_read_as_published(desk: Desk) -> None:
    assert one(desk, "select record_type, amount, cancelled_amount, nsu from raw.rede_adjustments"
               ) == ("035", "11158", "68000", "000257409999")  # fmt: skip
    early = "select original_amount, amount, summary_date from raw.rede_credits"
    assert one(desk, early) == ("3961811", "3922450", "2022-02-03")
    unscheduled = "select new_amount, original_amount, adjustment_amount from raw.rede_unscheduled"
    new, original, adjusted = (int(cents) for cents in one(desk, unscheduled))
    assert (new, original, adjusted) == (432724, 487352, 54628)
    assert new == original - adjusted


def test_files_are_there(desk: Desk) -> None:
    assert all(Path(SAMPLES / name).is_file() for name in (UNICA, NEGOTIATION, PIX, PIECES))

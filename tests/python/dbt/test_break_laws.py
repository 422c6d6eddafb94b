"""Each kind of break is told where it should be, and the laws that say so find what is left out.

One world has each case beside its near miss; it is built once on DuckDB, with the tests. Then every
law's own compiled SQL runs again inside a transaction in which a mart was damaged.
Run alone: pytest tests/python/dbt/test_break_laws.py
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.conftest import make_settings
from tests.python.dbt.laws import found_by
from tests.python.dbt.worlds import World, insert, land

BREAKS = "marts.discrepancies"
RETURNS, ORPHANS = "what_went_back_beyond_a_sale_is_told", "every_return_without_its_sale_is_told"
DATES, FILES = "every_match_too_late_has_its_break", "every_file_total_that_differs_has_its_break"
FEES = "every_fee_off_schedule_has_its_break"
FAULTS: tuple[tuple[str, str], ...] = (
    (RETURNS, f"delete from {BREAKS} where kind = 'double_loss'"),
    (RETURNS, f"delete from {BREAKS} where kind = 'over_refunded'"),
    (RETURNS, f"delete from {BREAKS} where kind = 'over_charged_back'"),
    (RETURNS, f"update {BREAKS} set amount_at_risk_minor = 1 where kind = 'double_loss'"),
    (ORPHANS, f"delete from {BREAKS} where kind = 'orphan_refund'"),
    (ORPHANS, f"update {BREAKS} set kind = 'orphan_refund' where kind = 'orphan_chargeback'"),
    (DATES, f"delete from {BREAKS} where kind = 'date_differs'"),
    (DATES, "update marts.transactions set business_date = date '2026-10-01'"),
    (FILES, f"delete from {BREAKS} where kind = 'file_total_differs'"),
    (FEES, f"delete from {BREAKS} where kind = 'fee_off_schedule'"),
    (FEES, f"update {BREAKS} set difference_minor = 6 where kind = 'fee_off_schedule'"),
    (FEES, "update marts.fee_audit set state = 'undercharged', difference_minor = -1"),
    ("fees_differ_by_what_the_audit_says", "update marts.fee_audit set expected_minor = 1"),
)
SALE = {"created_utc": "2026-10-01 10:00:00"}
BACK = {"created_utc": "2026-10-08 10:00:00"}


def world() -> World:
    """Each case and its near miss; the tenant is the one whose price list is in the seeds."""
    made = World("kestrel_wren")
    sales: dict[str, tuple[tuple[str, str], ...]] = {
        "both": (("charge", "100"), ("refund", "-100"), ("dispute", "-100")),
        "exact": (("charge", "100"), ("refund", "-60"), ("dispute", "-40")),
        "won": (
            ("charge", "90"),
            ("refund", "-90"),
            ("dispute", "-90"),
            ("dispute_reversal", "90"),
        ),
        "refunds": (("charge", "100"), ("refund", "-60"), ("refund", "-50")),
        "disputes": (("charge", "100"), ("dispute", "-100"), ("dispute", "-90")),
        "lost": (("refund", "-5"),),
        "disputed": (("dispute", "-7"),),
    }
    for name, parts in sales.items():
        for number, (kind, amount) in enumerate(parts):
            day = SALE if kind == "charge" else BACK
            words = {"reporting_category": kind, "merchant_reference": name, **day}
            asked = {
                "charge": Decimal(amount) * 15 / 1000 + Decimal("0.25"),
                "dispute": Decimal(20),
            }
            fee = asked.get(kind, Decimal(0))
            row = {**words, "fee": f"{fee:.2f}", "net": f"{Decimal(amount) - fee:.2f}"}
            made.change(f"{name}_{number}", f"{amount}.00", **row)
    for name, came, charged in (
        ("late", "09", "1.75"),
        ("in_time", "03", "1.75"),
        ("dear", "01", "1.80"),
    ):
        made.book(f"b_{name}", "100.00", processor_transaction_id=f"ch_{name}", fee="1.75")
        created, net = f"2026-10-{came} 10:00:00", {"1.80": "98.20"}.get(charged, "98.25")
        row = {"source_id": f"ch_{name}", "created_utc": created, "fee": charged, "net": net}
        made.change(f"p_{name}", "100.00", **row)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, str]]:
    """The world, built and tested; and every test's compiled SQL by its name."""
    settings = make_settings(tmp_path_factory.mktemp("breaks"), tenant="kestrel_wren")
    land(settings, [world()])
    with open_warehouse(settings) as warehouse:
        document = "doc_kestrel_wren_stripe"
        arrived = datetime(2026, 10, 31, 23)
        arrival = {"delivery_id": "d", "document_id": document, "tenant_id": "kestrel_wren"}
        more = {"source": "stripe", "name": "s", "state": "landed", "received_at": arrived}
        insert(warehouse, "ops.deliveries", [{**arrival, **more}])
        total = {"document_id": document, "measure": "amount", "currency": "EUR", "scope": "file"}
        totals = {**total, "declared": 10, "found": 12, "is_enforced": True}
        insert(warehouse, "ops.control_totals", [totals])
    words = ["build", "--exclude-resource-type", "unit_test", "--select", "+discrepancies"]
    words += ["+fee_audit", "+files", "+repeated_transactions"]
    ran = run_dbt(settings, words, {"as_of": "2026-11-01 04:00:00"})
    laws = {result.name: result for result in ran.results if result.name in dict(FAULTS)}
    assert {name: law.status for name, law in laws.items()} == dict.fromkeys(dict(FAULTS), "pass")
    return settings, {name: law.compiled_code for name, law in laws.items()}


def test_each_case_is_told_once_and_no_near_miss_is(
    built: tuple[Settings, Mapping[str, str]],
) -> None:
    """Kind, row and amount at risk of every break that this file is about."""
    kinds = "date_differs fee_differs fee_off_schedule file_total_differs double_loss over_refunded"
    kinds += " over_charged_back orphan_refund orphan_chargeback"
    with open_warehouse(built[0], read_only=True) as warehouse:
        rows = warehouse.rows(f"select * from {BREAKS}")
    told = {
        (row["kind"], row["native_id"], row["amount_at_risk_minor"])
        for row in rows
        if row["kind"] in kinds.split()
    }
    assert told == {
        ("double_loss", "both_2", 10_000),
        ("over_refunded", "refunds_2", 1_000),
        ("over_charged_back", "disputes_1", 9_000),
        ("orphan_refund", "lost_0", 500),
        ("orphan_chargeback", "disputed_0", 700),
        ("date_differs", "b_late", 0),
        ("fee_off_schedule", "p_dear", 5),
        ("file_total_differs", "doc_kestrel_wren_stripe", 200),
    }


@pytest.mark.parametrize(("law", "fault"), FAULTS)
def test_a_law_finds_its_fault(
    built: tuple[Settings, Mapping[str, str]], law: str, fault: str
) -> None:
    """Nothing is found before the damage, something after it."""
    settings, compiled = built
    assert found_by(compiled[law], fault, settings)

"""Payouts in the report: what needs a look is shown, what is kept back is told per currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import html

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery.payout_parts import reserve_lines, shown
from delivery.report import write_reports
from tests.python.delivery.conftest import facts


def payout(name: str, state: str = "reached_bank", is_explained: bool | None = True) -> Any:
    return {"payout_id": name, "state": state, "is_explained": is_explained}


def test_what_needs_a_look_is_never_hidden() -> None:
    rows = [
        payout("short", "partly_arrived"),
        payout("untied", is_explained=False),
        *(payout(f"plain_{number}") for number in range(5)),
        payout("by_balance"),
    ]
    found = shown(rows, 2)
    names = [row["payout_id"] for row in found["payouts"]]
    assert names == ["short", "untied", "plain_4", "by_balance"]
    assert found["hidden_payouts"] == 4
    assert [row["tag"] for row in found["payouts"]] == ["warn", "good", "good", "good"]


def test_the_summary_tells_the_roll_forward_in_the_currency_s_decimals() -> None:
    sums = {"opening": 0, "withheld": 500, "released": 100, "applied": 50, "closing": 350}
    row = {"currency": "JPY", "processor": "stripe", **{n: Decimal(v) for n, v in sums.items()}}
    assert reserve_lines([row], {"JPY": 0}) == [
        "  JPY  kept back by stripe: opening 0, withheld 500, released 100, applied 50, closing 350"
    ]


def test_the_page_says_what_payouts_were_made_of(month: Settings) -> None:
    with open_warehouse(month) as warehouse:
        warehouse.execute(
            "insert into marts.reserve_balances (reserve_balance_id, tenant_id, processor,"
            " currency,"
            " period, opening_minor, movement_count, opening, withheld, released, applied, closing)"
            " values ('r', 'kestrel_wren', 'stripe', 'EUR', date '2026-10-01', 1, 1, 1, 2, 0, 0, 3)"
        )
    folder = write_reports(month, facts(run_id="run_payouts")).folder
    page = html.fromstring((folder / "report.html").read_text(encoding="utf-8"))
    (section,) = page.xpath("//section[@id='payouts']")
    words = " ".join(section.text_content().split())
    assert "What they were made of" in words
    assert "dispute reversal1EUR 129.000.00129.00" in words
    assert "Kept back by processors, October 2026" in words
    summary = next(folder.glob("executive*")).read_text(encoding="utf-8")
    assert "EUR  kept back by stripe: opening 1.00, withheld 2.00" in summary

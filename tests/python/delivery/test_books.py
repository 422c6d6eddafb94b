"""The ledger in the report: what accounts still hold ties to their balances, missing rates show."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from lxml import html

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery.report import write_reports
from tests.python.delivery.conftest import facts

LAST = (
    "select account_code, currency, closing from marts.account_balances as balances where period ="
    " (select max(period) from marts.account_balances where currency = balances.currency)"
)
WITHOUT_RATE = (
    "insert into marts.missing_fx_rates (missing_fx_rate_id, tenant_id, rate_on, currency,"
    " functional_currency, line_count, balance_count, amount_minor, amount)"
    " values ('m', 'kestrel_wren', date '2026-10-07', 'USD', 'EUR', 2, 0, 1250, 12.50)"
)


def test_what_accounts_hold_is_their_balance_and_missing_rates_show(month: Settings) -> None:
    with open_warehouse(month) as warehouse:
        warehouse.execute(WITHOUT_RATE)
        closing = {(r["account_code"], r["currency"]): r["closing"] for r in warehouse.rows(LAST)}
    folder = write_reports(month, facts(run_id="run_books")).folder
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    held = {
        (row["account_code"], row["currency"]): Decimal(row["balance"])
        for row in told["accounts_with_open_items"]
    }
    assert len(held) >= 5
    assert held == {key: closing[key] for key in held}
    assert [row["amount"] for row in told["missing_fx_rates"]] == ["12.50"]
    assert told["missing_fx_rates"][0]["rate_on"] == "2026-10-07"

    page: Any = html.fromstring((folder / "report.html").read_text(encoding="utf-8"))
    (section,) = page.xpath("//section[@id='ledger']")
    words = " ".join(section.text_content().split())
    for row in told["accounts_with_open_items"]:
        assert f"{row['account_code']} {row['account_name']}{row['item_count']}" in words
    assert "7 Oct 2026USD in EUR2USD 12.50" in words

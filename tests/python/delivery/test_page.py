"""The page runs nothing, loads nothing, and shows hostile text as text."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment
from lxml import html

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from delivery import page as page_module
from delivery.report import write_reports
from tests.python.delivery.conftest import facts

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"
COLUMNS = {
    "marts.discrepancies": ("reference", "native_id", "explanation", "_source_file"),
    "marts.payouts": ("payout_id",),
    "marts.chargebacks": ("native_id", "reference", "reason_category"),
    "marts.chargeback_win_rates": ("value",),
    "marts.open_account_items": ("account_name",),
    "marts.files": ("name", "message"),
    "marts.quarantine": ("name", "masked_value", "message"),
    "marts.reward_current_balances": ("customer_id",),
    "marts.reward_reports": ("member",),
    "marts.reward_validations": ("statement", "what_to_do"),
    "marts.reward_validation_failures": ("subject", "customer_id", "explanation", "_source_file"),
    "marts.control_results": ("scope", "statement", "what_to_do"),
    "seeds.discrepancy_kinds": ("name", "what_to_do"),
    "seeds.reconciliations": ("name",),
}


def parsed(text: str) -> Any:
    return html.fromstring(text)


def stored(warehouse: Warehouse) -> None:
    """Views among the marts become tables, which can be spoiled."""
    views = warehouse.rows(
        "select table_name from information_schema.tables"
        " where table_schema = 'marts' and table_type = 'VIEW'"
    )
    for name in (row["table_name"] for row in views):
        warehouse.execute(f"create table marts.stored as select * from marts.{name}")
        warehouse.execute(f"drop view marts.{name}")
        warehouse.execute(f"alter table marts.stored rename to {name}")


def hostile_page(settings: Settings) -> str:
    with open_warehouse(settings) as warehouse:
        stored(warehouse)
        for table, columns in COLUMNS.items():
            for column in columns:
                warehouse.execute(f"update {table} set {column} = $1", [HOSTILE])
    folder = write_reports(settings, facts(error=HOSTILE, run_id="run_1")).folder
    return (folder / "report.html").read_text(encoding="utf-8")


def active_parts(text: str) -> list[str]:
    """Scripts, handlers and anything fetched from elsewhere."""
    found = []
    for element in parsed(text).iter():
        if element.tag in {"script", "iframe", "object", "embed", "link", "base", "img"}:
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            loads = name in {"src", "href", "xlink:href", "action"} and not value.startswith("#")
            if name.startswith("on") or loads:
                found.append(f"{element.tag} {name}={value}")
    return found


def test_j3_hostile_text_stays_text(month: Settings) -> None:
    text = hostile_page(month)
    assert "<script" not in text.lower()
    assert "&lt;script&gt;alert(" in text
    assert active_parts(text) == []


def test_j3_the_control_without_escaping_the_same_text_would_run(
    month: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unguarded(*words: Any, **names: Any) -> Environment:
        return Environment(*words, **{**names, "autoescape": False})  # noqa: S701

    monkeypatch.setattr(page_module, "Environment", unguarded)
    assert "script" in active_parts(hostile_page(month))


def test_the_page_stands_alone_and_can_be_read_aloud(month: Settings) -> None:
    text = (write_reports(month, facts()).folder / "report.html").read_text(encoding="utf-8")
    assert active_parts(text) == []
    assert "@import" not in text
    assert text.count("url(") == text.count("url(#")
    tree = parsed(text)
    assert tree.get("lang") == "en"
    assert len(tree.xpath("//h1")) == 1
    for table in tree.xpath("//table"):
        assert table.xpath(".//thead//th[@scope='col']"), "a table without column headers"
    for figure in tree.xpath("//figure"):
        assert figure.get("aria-label")
        assert figure.xpath(".//*[local-name()='svg']"), "a chart that was not drawn"
    assert len(tree.xpath("//figure")) == 4
    anchors = {link.get("href")[1:] for link in tree.xpath("//a")}
    assert anchors <= {element.get("id") for element in tree.xpath("//*[@id]")}


def test_charts_carry_no_hostile_markup_either(month: Settings) -> None:
    tree = parsed(hostile_page(month))
    texts = " ".join(tree.xpath("//*[local-name()='svg']//text()"))
    assert "<script>" in texts, "the label is there, as text"


def test_the_same_run_gives_the_same_page(month: Settings) -> None:
    pages = {(write_reports(month, facts()).folder / "report.html").read_bytes() for _ in range(2)}
    assert len(pages) == 1

"""The demonstration's words: what the marts say after the run, a table a question.

In: an open warehouse after a build, and where the reports are. Out: tables on the screen. Every
number comes from a mart; nothing is computed here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import Warehouse
from delivery.contents import SEVERITY_RANK
from orchestration.console import plain, table
from orchestration.explain_doors import readable

# title, what it says, SQL, right-aligned columns
Chapter = tuple[str, str, str, tuple[str, ...]]

CHAPTERS: tuple[Chapter, ...] = (
    (
        "What matched",
        "Each statement of one party, answered by the other",
        "select reconciliation, rule_id as rule, currency, count(*) as matches,"
        " sum(right_amount) as amount, sum(difference) as difference"
        " from marts.matches group by reconciliation, rule_id, currency, pass"
        " order by reconciliation, pass, currency",
        ("matches", "amount", "difference"),
    ),
    (
        "What did not, and why",
        "Breaks by kind; nothing is in this table by accident",
        "select severity, kind, currency, count(*) as breaks,"
        " sum(amount_at_risk) as at_risk, max(what_to_do) as what_to_do"
        " from marts.discrepancies group by severity, kind, currency"
        f" order by {SEVERITY_RANK}, kind, currency",
        ("breaks", "at_risk"),
    ),
    (
        "Payouts",
        "What the processor paid, what it was made of, and whether the bank has it",
        "select payout_id, paid_on, currency, amount, explained, unexplained, state, bank_date"
        " from marts.payouts order by paid_on, payout_id",
        ("amount", "explained", "unexplained"),
    ),
    (
        "Rewards",
        "Which lot each redemption used up, first in first out; what is left for each customer",
        "select customer_id, currency, earned, spent, expired, balance"
        " from marts.reward_current_balances order by customer_id, currency",
        ("earned", "spent", "expired", "balance"),
    ),
    (
        "Ledger",
        "Every transaction posts once, every entry balances; debit is positive",
        "select account_code as account, account_name as name, currency,"
        " sum(debit) as debit, sum(credit) as credit, sum(debit) - sum(credit) as balance"
        " from marts.ledger_entries group by account_code, account_name, currency"
        " order by account_code, currency",
        ("debit", "credit", "balance"),
    ),
    (
        "Controls",
        "Can it be believed? Each compares two independent totals",
        "select control, count(*) as scopes,"
        " sum(case when passed then 1 else 0 end) as passed,"
        " sum(case when passed then 0 else 1 end) as failed"
        " from marts.control_results group by control order by control",
        ("scopes", "passed", "failed"),
    ),
)


def tell(out: Console, settings: Settings, warehouse: Warehouse, reports: Path) -> None:
    """Prints every chapter, then where to look next."""
    for title, subtitle, sql, numbers in CHAPTERS:
        out.rule(f"[b]{title}[/b]", align="left")
        rows = warehouse.rows(sql)
        columns = list(rows[0]) if rows else ["nothing"]
        shown = table(subtitle, [name.replace("_", " ") for name in columns], _spaced(numbers))
        for row in rows:
            shown.add_row(*_cells(row))
        out.print(shown)
    _next(out, settings, warehouse, reports)


def _cells(row: dict[str, Any]) -> list[str]:
    currency = row.get("currency")
    return [plain(None if v is None else readable(v, currency)) for v in row.values()]


def _spaced(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in names)


def _next(out: Console, settings: Settings, warehouse: Warehouse, reports: Path) -> None:
    example = warehouse.rows(
        "select discrepancy_id from marts.discrepancies where transaction_id is not null"
        f" and {SEVERITY_RANK} <= 2"
        " order by amount_at_risk_minor desc nulls last, discrepancy_id limit 1"
    )
    config = f"TIEOUT_CONFIG={_short(PROJECT_ROOT / 'samples' / 'tieout.yml')}"
    out.rule("[b]Where to look next[/b]", align="left")
    lines = {
        "the report for people": _short(reports / "report.html"),
        "lists as CSV and JSON": _short(reports),
        "the published copy": f"{_short(settings.published)}  (any DuckDB client, schema marts)",
        "one break, door by door": (
            f"{config} .venv/bin/tieout explain {example[0]['discrepancy_id']}" if example else ""
        ),
        "the timetable and lineage": f"{config} .venv/bin/dagster dev",
        "every model, documented": f"{config} .venv/bin/python -m orchestration.docs",
        "the story of these files": "samples/README.md",
    }
    for what, where in lines.items():
        if where:
            out.print(f"  {what:<26} {plain(where)}", soft_wrap=True)


def _short(path: Path) -> str:
    return str(path.relative_to(PROJECT_ROOT)) if path.is_relative_to(PROJECT_ROOT) else str(path)

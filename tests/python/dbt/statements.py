"""Plants what a processor states of its balances, and compares the statements with their oracle.

In: a deployment whose payouts room is built over a PayoutWorld. Raises AssertionError.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.random_payouts import PayoutWorld
from tests.python.dbt.statement_oracle import items, summaries

_STATED = ("tenant_id", "source", "source_account", "currency", "told_in", "from_day", "to_day")


def plant_stated(settings: Settings, made: PayoutWorld) -> None:
    """The model's own rows in its place."""
    texts = ", ".join(f"{name} varchar" for name in _STATED)
    relation = "intermediate.int_payouts__stated_balances"
    with open_warehouse(settings) as warehouse:
        warehouse.execute("create schema if not exists intermediate")
        warehouse.execute(
            f"create table {relation} ({texts}, opening_minor bigint, closing_minor bigint)"
        )
        for row in made.stated:
            values = [row[name] for name in (*_STATED, "opening_minor", "closing_minor")]
            warehouse.execute(
                f"insert into {relation} values ($1, $2, $3, $4, $5, $6, $7, $8, $9)", values
            )


def compare_statements(settings: Settings, made: PayoutWorld, told: dict[str, Any]) -> None:
    """Every line of the balance summaries, what is stated beside it, and the items of payouts."""
    keys = ("tenant_id", "source", "source_account", "currency", "period")
    sums = ("movement_count", "gross_minor", "fee_minor", "net_minor")
    rows = _table(settings, "balance_summaries")
    assert summaries(made) == {
        tuple(row[n] for n in (*keys, "section", "reporting_category")): tuple(row[n] for n in sums)
        for row in rows
    }
    stated = {
        (*(row[n] for n in keys), row["section"]): (row["stated_minor"], row["difference_minor"])
        for row in rows
        if row["stated_minor"] is not None
    }
    one = made.stated[0]
    account = (*(one[n] for n in keys[:-1]), date.fromisoformat(one["from_day"]))
    balances = {
        row["section"]: row["net_minor"] for row in rows if tuple(row[n] for n in keys) == account
    }
    assert stated == {
        (*account, name): (one[f"{name}_minor"], one[f"{name}_minor"] - balances[name])
        for name in ("opening", "closing")
    }
    found: dict[tuple[str, str], list[int]] = {}
    for row in _table(settings, "payout_reconciliations"):
        line = found.setdefault((row["transaction_id"], row["reporting_category"]), [0, 0, 0, 0])
        line[0] += row["item_transaction_id"] is not None
        for place, name in enumerate(sums[1:], 1):
            line[place] += row[name]
    assert {key: tuple(line) for key, line in found.items()} == items(told)


def _table(settings: Settings, name: str) -> list[dict[str, Any]]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(f"select * from marts.{name}")

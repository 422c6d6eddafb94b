"""The rewards room built over given histories: one document of raw rows, then dbt with its laws.

In: Settings of an empty deployment and customers' events. Out: Built, with dbt's word on it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from dbt_project.project import DbtRun, run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.schema import ensure_schema
from tests.python.dbt.reward_histories import Event

MARTS = (
    "reward_transactions",
    "reward_allocations",
    "reward_balance_history",
    "reward_current_balances",
    "reward_mode_differences",
)
SELECTION = [f"+{mart}" for mart in MARTS]


@dataclass(frozen=True)
class Built:
    """A deployment whose rewards room is built over the histories, and dbt's word on it."""

    settings: Settings
    run: DbtRun


def build(settings: Settings, customers: list[list[Event]]) -> Built:
    """Writes the histories as raw rows and builds the rewards room."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        write_raw(warehouse, [event for history in customers for event in history])
    words = ["build", "--exclude-resource-type", "unit_test", "--select", *SELECTION]
    return Built(settings, run_dbt(settings, words))


def write_raw(warehouse: Warehouse, events: list[Event]) -> None:
    """One current document with a shuffled row an event."""
    random.Random(len(events)).shuffle(events)
    warehouse.execute(
        "insert into ops.documents (document_id, tenant_id, source, name, logical_key, revision,"
        " sha256, received_at, currency, state) values ($1, $2, $3, $4, $4, 1, $1, $5, $6, $7)",
        ["doc", "default", "thrive_cash", "histories", datetime(2026, 2, 1), "EUR", "landed"],
    )
    for start in range(0, len(events), 500):
        part = events[start : start + 500]
        values = ", ".join(_raw_row(event, start + n) for n, event in enumerate(part))
        warehouse.execute(
            "insert into raw.thrive_cash_transactions (trans_id, tctype, createdat, customerid,"
            " amount, expiredat, orderid, reason, _document_id, _source_file, _source_line)"
            f" values {values}"
        )


def _raw_row(event: Event, line: int) -> str:
    whole, cents = divmod(abs(event.amount), 100)
    amount = f"{'-' if event.amount < 0 else ''}{whole}.{cents:02d}"
    fields = (event.trans_id, event.kind, event.created_at.isoformat(" "), event.customer_id)
    expires = event.expires_at.isoformat(" ") if event.expires_at else None
    values = (*fields, amount, expires, event.order_id, event.reason)
    words = ("null" if value is None else repr(value) for value in values)
    return f"({', '.join(words)}, 'doc', 'histories', {line})"

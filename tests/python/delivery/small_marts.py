"""Marts of a finished run, small: what publishing does not read they need not have."""

from __future__ import annotations

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema


def make_marts(settings: Settings, amount: str = "10.50") -> None:
    """One table, one view, one run; something in staging that must not leave."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for schema in ("marts", "staging"):
            warehouse.execute(f"create schema if not exists {schema}")
        warehouse.execute("drop view if exists marts.v_large_payouts")
        warehouse.execute("drop table if exists marts.payouts")
        warehouse.execute(
            "create table marts.payouts as select cast('po_1' as text) as payout_id,"
            f" cast({amount} as decimal(28, 4)) as amount"
        )
        warehouse.execute("comment on table marts.payouts is 'One row per payout'")
        warehouse.execute("comment on column marts.payouts.amount is 'It''s exact'")
        warehouse.execute("create view marts.v_large_payouts as select * from marts.payouts")
        warehouse.execute("drop table if exists staging.stg_secret")
        warehouse.execute("create table staging.stg_secret as select 1 as x")
        warehouse.execute(
            "insert into ops.runs (run_id, command, target, as_of, started_at, status) values"
            f" ('run_{amount}', 'run', 'x', timestamp '2026-11-01 04:00:00',"
            f" timestamp '2026-11-01 04:00:{amount[:2]}', 'running')"
        )

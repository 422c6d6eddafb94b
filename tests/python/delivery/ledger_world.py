"""Books of a month by the thousand, made by SQL, the same on each engine.

Sales, refunds, payouts and reversals in several currencies; some entries of September, which
October opens with, and some that were late for it. marts.account_balances is added up here, by
another statement than any of the models'.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.schema import ensure_schema

PERIOD = "2026-10"
SEEDS = PROJECT_ROOT / "seeds"
_LEGS = (
    "(0, 1, '1110'), (0, 2, '5000'), (0, 3, '1100'), (1, 1, '1100'), (1, 2, '4010'),"
    " (2, 1, '1110'), (2, 2, '1120'), (3, 1, '1100'), (3, 2, '4000')"
)
_ENTRIES = """
create table marts.ledger_entries as
with numbered as (
    select
        i,
        case when i % 10 = 9 then 3 when i % 10 = 8 then 2 when i % 10 = 7 then 1 else 0 end as kind
    from generate_series(0, {last}) as numbers (i)
),
events as (
    select
        i, kind, 'ent_' || md5('entry ' || i) as entry_id,
        'txn_' || md5('event ' || i) as transaction_id,
        case (i * 7 + 3) % 11 {currencies} end as currency,
        case when i % 20 = 4 then date '2026-09-01' else date '2026-10-01' end as posting_period,
        case
            when i % 20 = 4 or i % 97 = 0 then date '2026-09-28'
            else date '2026-10-01' + cast(i % 31 as integer)
        end as posted_on,
        1 + (i * 7919) % 100000 as gross, (i * 7919) % 37 as fee
    from numbered
),
legs as (select * from (values {legs}) as legs (kind, leg, account_code)),
amounts as (
    select
        events.*, legs.leg, legs.account_code,
        case
            when events.kind = 0 and legs.leg = 1 then gross - fee
            when events.kind = 0 and legs.leg = 2 then fee
            when events.kind = 0 then -gross when legs.leg = 1 then -gross else gross
        end as amount_minor
    from events inner join legs on events.kind = legs.kind
)
select
    'lin_' || md5(i || ' ' || leg) as ledger_line_id, entry_id, 'acme' as tenant_id, posted_on,
    posting_period, account_code, 'Account ' || account_code as account_name,
    cast(amount_minor as bigint) as amount_minor, currency,
    case kind when 1 then 'refund' when 2 then 'payout' else 'charge' end as event_type,
    transaction_id, case kind when 3 then 'reversal' else 'original' end as entry_kind,
    case kind when 3 then 'ent_' || md5('entry ' || (i - 9)) end as reverses_entry_id,
    case kind
        when 0 then 'Processor: charge' when 2 then 'Payout' when 3 then 'Reversal: Sale'
        else 'Sale' end as memo,
    'rule_' || kind as posting_rule_id, leg, timestamp '2026-11-01 04:00:00' as recorded_at
from amounts where amount_minor != 0
"""
_BALANCES = """
create table marts.account_balances as
with entries as (select * from marts.ledger_entries),
keys as (select distinct tenant_id, account_code, currency from entries),
periods as (select distinct posting_period as period from entries),
joined as (
    select
        keys.*, periods.period, entries.posting_period, entries.amount_minor as n
    from keys cross join periods
    inner join entries
        on keys.tenant_id = entries.tenant_id and keys.account_code = entries.account_code
        and keys.currency = entries.currency
)
select
    tenant_id, account_code, currency, period,
    {opening} as opening_minor, {debits} as debits_minor, {credits} as credits_minor,
    {closing} as closing_minor
from joined
group by tenant_id, account_code, currency, period
"""
_SUMS = {
    "opening": "posting_period < period then n",
    "debits": "posting_period = period and n > 0 then n",
    "credits": "posting_period = period and n < 0 then -n",
    "closing": "posting_period <= period then n",
}


def make_books(
    settings: Settings, entries: int, currencies: Iterable[str] = ("EUR", "USD", "JPY")
) -> None:
    """Books of so many entries, of all months."""
    names = list(currencies)
    cases = " ".join(f"when {n} then '{names[n % len(names)]}'" for n in range(11))
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for schema in ("marts", "seeds"):
            warehouse.execute(f"create schema if not exists {schema}")
        for seed in ("currencies", "account_mappings", "export_settings"):
            _load(warehouse, seed)
        warehouse.execute(_ENTRIES.format(last=entries - 1, currencies=cases, legs=_LEGS))
    balance(settings)


def balance(settings: Settings) -> None:
    """Adds the balances up anew."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute("drop table if exists marts.account_balances")
        sums = {
            name: f"cast(coalesce(sum(case when {words} end), 0) as bigint)"
            for name, words in _SUMS.items()
        }
        warehouse.execute(_BALANCES.format(**sums))


def _load(warehouse: Warehouse, seed: str) -> None:
    with (SEEDS / f"{seed}.csv").open(newline="", encoding="utf-8") as handle:
        header, *rows = list(csv.reader(handle))
    columns = ", ".join(f"{name} text" for name in header)
    warehouse.execute(f"create table seeds.{seed} ({columns})")
    quoted = [
        ", ".join("null" if not cell else "'" + cell.replace("'", "''") + "'" for cell in row)
        for row in rows
    ]
    values = ", ".join(f"({row})" for row in quoted)
    warehouse.execute(f"insert into seeds.{seed} values {values}")


def change(settings: Settings, sql: str) -> None:
    """Spoils or corrects the books by hand."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute(sql)


def mapping(target: str) -> dict[str, str]:
    """Account code to the target's name, as the seed has it."""
    with (SEEDS / "account_mappings.csv").open(newline="", encoding="utf-8") as handle:
        return {
            row["account_code"]: row["their_account"]
            for row in csv.DictReader(handle)
            if row["target"] == target and row["tenant_id"] == "*"
        }


def balances(settings: Settings, period: str = PERIOD) -> list[Mapping[str, object]]:
    """marts.account_balances of the month."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows(
            "select balances.*, cast(currencies.exponent as integer) as places"
            " from marts.account_balances as balances"
            " inner join seeds.currencies as currencies on balances.currency = currencies.currency"
            f" where balances.period = date '{period}-01' and tenant_id = '{settings.tenant}'"
            " order by account_code, balances.currency"
        )


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file by name."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}

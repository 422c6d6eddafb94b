"""The tables of the rewards' files: their columns, and their rows now or at the end of a day.

In: nothing. Out: Table values; `query` is SQL with $1, the tenant, and mostly $2, the last day that
counts. A redemption never uses money earned after it, so the state at the end of a day is what
moved until then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from dbt_project.warehouse import Warehouse
from delivery.xlsx import Column

C = 'collate "C"'


def columns_of(words: str) -> tuple[Column, ...]:
    """`name:kind` words; the title is the name in capitals, text is the kind where none is said."""
    parts = [word.partition(":") for word in words.split()]
    return tuple(
        Column(name, name.upper(), kind or "text")  # type: ignore[arg-type]
        for name, _, kind in parts
    )


@dataclass(frozen=True)
class Table:
    """One table: its file's name, its sheet's, its columns, the SQL that gives its rows."""

    name: str
    title: str
    needs: tuple[str, ...]
    columns: tuple[Column, ...]
    query: str

    def rows(self, warehouse: Warehouse, tenant: str, day: date) -> Iterator[dict[str, Any]]:
        """The tenant's rows, as of the day where the table knows days."""
        return asked(warehouse, self.query, tenant, day)


def asked(warehouse: Warehouse, sql: str, tenant: str, day: date) -> Iterator[dict[str, Any]]:
    """The rows of SQL with $1, the tenant, and perhaps $2, the last day that counts."""
    return warehouse.stream(sql, [tenant, str(day)] if "$2" in sql else [tenant])


# What allocations until a day made of each lot. With none after the day REDEEMID is today's; else
# it is what took the last cent until then.
_TC_DATA = f"""
with taken as (
    select *, redeemed_on <= cast($2 as date) as counts,
        row_number() over (
            partition by earned_reward_transaction_id
            order by case when redeemed_on <= cast($2 as date) and redeemed_by != 'reversed'
                then 0 else 1 end, redeemed_at desc, length(redeemed_trans_id) desc,
                redeemed_trans_id {C} desc
        ) as place
    from marts.reward_allocations
    where tenant_id = $1
),
used_lots as (
    select earned_reward_transaction_id as id,
        sum(case when counts then allocated_minor else 0 end) as allocated_minor,
        sum(case when counts then allocated else 0 end) as allocated,
        min(case when counts then 1 else 0 end) = 1 as is_final,
        max(case when place = 1 then redeemed_trans_id end) as last_id
    from taken group by earned_reward_transaction_id
),
single as (
    select trans_id, tenant_id, min(business_date) as used_on
    from marts.reward_transactions
    where problem is null and tenant_id = $1
    group by trans_id, tenant_id
)
select
    rows_in.tenant_id, rows_in.trans_id, rows_in.tctype, rows_in.createdat, rows_in.expiredat,
    rows_in.customerid, rows_in.orderid, rows_in.amount, rows_in.reason, rows_in.currency,
    case when coalesce(used_lots.is_final, true) then rows_in.redeemid
        when used_lots.allocated_minor = rows_in.amount_minor then used_lots.last_id
    end as redeemid,
    case when moves.is_lot then coalesce(used_lots.allocated, 0) else rows_in.allocated
    end as allocated,
    case when moves.is_lot and moves.problem is null
        then rows_in.amount - coalesce(used_lots.allocated, 0) else 0 end as open_amount,
    rows_in.unfunded_amount,
    case when single.used_on <= cast($2 as date) then rows_in.redeemid_one_to_one
    end as redeemid_one_to_one,
    rows_in.problem, rows_in.account_customerid, rows_in.business_date,
    rows_in._source_file, rows_in._source_line
from marts.tc_data_with_redemptions as rows_in
inner join marts.reward_transactions as moves
    on rows_in.reward_transaction_id = moves.reward_transaction_id
left join used_lots on rows_in.reward_transaction_id = used_lots.id
left join single
    on rows_in.redeemid_one_to_one = single.trans_id and rows_in.tenant_id = single.tenant_id
where rows_in.tenant_id = $1 and rows_in.business_date <= cast($2 as date)
order by rows_in.tenant_id {C}, rows_in.account_customerid {C}, rows_in.currency {C},
    moves.created_at, length(rows_in.trans_id), rows_in.trans_id {C}, rows_in.reward_transaction_id
"""
TC_DATA = Table(
    "tc_data_with_redemptions",
    "TC_Data",
    ("tc_data_with_redemptions", "reward_transactions", "reward_allocations"),
    columns_of(
        "trans_id tctype createdat:moment expiredat:moment customerid orderid amount:money reason"
        " redeemid currency allocated:money open_amount:money unfunded_amount:money"
        " redeemid_one_to_one problem account_customerid business_date:day"
    ),
    _TC_DATA,
)
ALLOCATIONS = Table(
    "reward_allocations",
    "Allocations",
    ("reward_allocations",),
    columns_of(
        "customer_id earned_trans_id redeemed_trans_id redeemed_by reversed_trans_id currency"
        " allocated:money earned_on:day redeemed_on:day finishes_lot:flag method"
    ),
    "select * from marts.reward_allocations where tenant_id = $1"
    " and redeemed_on <= cast($2 as date)"
    f" order by tenant_id {C}, customer_id {C}, currency {C}, redeemed_at,"
    f" length(redeemed_trans_id), redeemed_trans_id {C}, earned_at, length(earned_trans_id),"
    f" earned_trans_id {C}, allocation_id {C}",
)
HISTORY = Table(
    "customer_balance_history",
    "Balance history",
    ("customer_balance_history",),
    columns_of(
        "customerid event_number:whole trans_id tctype createdat:moment currency earned:money"
        " spent:money expired:money reversed:money total_earned:money total_spent:money"
        " total_expired:money total_reversed:money balance:money open_lots:money"
    ),
    "select * from marts.customer_balance_history where tenant_id = $1"
    " and business_date <= cast($2 as date)"
    f" order by tenant_id {C}, customerid {C}, currency {C}, event_number",
)
BALANCES = Table(
    "customer_current_balances",
    "Current balances",
    ("customer_balance_history", "reward_customers"),
    columns_of(
        "customerid customer_group company cost_center region currency earned:money spent:money"
        " expired:money reversed:money balance:money open_lots:money last_event_at:moment"
    ),
    "select last_rows.tenant_id, last_rows.customerid, customers.customer_group,"
    " customers.company, customers.cost_center, customers.region, last_rows.currency,"
    " last_rows.total_earned as earned, last_rows.total_spent as spent,"
    " last_rows.total_expired as expired, last_rows.total_reversed as reversed,"
    " last_rows.balance, last_rows.open_lots, last_rows.createdat as last_event_at"
    " from (select history.*, row_number() over (partition by tenant_id, customerid, currency"
    " order by event_number desc) as place from marts.customer_balance_history as history"
    " where tenant_id = $1 and business_date <= cast($2 as date)) as last_rows"
    " inner join marts.reward_customers as customers on last_rows.tenant_id = customers.tenant_id"
    " and last_rows.customerid = customers.customer_id where last_rows.place = 1"
    f" order by last_rows.tenant_id {C}, last_rows.customerid {C}, last_rows.currency {C}",
)

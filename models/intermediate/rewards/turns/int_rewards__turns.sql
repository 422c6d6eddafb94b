{{ config(materialized='kept', kept_by='customer_id') }}

with stretches as (
    select * from {{ ref('int_rewards__stretches') }} {{ only_touched() }}
)

select
    {{ key_hash('str', ['mode', 'tenant_id', 'currency', 'customer_id', 'stretch_number']) }} as stretch_id,
    mode,
    counts,
    tenant_id,
    currency,
    customer_id,
    trans_id,
    type,
    is_lot,
    event_number,
    created_at,
    expires_at,
    cast(units as bigint) as units,
    abs(amount_minor) as whole_minor,
    goes_by_date,
    is_undoable,
    holder_order_id,
    named_order_id,
    named_number,
    row_number() over (stretch order by event_number) as turn,
    row_number() over (
        stretch
        order by
            case lot_order when 'earliest_expiry_first' then expires_at end nulls last,
            case lot_order when 'newest_first' then -event_number else event_number end
    ) as use_rank,
    row_number() over (stretch order by expires_at, event_number) as expiry_rank
from stretches
window stretch as (partition by mode, tenant_id, currency, customer_id, stretch_number, is_lot)

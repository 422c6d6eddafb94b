with reported as (
    select * from {{ ref('stg_thrive_cash__events') }}
),

-- A row delivered again, with the same money facts, is one event; the first copy speaks for it.
counted as (
    select
        *,
        row_number() over (same_facts order by _document_id, _source_line) as copy_number,
        count(*) over same_facts as times_reported
    from reported
    window same_facts as (partition by tenant_id, trans_id, kind, created_at, customer_id, amount_minor, currency)
),

events as (
    select
        *,
        count(*) over (partition by tenant_id, trans_id) > 1 as has_conflict
    from counted
    where copy_number = 1
),

identified as (
    select
        *,
        case
            when has_conflict
                then {{ key_hash('rwd', ['tenant_id', 'trans_id', 'kind', 'created_at', 'customer_id', 'amount_minor', 'currency']) }}
            else {{ key_hash('rwd', ['tenant_id', 'trans_id']) }}
        end as reward_transaction_id,
        kind = 'earned' as is_lot
    from events
)

select
    reward_transaction_id,
    tenant_id,
    trans_id,
    customer_id,
    order_id,
    kind,
    reason,
    currency,
    cast(amount_minor as bigint) as amount_minor,
    created_at,
    expires_at,
    business_date,
    is_lot,
    has_conflict,
    cast(times_reported as integer) as times_reported,
    _document_id,
    _source_file,
    _source_line
from identified

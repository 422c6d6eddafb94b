{{ config(materialized='kept', kept_by='trans_id', tells='customer_id') }}

with reported as (
    select * from {{ ref('int_rewards__rows') }} {{ only_touched() }}
),

reward_types as (
    select * from {{ ref('reward_types') }}
),

mergers as (
    select * from {{ ref('reward_customer_merges') }}
),

held as (
    select
        reported.*,
        coalesce(mergers.merged_into, reported.customer_id) as holder_id
    from reported
    left join mergers on reported.tenant_id = mergers.tenant_id and reported.customer_id = mergers.customer_id
),

-- A row delivered again, with the same money facts, is one event; the first copy speaks for it.
counted as (
    select
        *,
        row_number() over (same_facts order by _document_id, _source_line) as copy_number,
        count(*) over same_facts as times_reported
    from held
    window same_facts as (partition by tenant_id, trans_id, kind, created_at, holder_id, amount_minor, currency)
),

events as (
    select
        *,
        count(*) over (partition by tenant_id, trans_id) > 1 as has_conflict
    from counted
    where copy_number = 1
),

typed as (
    select
        events.*,
        coalesce(own_types.type, shared_types.type, 'unknown') as type
    from events
    left join reward_types as own_types on events.tenant_id = own_types.tenant_id and events.kind = own_types.native_type
    left join reward_types as shared_types on shared_types.tenant_id = '*' and events.kind = shared_types.native_type
)

-- A row with a problem is told as a break and takes no part in any history.
select
    tenant_id,
    trans_id,
    holder_id as customer_id,
    customer_id as reported_customer_id,
    order_id,
    type,
    kind as native_type,
    reason,
    currency,
    cast(amount_minor as bigint) as amount_minor,
    created_at,
    expires_at,
    business_date,
    type = 'earned' as is_lot,
    has_conflict,
    case
        when has_conflict then 'conflict'
        when type = 'unknown' then 'unknown_type'
        when type in ('earned', 'reversed') and amount_minor < 0 then 'wrong_sign'
        when type in ('spent', 'expired') and amount_minor > 0 then 'wrong_sign'
    end as problem,
    cast(times_reported as integer) as times_reported,
    _document_id,
    _source_file,
    _source_line
from typed

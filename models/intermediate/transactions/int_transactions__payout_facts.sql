with

payout_lines as (
    select * from {{ ref('stg_stripe__payouts') }}
),

ranked as (
    select
        payout_lines.*,
        row_number() over (
            partition by tenant_id, source, source_account, payout_id
            order by
                case when native_type = 'payout' then 1 else 2 end,
                case when native_status = 'pending' then 2 else 1 end,
                _received_at desc nulls last,
                _document_id desc,
                _source_line desc
        ) as place
    from payout_lines
)

select
    tenant_id,
    source,
    source_account,
    payout_id,
    native_status,
    trace_id,
    expected_on
from ranked
where place = 1

with

told as (
    select
        tenant_id,
        source,
        source_account,
        payout_id,
        native_type,
        native_status,
        trace_id,
        expected_on,
        _received_at as told_at,
        _document_id,
        _source_line
    from {{ ref('stg_stripe__payouts') }}
    union all
    select
        tenant_id,
        source,
        source_account,
        payout_id,
        'payout' as native_type,
        native_status,
        trace_id,
        expected_on,
        told_at,
        _document_id,
        _source_line
    from {{ ref('stg_stripe__api_payouts') }}
),

ranked as (
    select
        told.*,
        row_number() over (
            partition by tenant_id, source, source_account, payout_id
            order by
                case when native_type = 'payout' then 1 else 2 end,
                case when native_status = 'pending' then 2 else 1 end,
                told_at desc nulls last,
                _document_id desc,
                _source_line desc
        ) as place
    from told
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

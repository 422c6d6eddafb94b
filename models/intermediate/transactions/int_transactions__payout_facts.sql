{% set latest = "case when native_type = 'payout' then 1 else 2 end, case when native_status = 'pending' then 2 else 1 end, "
    ~ "told_at desc nulls last" %}
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
        _received_at as told_at
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
        told_at
    from {{ ref('stg_stripe__api_payouts') }}
),

-- Each fact by the latest report that says it: one that leaves the trace out does not take it back. Of one moment the content decides,
-- not the place in a file.
ranked as (
    select
        told.*,
        row_number() over (by_payout order by {{ latest }}, native_status, trace_id, expected_on) as place,
        row_number() over (by_payout order by case when trace_id is null then 2 else 1 end, {{ latest }}, trace_id) as trace_id_place,
        row_number() over (
            by_payout order by case when expected_on is null then 2 else 1 end, {{ latest }}, expected_on
        ) as expected_on_place
    from told
    window by_payout as (partition by tenant_id, source, source_account, payout_id)
)

select
    tenant_id,
    source,
    source_account,
    payout_id,
    max(case when place = 1 then native_status end) as native_status,
    max(case when trace_id_place = 1 then trace_id end) as trace_id,
    max(case when expected_on_place = 1 then expected_on end) as expected_on
from ranked
group by tenant_id, source, source_account, payout_id

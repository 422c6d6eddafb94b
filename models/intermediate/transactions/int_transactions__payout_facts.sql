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
{% set latest = "case when native_type = 'payout' then 1 else 2 end, case when native_status = 'pending' then 2 else 1 end, "
    ~ "told_at desc nulls last" %}
ranked as (
    select
        told.*,
        row_number() over (by_payout order by {{ latest }}, native_status, trace_id, expected_on) as place,
        {% for fact in ['trace_id', 'expected_on'] %}
            row_number() over (
                by_payout order by case when {{ fact }} is null then 2 else 1 end, {{ latest }}, {{ fact }}
            ) as {{ fact }}_place{{ ',' if not loop.last }}
        {% endfor %}
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

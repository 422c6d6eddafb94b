{% set sums = ['volume', 'charged', 'expected', 'overcharged', 'undercharged', 'unpriced', 'monthly_minimum', 'short_of_minimum'] %}
with fee_audit as (
    select
        audited.*,
        substring(cast(business_date as {{ dbt.type_string() }}), 1, 7) as month
    from {{ ref('fee_audit') }} as audited
    where state != 'nothing_charged'
),

fee_schedules as (
    select * from {{ ref('fee_schedules') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

summed as (
    select
        tenant_id, processor, coalesce(schedule_id, '(none)') as schedule_id, month, currency,
        count(*) as transactions,
        sum(case when state in ('overcharged', 'undercharged') then 1 else 0 end) as off_count,
        sum(case when state = 'not_reported' then 1 else 0 end) as not_reported_count,
        sum(volume_minor) as volume_minor,
        sum(charged_minor) as charged_minor,
        coalesce(sum(expected_minor), 0) as expected_minor,
        sum(case when state = 'overcharged' then difference_minor else 0 end) as overcharged_minor,
        sum(case when state = 'undercharged' then -difference_minor else 0 end) as undercharged_minor,
        sum(case when state in ('no_schedule', 'not_reported') then charged_minor else 0 end) as unpriced_minor
    from fee_audit
    group by tenant_id, processor, coalesce(schedule_id, '(none)'), month, currency
),

months as (
    select
        summed.*,
        fee_schedules.collected,
        currencies.exponent,
        coalesce(fee_schedules.monthly_minimum_minor, 0) as monthly_minimum_minor,
        greatest(coalesce(fee_schedules.monthly_minimum_minor, 0) - summed.expected_minor, 0) as short_of_minimum_minor
    from summed
    inner join currencies on summed.currency = currencies.currency
    left join fee_schedules on summed.schedule_id = fee_schedules.schedule_id
)

select
    -- keys
    {{ key_hash('fee', ['months.tenant_id', 'months.processor', 'months.schedule_id', 'months.month', 'months.currency']) }}
        as fee_month_id,
    cast(months.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(months.processor as {{ dbt.type_string() }}) as processor,
    cast(months.schedule_id as {{ dbt.type_string() }}) as schedule_id,
    cast(months.month as {{ dbt.type_string() }}) as month,
    cast(months.collected as {{ dbt.type_string() }}) as collected,

    -- counts
    cast(months.transactions as bigint) as transactions,
    cast(months.off_count as bigint) as off_count,
    cast(months.not_reported_count as bigint) as not_reported_count,

    -- money
    {% for name in sums %}
        cast(months.{{ name }}_minor as bigint) as {{ name }}_minor,
        {{ major_units('months.' ~ name ~ '_minor', 'months.exponent') }} as {{ name }},
    {% endfor %}
    cast(months.currency as {{ dbt.type_string() }}) as currency
from months

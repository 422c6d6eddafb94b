with fee_rows as (
    select * from {{ ref('int_discrepancies__fee_rows') }}
),

expected as (
    select * from {{ ref('int_discrepancies__fee_expected') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

compared as (
    select
        fee_rows.*,
        expected.schedule_id,
        expected.pricing,
        expected.collected,
        expected.tolerance_minor,
        expected.tier_by,
        expected.rate_millionths,
        expected.flat_minor,
        expected.volume_before_minor,
        expected.month_volume_minor,
        expected.expected_minor,
        currencies.exponent,
        case when expected.collected = 'netted' then fee_rows.fee_minor - expected.expected_minor end as difference_minor
    from fee_rows
    inner join currencies on fee_rows.currency = currencies.currency
    left join expected on fee_rows.transaction_id = expected.transaction_id
),

judged as (
    select
        compared.*,
        case
            when schedule_id is null and fee_minor = 0 then 'nothing_charged'
            when schedule_id is null then 'no_schedule'
            when expected_minor is null then 'not_reported'
            when collected = 'invoiced' then 'invoiced'
            when abs(difference_minor) <= tolerance_minor then 'agrees'
            when difference_minor > 0 then 'overcharged'
            else 'undercharged'
        end as state
    from compared
)

select
    -- keys
    cast(transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(schedule_id as {{ dbt.type_string() }}) as schedule_id,
    cast(source as {{ dbt.type_string() }}) as source,
    cast(processor as {{ dbt.type_string() }}) as processor,
    cast(source_account as {{ dbt.type_string() }}) as source_account,
    cast(event_type as {{ dbt.type_string() }}) as event_type,
    cast(nullif(card_brand, '') as {{ dbt.type_string() }}) as card_brand,
    cast(nullif(card_product, '') as {{ dbt.type_string() }}) as card_product,
    cast(nullif(card_funding, '') as {{ dbt.type_string() }}) as card_funding,

    -- money
    cast(currency as {{ dbt.type_string() }}) as currency,
    {% for name, column in [
        ('volume', 'volume_minor'), ('charged', 'fee_minor'), ('expected', 'expected_minor'), ('difference', 'difference_minor'),
        ('interchange', 'interchange_minor'), ('scheme_fee', 'scheme_fee_minor')
    ] %}
        cast({{ column }} as bigint) as {{ name }}_minor,
        {{ major_units(column, 'exponent') }} as {{ name }},
    {% endfor %}

    -- time
    cast(business_date as date) as business_date,

    -- state
    cast(state as {{ dbt.type_string() }}) as state,
    cast({{ fee_calculation() }} as {{ dbt.type_string() }}) as calculation
from judged

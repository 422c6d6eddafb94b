{% set account = ['tenant_id', 'source', 'source_account', 'currency', 'period'] %}
with

lines as (
    select * from {{ ref('int_payouts__statement_lines') }}
),

balances as (
    select * from {{ ref('int_payouts__statement_balances') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

told as (
    {% for name, place in [('opening', 1), ('closing', 4)] %}
        select
            {{ account | join(', ') }},
            {{ place }} as place,
            '{{ name }}' as section,
            'balance' as reporting_category,
            0 as movement_count,
            {{ name }}_minor as gross_minor,
            cast(0 as bigint) as fee_minor,
            {{ name }}_minor as net_minor,
            stated_{{ name }}_minor as stated_minor
        from balances
        union all
    {% endfor %}
    select
        {{ account | join(', ') }},
        case section when 'activity' then 2 else 3 end as place,
        section, reporting_category, movement_count, gross_minor, fee_minor, net_minor,
        cast(null as bigint) as stated_minor
    from lines
)

select
    -- keys
    {{ key_hash('bsm', ['told.' ~ account[0]] + ['source', 'source_account', 'told.currency', 'period', 'section', 'reporting_category']) }}
        as balance_summary_id,
    cast(told.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(told.source as {{ dbt.type_string() }}) as source,
    cast(told.source_account as {{ dbt.type_string() }}) as source_account,
    cast(told.currency as {{ dbt.type_string() }}) as currency,
    cast(told.period as date) as period,
    cast(told.place as integer) as place,
    cast(told.section as {{ dbt.type_string() }}) as section,
    cast(told.reporting_category as {{ dbt.type_string() }}) as reporting_category,

    -- money
    cast(told.movement_count as integer) as movement_count,
    {% for measure in ['gross', 'fee', 'net', 'stated'] %}
        cast(told.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('told.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(told.stated_minor - told.net_minor as bigint) as difference_minor,
    {{ major_units('told.stated_minor - told.net_minor', 'currencies.exponent') }} as difference
from told
left join currencies on told.currency = currencies.currency

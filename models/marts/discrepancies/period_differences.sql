{%- set states = ['total', 'matched', 'proposed', 'expected', 'missing', 'ambiguous', 'excluded', 'discrepant'] -%}
with period_figures as (
    select * from {{ ref('int_discrepancies__period_figures') }}
),

closed_periods as (
    select * from {{ source('ops', 'closed_periods') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

differing as (
    {% for state in states %}
        select
            close_id, period, tenant_id, reconciliation, source, role, business_date, currency,
            '{{ state }}_count' as figure, false as is_money,
            was_{{ state }}_count as was_units, now_{{ state }}_count as now_units
        from period_figures
        where was_{{ state }}_count != now_{{ state }}_count
        union all
        select
            close_id, period, tenant_id, reconciliation, source, role, business_date, currency,
            '{{ state }}_amount' as figure, true as is_money,
            was_{{ state }}_amount_minor as was_units, now_{{ state }}_amount_minor as now_units
        from period_figures
        where was_{{ state }}_amount_minor != now_{{ state }}_amount_minor
        union all
    {% endfor %}
    select
        close_id, period, tenant_id, reconciliation, source, role, business_date, currency,
        'amount_at_risk' as figure, true as is_money, was_amount_at_risk_minor as was_units, now_amount_at_risk_minor as now_units
    from period_figures
    where was_amount_at_risk_minor != now_amount_at_risk_minor
),

scaled as (
    select
        differing.*,
        case when differing.is_money then currencies.exponent else 0 end as exponent
    from differing
    inner join currencies on differing.currency = currencies.currency
)

select
    -- keys
    {{ key_hash('dif', [
        'scaled.close_id', 'scaled.reconciliation', 'scaled.source', 'scaled.role', 'scaled.business_date', 'scaled.currency',
        'scaled.figure'
    ]) }} as period_difference_id,
    cast(scaled.close_id as {{ dbt.type_string() }}) as close_id,
    cast(scaled.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(scaled.period as {{ dbt.type_string() }}) as period,
    cast(scaled.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(scaled.source as {{ dbt.type_string() }}) as source,
    cast(scaled.role as {{ dbt.type_string() }}) as role,
    cast(scaled.business_date as date) as business_date,
    cast(scaled.currency as {{ dbt.type_string() }}) as currency,
    cast(scaled.figure as {{ dbt.type_string() }}) as figure,

    -- what it was and is: a count, or an amount in major units
    {{ major_units('scaled.was_units', 'scaled.exponent') }} as was,
    {{ major_units('scaled.now_units', 'scaled.exponent') }} as is_now,
    {{ major_units('scaled.now_units - scaled.was_units', 'scaled.exponent') }} as difference,

    -- who closed it
    cast(closed_periods.closed_by as {{ dbt.type_string() }}) as closed_by,
    cast(closed_periods.closed_at as timestamp) as closed_at
from scaled
inner join closed_periods on scaled.close_id = closed_periods.close_id

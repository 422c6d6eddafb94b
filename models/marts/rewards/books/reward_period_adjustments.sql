{%- set figures = ['earned', 'spent', 'expired', 'reversed', 'unfunded'] -%}
with closed_months as (
    select * from {{ ref('int_rewards__closed_months') }}
    where was_rows_print != now_rows_print or was_event_count != now_event_count
),

closed_periods as (
    select * from {{ source('ops', 'closed_reward_periods') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- The liability is what the five come to, unfunded aside; `rows` says that others than then are behind the same money, too.
adjusted as (
    {% for figure in figures %}
        select
            close_id, tenant_id, customer_id, currency, period,
            '{{ figure }}' as figure, true as is_money, was_{{ figure }}_minor as was_units, now_{{ figure }}_minor as now_units
        from closed_months
        where was_{{ figure }}_minor != now_{{ figure }}_minor
        union all
    {% endfor %}
    select
        close_id, tenant_id, customer_id, currency, period,
        'liability' as figure, true as is_money,
        was_earned_minor - was_spent_minor - was_expired_minor + was_reversed_minor as was_units,
        now_earned_minor - now_spent_minor - now_expired_minor + now_reversed_minor as now_units
    from closed_months
    where
        was_earned_minor - was_spent_minor - was_expired_minor + was_reversed_minor
        != now_earned_minor - now_spent_minor - now_expired_minor + now_reversed_minor
    union all
    select
        close_id, tenant_id, customer_id, currency, period,
        'rows' as figure, false as is_money, was_event_count as was_units, now_event_count as now_units
    from closed_months
),

scaled as (
    select
        adjusted.*,
        case when adjusted.is_money then currencies.exponent else 0 end as exponent
    from adjusted
    inner join currencies on adjusted.currency = currencies.currency
)

select
    {{ key_hash('rpa', [
        'scaled.close_id', 'scaled.customer_id', 'scaled.currency', 'scaled.period', 'scaled.figure'
    ]) }} as reward_adjustment_id,
    cast(scaled.close_id as {{ dbt.type_string() }}) as close_id,
    cast(scaled.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(closed_periods.period as date) as closed_period,
    cast(scaled.period as date) as period,
    cast(scaled.customer_id as {{ dbt.type_string() }}) as customer_id,
    cast(scaled.currency as {{ dbt.type_string() }}) as currency,
    cast(scaled.figure as {{ dbt.type_string() }}) as figure,
    cast(scaled.was_units as bigint) as was_minor,
    {{ major_units('scaled.was_units', 'scaled.exponent') }} as was,
    cast(scaled.now_units as bigint) as is_now_minor,
    {{ major_units('scaled.now_units', 'scaled.exponent') }} as is_now,
    cast(scaled.now_units - scaled.was_units as bigint) as difference_minor,
    {{ major_units('scaled.now_units - scaled.was_units', 'scaled.exponent') }} as difference,
    cast(closed_periods.closed_by as {{ dbt.type_string() }}) as closed_by,
    cast(closed_periods.closed_at as timestamp) as closed_at
from scaled
inner join closed_periods on scaled.close_id = closed_periods.close_id

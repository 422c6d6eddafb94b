-- Stages of one part of a sale side by side. Where a stage was reported twice with other money, both stay in card_sales and
-- the part is in conflict: nothing is added up.
with

sales as (
    select * from {{ ref('card_sales') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

parts as (
    select
        sale_key,
        instalment,
        min(tenant_id) as tenant_id,
        min(acquirer) as acquirer,
        min(sale_id) as sale_id,
        max(instalments) as instalments,
        min(currency) as currency,
        min(sale_date) as sale_date,
        max(case when has_conflict then 1 else 0 end) = 1 as has_conflict,
        {% for stage in ['forecast', 'settled', 'anticipated'] %}
            max(case when stage = '{{ stage }}' then gross_minor end) as {{ stage }}_gross_minor,
            max(case when stage = '{{ stage }}' then net_minor - anticipation_cost_minor end) as {{ stage }}_net_minor,
            max(case when stage = '{{ stage }}' then coalesce(settlement_date, due_date) end) as {{ stage }}_date,
        {% endfor %}
        max(due_date) as due_date
    from sales
    group by sale_key, instalment
),

judged as (
    select
        parts.*,
        coalesce(settled_net_minor, anticipated_net_minor) as paid_net_minor,
        coalesce(settled_date, anticipated_date) as paid_date
    from parts
),

compared as (
    select
        judged.*,
        case when not judged.has_conflict then judged.paid_net_minor - judged.forecast_net_minor end as difference_minor,
        currencies.exponent
    from judged
    left join currencies on judged.currency = currencies.currency
)

select
    cast({{ key_hash('cpart', ['sale_key', 'instalment']) }} as {{ dbt.type_string() }}) as card_part_id,
    cast(sale_key as {{ dbt.type_string() }}) as sale_key,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(acquirer as {{ dbt.type_string() }}) as acquirer,
    cast(sale_id as {{ dbt.type_string() }}) as sale_id,
    cast(instalment as integer) as instalment,
    cast(instalments as integer) as instalments,
    cast(
        case
            when has_conflict then 'conflict'
            when forecast_net_minor is null then 'paid_without_forecast'
            when paid_net_minor is null then 'to_be_paid'
            when paid_net_minor = forecast_net_minor then 'paid_as_forecast'
            else 'paid_otherwise'
        end as {{ dbt.type_string() }}
    ) as state,
    {% for money in ['forecast_gross', 'forecast_net', 'paid_net', 'difference'] %}
        cast({{ money }}_minor as bigint) as {{ money }}_minor,
        {{ major_units(money ~ '_minor', 'exponent') }} as {{ money }},
    {% endfor %}
    cast(currency as {{ dbt.type_string() }}) as currency,
    cast(sale_date as date) as sale_date,
    cast(forecast_date as date) as forecast_date,
    cast(paid_date as date) as paid_date,
    cast({{ days_between('forecast_date', 'paid_date') }} as integer) as days_late,
    cast({{ days_between('sale_date', 'paid_date') }} as integer) as days_to_money
from compared

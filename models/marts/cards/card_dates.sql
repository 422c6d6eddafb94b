with recursive

known_days as (
    {% for day in ['sale_date', 'due_date', 'settlement_date'] %}
        select tenant_id, {{ day }} as date_day from {{ ref('int_cards__sale_lines') }} where {{ day }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

bounds as (
    select tenant_id, min(date_day) as first_day, max(date_day) as last_day
    from known_days
    group by tenant_id
),

days as (
    select tenant_id, first_day as date_day, last_day from bounds
    union all
    select tenant_id, {{ add_days('date_day', 1) }} as date_day, last_day from days where date_day < last_day
)

select
    cast({{ key_hash('day', ['tenant_id', 'date_day']) }} as {{ dbt.type_string() }}) as card_date_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(date_day as date) as date_day,
    cast(extract(year from date_day) as integer) as year_number,
    cast(extract(quarter from date_day) as integer) as quarter_number,
    cast(extract(month from date_day) as integer) as month_number,
    cast(extract(day from date_day) as integer) as day_number,
    cast(extract(isodow from date_day) as integer) as weekday_number,
    cast(extract(isodow from date_day) >= 6 as boolean) as is_weekend
from days

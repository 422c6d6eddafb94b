{{ config(materialized='table') }}
with recursive

known_days as (
    {% for day in ['sale_date', 'due_date', 'settlement_date'] %}
        select {{ day }} as date_day from {{ ref('int_cards__sale_lines') }} where {{ day }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

bounds as (
    select min(date_day) as first_day, max(date_day) as last_day from known_days
),

days as (
    select first_day as date_day, last_day from bounds where first_day is not null
    union all
    select {{ add_days('date_day', 1) }} as date_day, last_day from days where date_day < last_day
)

select
    cast(date_day as date) as date_day,
    cast(extract(year from date_day) as integer) as year_number,
    cast(extract(quarter from date_day) as integer) as quarter_number,
    cast(extract(month from date_day) as integer) as month_number,
    cast(extract(day from date_day) as integer) as day_number,
    cast(extract(isodow from date_day) as integer) as weekday_number,
    cast(extract(isodow from date_day) >= 6 as boolean) as is_weekend
from days

{{ config(materialized='view') }}

with results as (
    select
        *,
        case type when 'earned' then amount_minor else 0 end as earned_part,
        case type when 'spent' then -amount_minor else 0 end as spent_part,
        case type when 'expired' then -amount_minor else 0 end as expired_part,
        case type when 'reversed' then amount_minor else 0 end as reversed_part,
        earned_so_far - spent_so_far - expired_so_far + reversed_so_far as balance_so_far
    from {{ ref('int_rewards__results') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

{% set figures = {
    'earned': 'earned_part', 'spent': 'spent_part', 'expired': 'expired_part', 'reversed': 'reversed_part',
    'total_earned': 'earned_so_far', 'total_spent': 'spent_so_far', 'total_expired': 'expired_so_far', 'total_reversed': 'reversed_so_far',
    'balance': 'balance_so_far', 'open_lots': 'in_lots_so_far',
} -%}
select
    {{ reward_transaction_id('results') }} as reward_transaction_id,
    results.tenant_id,
    results.customer_id,
    results.event_number,
    results.trans_id,
    results.type,
    results.currency,
    {% for figure, column in figures.items() %}
        cast(results.{{ column }} as bigint) as {{ figure }}_minor,
        {{ major_units('results.' ~ column, 'currencies.exponent') }} as {{ figure }},
    {% endfor %}
    results.created_at as occurred_at,
    results.business_date as occurred_on
from results
inner join currencies on results.currency = currencies.currency

with

pairs as (
    select * from {{ ref('int_payouts__bank_pairs') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    -- keys
    {{ key_hash('pbl', ['pairs.payout_transaction_id', 'pairs.bank_transaction_id']) }} as payout_bank_line_id,
    cast(pairs.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(pairs.match_id as {{ dbt.type_string() }}) as match_id,
    cast(pairs.payout_transaction_id as {{ dbt.type_string() }}) as payout_transaction_id,
    cast(pairs.event_type as {{ dbt.type_string() }}) as event_type,
    cast(pairs.bank_transaction_id as {{ dbt.type_string() }}) as bank_transaction_id,

    -- money
    cast(pairs.currency as {{ dbt.type_string() }}) as currency,
    {% for measure in ['paid', 'arrived', 'difference'] %}
        cast(pairs.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('pairs.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(pairs.payout_count as integer) as payout_count,
    cast(pairs.bank_line_count as integer) as bank_line_count,

    -- time
    cast(pairs.bank_date as date) as bank_date,

    -- state
    cast(pairs.match_status as {{ dbt.type_string() }}) as match_status
from pairs
left join currencies on pairs.currency = currencies.currency

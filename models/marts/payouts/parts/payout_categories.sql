with

categories as (
    select * from {{ ref('int_payouts__categories') }}
),

shares as (
    select * from {{ ref('int_payouts__shares') }}
),

payouts as (
    select * from {{ ref('payouts') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    -- keys
    {{ key_hash('pct', ['categories.payout_transaction_id', 'categories.reporting_category']) }} as payout_category_id,
    payouts.tenant_id,
    payouts.source,
    payouts.source_account,
    payouts.transaction_id,
    payouts.payout_id,
    cast(categories.reporting_category as {{ dbt.type_string() }}) as reporting_category,

    -- money
    payouts.currency,
    cast(categories.member_count as integer) as member_count,
    {% for measure in ['gross', 'fee', 'net'] %}
        cast(categories.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('categories.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(shares.share_bps as bigint) as share_bps,

    -- time
    payouts.paid_on,

    -- state
    cast(categories.is_counted as boolean) as is_counted
from categories
inner join payouts on categories.payout_transaction_id = payouts.transaction_id
left join shares
    on categories.payout_transaction_id = shares.payout_transaction_id
        and categories.reporting_category = shares.reporting_category
left join currencies on payouts.currency = currencies.currency

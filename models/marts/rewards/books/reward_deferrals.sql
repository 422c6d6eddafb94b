with deferral_months as (
    select * from {{ ref('int_rewards__deferral_months') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- What will be used in the end: the estimate, but never less than was used already, nor more than that and what is left.
expected as (
    select
        *,
        granted_minor - redeemed_to_date_minor - expired_to_date_minor as open_lots_minor,
        least(
            greatest({{ proportion('granted_minor', 'expected_redemption_bps', '10000') }}, redeemed_to_date_minor),
            granted_minor - expired_to_date_minor
        ) as expected_redemption_minor
    from deferral_months
),

-- Revenue in proportion to what was used of what will be. No lot is carried above what it can still buy, so what expired is revenue.
recognised as (
    select
        *,
        greatest(
            coalesce({{ proportion('deferred_minor', 'redeemed_to_date_minor', 'expected_redemption_minor') }}, deferred_minor),
            deferred_minor - open_lots_minor
        ) as revenue_to_date_minor
    from expected
),

stepped as (
    select
        *,
        sales_minor - deferred_minor as product_minor,
        deferred_minor - revenue_to_date_minor as liability_minor,
        revenue_to_date_minor
        - coalesce(lag(revenue_to_date_minor) over (
            partition by tenant_id, program_id, currency, earned_in order by period
        ), 0) as revenue_minor
    from recognised
),

scaled as (
    select
        stepped.*,
        currencies.exponent
    from stepped
    inner join currencies on stepped.currency = currencies.currency
)

{% set figures = [
    'sales', 'product', 'deferred', 'granted', 'expected_redemption', 'redeemed_to_date', 'expired_to_date', 'open_lots', 'revenue',
    'revenue_to_date', 'liability'
] -%}
select
    {{ key_hash('rdf', ['tenant_id', 'program_id', 'currency', 'earned_in', 'period']) }} as reward_deferral_id,
    tenant_id,
    program_id,
    currency,
    earned_in,
    period,
    {% for figure in figures %}
        cast({{ figure }}_minor as bigint) as {{ figure }}_minor,
        {{ major_units(figure ~ '_minor', 'exponent') }} as {{ figure }},
    {% endfor %}
    expected_redemption_bps
from scaled

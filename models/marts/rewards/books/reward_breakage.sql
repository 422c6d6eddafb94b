with program_balances as (
    select * from {{ ref('int_rewards__program_balances') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- What will be used in the end: the estimate, but never less than was used already, nor more than that and what is left.
expected as (
    select
        *,
        least(
            greatest({{ proportion('earned_to_date_minor', 'expected_redemption_bps', '10000') }}, redeemed_to_date_minor),
            earned_to_date_minor - expired_to_date_minor
        ) as expected_redemption_minor
    from program_balances
),

-- A lot that expired is breakage whatever was estimated; an estimate of nothing makes all of it breakage at once.
recognised as (
    select
        *,
        greatest(
            coalesce(
                {{ proportion('earned_to_date_minor - expected_redemption_minor', 'redeemed_to_date_minor', 'expected_redemption_minor') }},
                earned_to_date_minor
            ),
            expired_to_date_minor
        ) as proportional_to_date_minor
    from expected
),

stepped as (
    select
        *,
        proportional_to_date_minor
        - coalesce(lag(proportional_to_date_minor) over (
            partition by tenant_id, program_id, currency order by period
        ), 0) as proportional_minor
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
    'earned', 'redeemed', 'expired', 'earned_to_date', 'redeemed_to_date', 'expired_to_date', 'expected_redemption', 'proportional',
    'proportional_to_date'
] -%}
select
    {{ key_hash('rbr', ['tenant_id', 'program_id', 'currency', 'period']) }} as reward_breakage_id,
    tenant_id,
    program_id,
    currency,
    period,
    measured_by,
    cast(expected_redemption_bps as integer) as expected_redemption_bps,
    {% for figure in figures %}
        cast({{ figure }}_minor as bigint) as {{ figure }}_minor,
        {{ major_units(figure ~ '_minor', 'exponent') }} as {{ figure }},
    {% endfor %}
    cast(earned_to_date_minor - redeemed_to_date_minor - expired_to_date_minor as bigint) as open_lots_minor,
    {{ major_units('earned_to_date_minor - redeemed_to_date_minor - expired_to_date_minor', 'exponent') }} as open_lots,
    cast(case when measured_by = 'proportional' then proportional_minor else expired_minor end as bigint) as breakage_minor,
    {{ major_units("case when measured_by = 'proportional' then proportional_minor else expired_minor end", 'exponent') }} as breakage
from scaled

with told as (
    select * from {{ ref('int_discrepancies__told') }}
),

kinds as (
    select * from {{ ref('discrepancy_kinds') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

amount_limits as (
    select * from {{ ref('severities') }} where scale = 'amount'
),

levels as (
    select
        level,
        max(level_rank) as level_rank
    from {{ ref('severities') }}
    where scale in ('rate', 'amount')
    group by level
),

-- A currency with limits of its own does not use the common ones.
own_limits as (
    select currency
    from amount_limits
    where currency != '*'
    group by currency
),

amounts as (
    select
        told.*,
        currencies.exponent,
        kinds.severity as kind_severity,
        kinds.what_to_do,
        {{ major_units('told.amount_at_risk_minor', 'currencies.exponent') }} as amount_at_risk,
        coalesce(own_limits.currency, '*') as limit_currency
    from told
    inner join kinds on told.kind = kinds.kind
    inner join currencies on told.currency = currencies.currency
    left join own_limits on told.currency = own_limits.currency
),

reached as (
    select
        amounts.discrepancy_id,
        max(amount_limits.level_rank) as level_rank
    from amounts
    inner join amount_limits
        on amounts.limit_currency = amount_limits.currency and amounts.amount_at_risk > amount_limits.above
    group by amounts.discrepancy_id
),

ranked as (
    select
        amounts.*,
        greatest(kind_levels.level_rank, coalesce(reached.level_rank, 0)) as level_rank
    from amounts
    inner join levels as kind_levels on amounts.kind_severity = kind_levels.level
    left join reached on amounts.discrepancy_id = reached.discrepancy_id
)

select
    ranked.*,
    levels.level as severity
from ranked
inner join levels on ranked.level_rank = levels.level_rank

-- Days of an account that statements tell without a hole, from a first opening to a last closing balance.
with numbered as (
    select * from {{ ref('int_controls__statement_days') }}
),

balances as (
    {% for side in ['opening', 'closing'] %}
        select
            tenant_id, source_account, currency, stretch_number, from_day, to_day, says_nothing, is_first, is_last,
            {{ side }}_minor as balance_minor,
            case when opening_minor = closing_minor then 0 else {{ 1 if side == 'opening' else 0 }} end as opens,
            case when opening_minor = closing_minor then 0 else {{ 1 if side == 'closing' else 0 }} end as closes
        from numbered {{ 'union all' if not loop.last }}
    {% endfor %}
),

points as (
    select
        tenant_id, source_account, currency, stretch_number, balance_minor, min(from_day) as from_day, max(to_day) as to_day,
        max(says_nothing) as says_nothing, max(opens) as opens, max(closes) as closes,
        max(opens * is_first) as opens_all, max(closes * is_last) as closes_all, max(opens * is_first * is_last) as tells_all
    from balances
    group by tenant_id, source_account, currency, stretch_number, balance_minor
),

-- Without a hole every balance that opens also closes but the first one, and every one that closes opens but the last; or one
-- statement tells all the days, and those of the first and of the last day begin and end with it.
ends as (
    select
        tenant_id, source_account, currency, min(from_day) as from_day, max(to_day) as to_day,
        max(says_nothing) as says_nothing, count(*) as balance_count, min(balance_minor) as least_minor,
        sum(opens * (1 - closes)) * sum(closes * (1 - opens)) as chains,
        sum(case when opens = 1 and closes = 0 then balance_minor end) as first_minor,
        sum(case when closes = 1 and opens = 0 then balance_minor end) as last_minor,
        sum(opens_all) * sum(closes_all) * max(tells_all) as spans,
        sum(opens_all * balance_minor) as spanned_from_minor,
        sum(closes_all * balance_minor) as spanned_to_minor
    from points
    group by tenant_id, source_account, currency, stretch_number
),

stretches as (
    select
        tenant_id, source_account, currency, from_day, to_day,
        case when says_nothing = 0 and (chains = 1 or spans = 1 or balance_count = 1) then 1 else 0 end as is_whole,
        case when chains = 1 then first_minor when spans = 1 then spanned_from_minor else least_minor end as opening_minor,
        case when chains = 1 then last_minor when spans = 1 then spanned_to_minor else least_minor end as closing_minor
    from ends
),

followed as (
    select
        stretches.*,
        case
            when is_whole = 1 and lag(is_whole) over in_time = 1 and opening_minor = lag(closing_minor) over in_time then 0
            else 1
        end as begins
    from stretches
    window in_time as (partition by tenant_id, source_account, currency order by from_day)
),

chained as (
    select
        followed.*,
        sum(begins) over (
            partition by tenant_id, source_account, currency
            order by from_day
            rows between unbounded preceding and current row
        ) as chain_number
    from followed
)

select
    tenant_id,
    source_account,
    currency,
    min(from_day) as from_day,
    max(to_day) as to_day,
    cast(sum(closing_minor - opening_minor) as bigint) as moved_minor
from chained
where is_whole = 1
group by tenant_id, source_account, currency, chain_number

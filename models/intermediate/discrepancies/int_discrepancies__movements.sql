-- What moved between two looks, by bucket. A change of amount and a change of bucket at one time are two movements; what is written off
-- leaves the bucket it stood in, with the amount that was accepted.
{%- set dims = 'tenant_id, reconciliation, kind, source, currency' %}
with spans as (
    select * from {{ ref('int_discrepancies__spans') }}
),

followed as (
    select
        spans.*,
        lag(to_look) over (by_break order by from_look) as before_to,
        lag(state) over (by_break order by from_look) as before_state,
        lag(ageing_bucket) over (by_break order by from_look) as before_bucket,
        lag(amount_at_risk_minor) over (by_break order by from_look) as before_minor,
        lead(from_look) over (by_break order by from_look) as next_from
    from spans
    window by_break as (partition by discrepancy_id, {{ dims }})
),

steps as (
    select
        followed.*,
        case when before_to = from_look then before_state else 'none' end as came_from,
        amount_at_risk_minor - before_minor as change_minor
    from followed
),

movements as (
    select {{ dims }}, from_look as looked_at, ageing_bucket, 'new' as movement, amount_at_risk_minor as moved_minor
    from steps where came_from = 'none'
    union all
    select {{ dims }}, from_look as looked_at, ageing_bucket, 'reopened' as movement, amount_at_risk_minor as moved_minor
    from steps where came_from = 'accepted' and state = 'open'
    union all
    select
        {{ dims }}, from_look as looked_at, case when state = 'open' then ageing_bucket else before_bucket end as ageing_bucket,
        'revalued' as movement, change_minor as moved_minor
    from steps where came_from = 'open' and change_minor != 0
    union all
    select {{ dims }}, from_look as looked_at, before_bucket as ageing_bucket, 'aged_out' as movement, before_minor as moved_minor
    from steps where came_from = 'open' and state = 'open' and before_bucket != ageing_bucket
    union all
    select {{ dims }}, from_look as looked_at, ageing_bucket, 'aged_in' as movement, before_minor as moved_minor
    from steps where came_from = 'open' and state = 'open' and before_bucket != ageing_bucket
    union all
    select
        {{ dims }}, from_look as looked_at, case when came_from = 'open' then before_bucket else ageing_bucket end as ageing_bucket,
        'written_off' as movement, amount_at_risk_minor as moved_minor
    from steps where came_from in ('open', 'none') and state = 'accepted'
    union all
    select {{ dims }}, to_look as looked_at, ageing_bucket, 'cleared' as movement, amount_at_risk_minor as moved_minor
    from steps where state = 'open' and to_look is not null and next_from is distinct from to_look
    union all
    -- what stands written off, by the bucket it would be in
    select {{ dims }}, from_look as looked_at, ageing_bucket, 'accepted_in' as movement, amount_at_risk_minor as moved_minor
    from steps where state = 'accepted'
    union all
    select {{ dims }}, to_look as looked_at, ageing_bucket, 'accepted_out' as movement, amount_at_risk_minor as moved_minor
    from steps where state = 'accepted' and to_look is not null
)

select
    {{ dims }}, ageing_bucket, looked_at, movement,
    cast(count(*) as bigint) as moved_count,
    cast(sum(moved_minor) as bigint) as moved_minor
from movements
group by {{ dims }}, ageing_bucket, looked_at, movement

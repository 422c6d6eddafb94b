-- How a source says a dispute ended: the last time it came to an end, how long that was said again, and from when something speaks against
-- it: money that moves the other way, or a word that opens it again. From then on what a row of money says counts for the history.
with

cases as (
    select * from {{ ref('int_chargebacks__cases') }} where has_stage
),

stages as (
    select * from {{ ref('chargeback_stages') }}
),

stated as (
    select
        cases.chargeback_id,
        cases.stage,
        cases.occurred_at,
        coalesce(stages.outcome, 'open') as outcome,
        row_number() over (
            partition by cases.chargeback_id
            order by cases.occurred_at, coalesce(stages.stage_rank, 99), {{ bytewise('cases.chargeback_event_id') }}
        ) as place
    from cases
    left join stages on cases.stage = stages.stage
    where cases.is_stated
),

followed as (
    select
        stated.*,
        lag(stage) over (partition by chargeback_id order by place) as stage_before
    from stated
),

came as (
    select
        followed.*,
        row_number() over (partition by chargeback_id order by place desc) as place_from_last
    from followed
    where outcome != 'open' and stage != coalesce(stage_before, '(start)')
),

ends as (
    select * from came where place_from_last = 1
),

said_later as (
    select
        ends.chargeback_id,
        max(case when stated.stage = ends.stage then stated.occurred_at end) as told_until,
        min(case when stated.stage != ends.stage then stated.occurred_at end) as opened_again_at
    from ends
    inner join stated on ends.chargeback_id = stated.chargeback_id and ends.place < stated.place
    group by ends.chargeback_id
),

moved_against as (
    select
        ends.chargeback_id,
        min(cases.occurred_at) as first_moved_at
    from ends
    inner join cases on ends.chargeback_id = cases.chargeback_id and ends.occurred_at < cases.occurred_at and not cases.is_stated
    where (ends.outcome = 'won' and cases.amount_minor < 0) or (ends.outcome != 'won' and cases.amount_minor > 0)
    group by ends.chargeback_id
)

select
    ends.chargeback_id,
    ends.stage as end_stage,
    case when ends.outcome = 'won' then -1 else 1 end as sign_against,
    ends.occurred_at as ended_at,
    coalesce(said_later.told_until, ends.occurred_at) as told_until,
    -- of two moments the earlier, of one it
    least(said_later.opened_again_at, moved_against.first_moved_at) as counts_from
from ends
left join said_later on ends.chargeback_id = said_later.chargeback_id
left join moved_against on ends.chargeback_id = moved_against.chargeback_id

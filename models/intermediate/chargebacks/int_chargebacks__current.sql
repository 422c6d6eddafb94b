-- Where each dispute stands: its last stage, since when, the last day for an answer as the source states it, and how far it ever came.
with

steps as (
    select * from {{ ref('int_chargebacks__steps') }}
),

stages as (
    select * from {{ ref('chargeback_stages') }}
),

moving as (
    select
        steps.*,
        sum(case when is_change then 1 else 0 end) over (
            partition by chargeback_id order by place rows between unbounded preceding and current row
        ) as run_number,
        row_number() over (partition by chargeback_id order by place desc) as place_from_last
    from steps
    where moves_stage
),

last_told as (
    select * from moving where place_from_last = 1
),

last_run as (
    select
        moving.chargeback_id,
        min(moving.occurred_at) as stage_since,
        max(case when moving.is_answered then 1 else 0 end) = 1 as is_answered,
        max(moving.respond_by) as stated_respond_by,
        max(moving.respond_until) as stated_respond_until
    from moving
    inner join last_told on moving.chargeback_id = last_told.chargeback_id and moving.run_number = last_told.run_number
    group by moving.chargeback_id
),

-- Money that was taken, a stage beyond the question, or an end told at once that is not of a question.
reached as (
    select
        steps.chargeback_id,
        max(
            case
                when stages.stage_rank between 20 and 89 or steps.amount_minor < 0 then 1
                when steps.from_stage = '(start)' and stages.outcome != 'open' and not steps.is_of_inquiry then 1
                else 0
            end
        ) = 1 as was_charged_back,
        -- a stage that is only reached with an answer, or the source's own word that one went out
        max(case when stages.stage_rank between 30 and 89 or steps.has_answer then 1 else 0 end) = 1 as was_contested
    from steps
    left join stages on steps.stage = stages.stage
    group by steps.chargeback_id
)

select
    last_told.tenant_id,
    last_told.chargeback_id,
    last_told.stage,
    coalesce(stages.outcome, 'open') as outcome,
    coalesce(stages.waits_for_merchant, true) and not last_run.is_answered as waits_for_merchant,
    last_run.stage_since,
    last_run.stated_respond_by,
    last_run.stated_respond_until,
    reached.was_charged_back,
    reached.was_contested,
    last_told.occurred_at as told_at
from last_told
inner join last_run on last_told.chargeback_id = last_run.chargeback_id
inner join reached on last_told.chargeback_id = reached.chargeback_id
left join stages on last_told.stage = stages.stage

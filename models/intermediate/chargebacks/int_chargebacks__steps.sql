-- Each dispute's history in order: from which stage to which, whether the seed allows it, and whether its money may move so.
with

cases as (
    select * from {{ ref('int_chargebacks__cases') }}
),

stages as (
    select * from {{ ref('chargeback_stages') }}
),

transitions as (
    select * from {{ ref('chargeback_transitions') }}
),

sales as (
    select * from {{ ref('int_chargebacks__sales') }}
),

-- What a report's row tells counts as a stage where nothing that speaks of stages says the same or the end.
stated as (
    select cases.chargeback_id, cases.stage, max(case when stages.outcome != 'open' then 1 else 0 end) as is_end
    from cases
    left join stages on cases.stage = stages.stage
    where cases.is_stated
    group by cases.chargeback_id, cases.stage
),

ended as (
    select chargeback_id from stated where is_end = 1 group by chargeback_id
),

ranked as (
    select
        cases.*,
        coalesce(stages.stage_rank, 99) as stage_rank,
        cases.has_stage and (cases.is_stated or (stated.chargeback_id is null and ended.chargeback_id is null)) as moves_stage
    from cases
    left join stages on cases.stage = stages.stage
    left join stated on cases.chargeback_id = stated.chargeback_id and cases.stage = stated.stage
    left join ended on cases.chargeback_id = ended.chargeback_id
),

ordered as (
    select
        ranked.*,
        row_number() over (
            partition by chargeback_id, moves_stage order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
        ) as place,
        lag(stage) over (
            partition by chargeback_id, moves_stage order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
        ) as stage_before,
        -- what the merchant was short of before this row, in the currency of the row
        coalesce(sum(amount_minor) over (
            partition by chargeback_id, currency order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
            rows between unbounded preceding and 1 preceding
        ), 0) as balance_before_minor
    from ranked
),

judged as (
    select
        ordered.*,
        case when ordered.moves_stage then coalesce(ordered.stage_before, '(start)') end as from_stage,
        ordered.moves_stage and coalesce(ordered.stage_before, '(start)') != ordered.stage as is_change,
        sales.sale_minor,
        case
            when ordered.amount_minor < 0 and ordered.balance_before_minor < 0
                and (
                    coalesce(sales.sale_currency, '') != ordered.currency
                    or -(ordered.balance_before_minor + ordered.amount_minor) > sales.sale_minor
                ) then 'money_taken_twice'
            when ordered.amount_minor > 0 and ordered.balance_before_minor + ordered.amount_minor > 0 then 'money_given_twice'
        end as money_fault
    from ordered
    left join sales on ordered.chargeback_id = sales.chargeback_id
)

select
    judged.*,
    case
        when judged.is_change and not coalesce(transitions.is_legal, false) then 'illegal_transition'
        when judged.money_fault is not null then judged.money_fault
        when judged.is_change and transitions.money = 'in' and judged.amount_minor < 0 then 'money_against_the_stage'
        when judged.is_change and transitions.money in ('out', 'none') and judged.amount_minor > 0 then 'money_against_the_stage'
    end as fault
from judged
left join transitions
    on judged.is_change and judged.from_stage = transitions.from_stage and judged.stage = transitions.to_stage

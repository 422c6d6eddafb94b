-- Each dispute's history in order: from which stage to which, whether the seed allows it, and whether its money may move so.
with

cases as (
    select * from {{ ref('int_chargebacks__cases') }}
),

stages as (
    select * from {{ ref('chargeback_stages') }}
),

stated as (
    select chargeback_id, stage, max(occurred_at) as last_told_at
    from cases
    where is_stated
    group by chargeback_id, stage
),

-- What a report's row tells counts as a stage where nothing that speaks of stages says the same; after an end once something speaks
-- against it.
ranked as (
    select
        cases.*,
        settled_in.settlement_currency,
        sales.sale_minor,
        sales.sale_currency,
        ends.end_stage,
        coalesce(stages.stage_rank, 99) as stage_rank,
        cases.has_stage and (
            cases.is_stated
            or (ends.chargeback_id is null and stated.chargeback_id is null)
            or (
                coalesce(cases.occurred_at >= ends.counts_from, false)
                and (coalesce(stated.last_told_at <= ends.ended_at, true) or cases.stage = ends.end_stage)
            )
        ) as moves_stage,
        coalesce(cases.occurred_at > ends.ended_at and cases.amount_minor * ends.sign_against > 0, false) as is_against_the_end,
        coalesce(cases.occurred_at < ends.told_until, false) as is_end_told_after
    from cases
    inner join {{ ref('int_chargebacks__currencies') }} as settled_in on cases.chargeback_id = settled_in.chargeback_id
    left join {{ ref('int_chargebacks__sales') }} as sales on cases.chargeback_id = sales.chargeback_id
    left join stages on cases.stage = stages.stage
    left join stated on cases.chargeback_id = stated.chargeback_id and cases.stage = stated.stage
    left join {{ ref('int_chargebacks__ends') }} as ends on cases.chargeback_id = ends.chargeback_id
),

ordered as (
    select
        ranked.*,
        row_number() over history as place,
        lag(stage) over history as stage_before,
        -- what the merchant was short of before this row, in the currency of the row
        coalesce(sum(amount_minor) over (
            partition by chargeback_id, currency order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
            rows between unbounded preceding and 1 preceding
        ), 0) as balance_before_minor
    from ranked
    window
        history as (
            partition by chargeback_id, moves_stage order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
        )
),

judged as (
    select
        ordered.*,
        case when moves_stage then coalesce(stage_before, '(start)') end as from_stage,
        moves_stage and coalesce(stage_before, '(start)') != stage as is_change,
        case
            when currency != settlement_currency and (amount_minor != 0 or fee_minor != 0) then 'money_in_another_currency'
            when amount_minor < 0 and balance_before_minor < 0 and coalesce(sale_currency, '') != currency then 'money_taken_twice'
            when amount_minor < 0 and balance_before_minor < 0 and -(balance_before_minor + amount_minor) > sale_minor
                then 'money_taken_twice'
            when amount_minor > 0 and balance_before_minor + amount_minor > 0 then 'money_given_twice'
        end as money_fault
    from ordered
),

allowed as (
    select judged.*, transitions.is_legal, transitions.money
    from judged
    left join {{ ref('chargeback_transitions') }} as transitions
        on judged.is_change and judged.from_stage = transitions.from_stage and judged.stage = transitions.to_stage
)

select
    allowed.*,
    case
        when money_fault = 'money_in_another_currency' then money_fault
        when is_change and not coalesce(is_legal, false) then 'illegal_transition'
        when money_fault is not null then money_fault
        when is_against_the_end and (is_end_told_after or (moves_stage and not is_change and stage = end_stage)) then 'money_after_the_end'
        when is_change and money = 'in' and amount_minor < 0 then 'money_against_the_stage'
        when is_change and money in ('out', 'none') and amount_minor > 0 then 'money_against_the_stage'
    end as fault
from allowed

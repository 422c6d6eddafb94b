-- The currency a dispute settles in: that of the first money taken, else of the first given back, else of what is claimed.
with

cases as (
    select * from {{ ref('int_chargebacks__cases') }}
),

stages as (
    select * from {{ ref('chargeback_stages') }}
),

placed as (
    select
        cases.chargeback_id,
        coalesce(cases.currency, cases.disputed_currency) as currency,
        row_number() over (
            partition by cases.chargeback_id
            order by
                case when cases.amount_minor < 0 then 1 when cases.amount_minor > 0 then 2 else 3 end,
                cases.occurred_at,
                coalesce(stages.stage_rank, 99),
                {{ bytewise('cases.chargeback_event_id') }}
        ) as place
    from cases
    left join stages on cases.stage = stages.stage
)

select
    chargeback_id,
    currency as settlement_currency
from placed
where place = 1

with postables as (
    select * from {{ ref('int_ledger__postables') }}
),

decisions as (
    select * from {{ ref('int_ledger__posting_decisions') }} where not is_posted
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    postables.transaction_id,
    postables.tenant_id,
    postables.party,
    postables.event_type,
    postables.status,
    decisions.exclusion_id,
    decisions.reason,
    postables.currency,
    postables.gross_minor as amount_minor,
    {{ major_units('postables.gross_minor', 'currencies.exponent') }} as amount,
    postables.posted_on as business_date
from postables
inner join decisions
    on
        postables.party = decisions.party
        and postables.source = decisions.source
        and postables.event_type = decisions.event_type
        and postables.status = decisions.status
        and postables.condition = decisions.condition
inner join currencies on postables.currency = currencies.currency

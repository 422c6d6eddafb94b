with postables as (
    select * from {{ ref('int_ledger__postables') }}
),

decisions as (
    select * from {{ ref('int_ledger__posting_decisions') }} where is_posted
),

posting_rules as (
    {{ rules_in_force() | indent }}
),

legs as (
    select
        postables.transaction_id,
        postables.tenant_id,
        postables.currency,
        postables.posted_on,
        postables.event_type,
        posting_rules.posting_rule_id,
        posting_rules.leg,
        posting_rules.account_code,
        posting_rules.memo,
        {{ leg_amount('posting_rules', 'postables') | indent(8) }} as amount_minor
    from postables
    inner join decisions
        on
            postables.party = decisions.party
            and postables.source = decisions.source
            and postables.event_type = decisions.event_type
            and postables.status = decisions.status
            and postables.condition = decisions.condition
    inner join posting_rules
        on
            postables.tenant_id = posting_rules.tenant_id
            and postables.party = posting_rules.party
            and postables.event_type = posting_rules.event_type
            and postables.posted_on >= posting_rules.valid_from
            and postables.posted_on < posting_rules.valid_to
)

select
    transaction_id,
    tenant_id,
    currency,
    posted_on,
    event_type,
    posting_rule_id,
    leg,
    account_code,
    memo,
    cast(amount_minor as bigint) as amount_minor
from legs
where amount_minor != 0

-- A rule that has begun lasts until a newer one begins, so that the first day of an event tells whether it ever lacks one.
with postables as (
    select * from {{ ref('int_ledger__postables') }}
),

decisions as (
    select * from {{ ref('int_ledger__posting_decisions') }} where is_posted
),

rules as (
    select
        tenant_id,
        party,
        event_type,
        min(valid_from) as valid_from
    from {{ ref('int_ledger__rules_in_force') }}
    group by tenant_id, party, event_type
),

events as (
    select
        postables.tenant_id,
        postables.party,
        postables.event_type,
        min(postables.posted_on) as first_posted_on
    from postables
    inner join decisions
        on
            postables.party = decisions.party
            and postables.source = decisions.source
            and postables.event_type = decisions.event_type
            and postables.status = decisions.status
            and postables.condition = decisions.condition
    group by postables.tenant_id, postables.party, postables.event_type
)

select
    events.tenant_id,
    events.party,
    events.event_type,
    'no rule for party ' || events.party || ', event type ' || events.event_type || ' on '
    || cast(events.first_posted_on as {{ dbt.type_string() }}) as what
from events
left join rules
    on events.tenant_id = rules.tenant_id and events.party = rules.party and events.event_type = rules.event_type
where rules.valid_from is null or rules.valid_from > events.first_posted_on

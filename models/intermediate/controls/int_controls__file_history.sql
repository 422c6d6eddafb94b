with documents as (
    select * from {{ ref('stg_documents__register') }}
),

deliveries as (
    select * from {{ source('ops', 'deliveries') }}
),

decisions as (
    select * from {{ source('ops', 'document_decisions') }} where decided_at <= {{ as_of() }}
),

parses as (
    select * from {{ source('ops', 'document_parses') }}
),

-- A second delivery of what landed has a row of its own; a release is told by its decision.
events as (
    select
        deliveries.document_id,
        case
            when deliveries.state = 'landed' then coalesce(documents.landed_at, deliveries.received_at)
            else deliveries.received_at
        end as happened_at,
        1 as step,
        deliveries.state as story
    from deliveries
    inner join documents on deliveries.document_id = documents.document_id
    where deliveries.state != 'duplicate' and deliveries.door is distinct from 'released'
    union all
    select
        document_id,
        decided_at as happened_at,
        2 as step,
        decision || ' by ' || decided_by || coalesce(': ' || reason, '') as story
    from decisions
    union all
    select
        document_id,
        replaced_at as happened_at,
        3 as step,
        'read again by ' || replaced_by || coalesce(' with parser ' || replaced_by_version, '') as story
    from parses
),

told as (
    select
        document_id,
        happened_at,
        step,
        substring(cast(happened_at as {{ dbt.type_string() }}), 1, 16) || ' ' || story as story
    from events
    where happened_at <= {{ as_of() }}
),

histories as (
    select
        document_id,
        {{ dbt.listagg('story', "'; '", 'order by happened_at, step, story') }} as history
    from told
    group by document_id
),

ranked as (
    select
        decisions.*,
        row_number() over (partition by document_id order by decided_at desc nulls last, decision_id desc) as place
    from decisions
)

select
    histories.document_id,
    histories.history,
    ranked.decision,
    ranked.decided_by,
    ranked.decided_at,
    ranked.reason as decision_reason
from histories
left join ranked on histories.document_id = ranked.document_id and ranked.place = 1

with postables as (
    select * from {{ ref('int_ledger__postables') }}
),

exclusions as (
    select * from {{ ref('posting_exclusions') }}
),

cases as (
    select
        party,
        source,
        event_type,
        status,
        condition
    from postables
    group by party, source, event_type, status, condition
),

fitting as (
    select
        cases.party,
        cases.source,
        cases.event_type,
        cases.status,
        cases.condition,
        exclusions.exclusion_id,
        exclusions.is_excluded,
        exclusions.reason,
        row_number() over (
            partition by cases.party, cases.source, cases.event_type, cases.status, cases.condition
            order by exclusions.priority, exclusions.exclusion_id
        ) as place
    from cases
    left join exclusions on {{ exclusion_fits('exclusions', 'cases') | indent(12) }}
)

select
    party,
    source,
    event_type,
    status,
    condition,
    not coalesce(is_excluded, false) as is_posted,
    case when is_excluded then exclusion_id end as exclusion_id,
    case when is_excluded then reason end as reason
from fitting
where place = 1

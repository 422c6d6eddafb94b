-- The log as of this run, without what a build of the same moment said twice, and how long each saying stood.
with logged as (
    select * from {{ ref('int_discrepancies__log') }} where known_from <= {{ as_of() }}
),

followed as (
    select
        logged.*,
        lag(facts) over (partition by discrepancy_id order by known_from) as facts_before
    from logged
),

told as (
    select * from followed
    where facts != coalesce(facts_before, 'cleared')
)

select
    told.*,
    lead(known_from) over (partition by discrepancy_id order by known_from) as known_to
from told

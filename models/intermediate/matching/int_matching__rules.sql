-- The version of each rule that was in force at as_of.
with rules as (
    select * from {{ ref('match_rules') }}
),

in_force as (
    select
        rules.*,
        row_number() over (partition by rule_id order by rule_version desc) as age_rank
    from rules
    where coalesce(cast(effective_from as timestamp) <= {{ as_of() }}, true)
)

select * from in_force where age_rank = 1

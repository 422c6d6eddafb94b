with customer_programs as (
    select * from {{ ref('int_rewards__customer_programs') }}
),

reward_reasons as (
    select * from {{ ref('reward_reasons') }} where type = 'earned'
),

written as (
    select written_reason as reason
    from customer_programs
    group by written_reason
),

-- The reason's own row stands before the one of every other reason.
fitting as (
    select
        written.reason,
        reward_reasons.program_id,
        row_number() over (partition by written.reason order by case when reward_reasons.reason = '*' then 1 else 0 end) as place
    from written
    inner join reward_reasons on reward_reasons.reason in ('*', {{ normalised_reference('written.reason') }})
)

select
    reason,
    program_id
from fitting
where place = 1

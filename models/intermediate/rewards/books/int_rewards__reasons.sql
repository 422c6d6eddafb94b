with lots as (
    select * from {{ ref('reward_transactions') }} where type = 'earned'
),

reward_reasons as (
    select * from {{ ref('reward_reasons') }} where type = 'earned'
),

written as (
    select coalesce(reason, '') as reason
    from lots
    group by coalesce(reason, '')
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

-- What no pass matched.
with pass_4_open as (
    select * from {{ ref('int_matching__pass_4_open') }}
),

taken_apart as (
    select * from {{ ref('int_matching__after_pass_1') }} where is_taken_apart
),

grouped as (
    select * from {{ ref('int_matching__grouped') }}
)

select pass_4_open.*
from pass_4_open
left join grouped
    on
        pass_4_open.reconciliation = grouped.reconciliation
        and pass_4_open.transaction_id = grouped.transaction_id
where grouped.transaction_id is null
union all
select * from taken_apart

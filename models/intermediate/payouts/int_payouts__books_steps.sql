-- What the books said, and where it stands against the processor. Of a match of several rows the first carries the other side's sums.
with members as {{ read_in_place() }} (
    select * from {{ ref('match_members') }} where reconciliation = 'books_processor' and role = 'left'
),

many as (
    select * from {{ ref('matches') }} where reconciliation = 'books_processor' and left_count > 1
),

open_items as (
    select * from {{ ref('open_items') }} where reconciliation = 'books_processor' and role = 'left'
),

transactions as (
    select * from {{ ref('transactions') }}
),

firsts as (
    select
        members.match_id,
        min(members.transaction_id) as transaction_id
    from members
    inner join many on members.match_id = many.match_id
    group by members.match_id
),

standing as (
    select
        members.transaction_id,
        members.match_id,
        cast(null as {{ dbt.type_string() }}) as open_state,
        cast(null as {{ dbt.type_string() }}) as open_reason,
        coalesce(firsts.transaction_id = members.transaction_id, true) as carries_sums
    from members
    left join firsts on members.match_id = firsts.match_id
    union all
    select
        transaction_id,
        cast(null as {{ dbt.type_string() }}) as match_id,
        state as open_state,
        reason_code as open_reason,
        true as carries_sums
    from open_items
)

select
    transactions.*,
    standing.match_id,
    standing.open_state,
    standing.open_reason,
    standing.carries_sums
from standing
inner join transactions on standing.transaction_id = transactions.transaction_id

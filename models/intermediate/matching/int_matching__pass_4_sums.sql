-- One way only, and nothing in it wanted by another: then the parts and their target are one group. The rest is told as candidates.
with solutions as (
    select * from {{ ref('int_matching__sum_solutions') }}
),

sum_rows as (
    select * from {{ ref('int_matching__sum_rows') }}
),

members as (
    select reconciliation, target_id, part_id as transaction_id, is_only from solutions
    union all
    select reconciliation, target_id, target_id as transaction_id, is_only
    from solutions
    group by reconciliation, target_id, is_only
),

wanted as (
    select
        members.*,
        count(*) over (partition by reconciliation, transaction_id) as times_wanted
    from members
),

judged as (
    select
        wanted.*,
        count(*) over (partition by reconciliation, target_id) as member_count,
        max(times_wanted) over (partition by reconciliation, target_id) as most_wanted
    from wanted
)

select
    {{ grouped_columns('sum_rows') }},
    {{ key_hash('sum', ['judged.reconciliation', 'judged.target_id']) }} as group_key,
    sum_rows.key_text,
    cast(judged.member_count - 1 as {{ dbt.type_string() }}) || ' parts add up to it, in one way only' as basis
from judged
inner join sum_rows
    on
        judged.reconciliation = sum_rows.reconciliation
        and judged.transaction_id = sum_rows.transaction_id
where judged.is_only and judged.most_wanted = 1

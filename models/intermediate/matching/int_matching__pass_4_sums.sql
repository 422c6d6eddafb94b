-- One way only, and nothing in it wanted elsewhere: then the parts and their target are one group. The rest is told as candidates.
with solutions as (
    select * from {{ ref('int_matching__sum_solutions') }} where solution_count = 1
),

sum_rows as (
    select * from {{ ref('int_matching__sum_rows') }}
),

members as (
    select reconciliation, target_id, part_id as transaction_id, part_count from solutions
    union all
    select reconciliation, target_id, target_id as transaction_id, max(part_count) as part_count
    from solutions
    group by reconciliation, target_id
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
        max(times_wanted) over (partition by reconciliation, target_id) as most_wanted
    from wanted
)

select
    {{ grouped_columns('sum_rows') }},
    {{ key_hash('sum', ['judged.reconciliation', 'judged.target_id']) }} as group_key,
    sum_rows.key_text,
    cast(judged.part_count as {{ dbt.type_string() }}) || ' parts add up to it, in one way only' as basis
from judged
inner join sum_rows
    on
        judged.reconciliation = sum_rows.reconciliation
        and judged.transaction_id = sum_rows.transaction_id
where judged.most_wanted = 1

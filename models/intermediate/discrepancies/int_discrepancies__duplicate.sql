with second_rows as (
    select * from {{ ref('int_discrepancies__open_items') }}
    where reason_code = 'duplicate'
),

transactions as (
    select * from {{ ref('transactions') }}
),

repeated_lines as (
    select
        transactions.*,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id
    from transactions
    where times_in_one_file > 1 and not has_conflict
)

select
    'duplicate' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    amount_minor as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    first_seen_on,
    reason as explanation
from second_rows
union all
select
    'duplicate' as kind,
    {{ break_identity() }},
    amount_minor as expected_minor,
    amount_minor * times_in_one_file as found_minor,
    abs(amount_minor) * (times_in_one_file - 1) as amount_at_risk_minor,
    business_date as first_seen_on,
    'One file lists this row ' || cast(times_in_one_file as {{ dbt.type_string() }}) || ' times; it is counted once.' as explanation
from repeated_lines

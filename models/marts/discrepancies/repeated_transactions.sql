with transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

duplicates as (
    select
        transaction_id,
        min(related_transaction_id) as first_transaction_id
    from {{ ref('open_items') }}
    where reason_code = 'duplicate'
    group by transaction_id
),

alike as (
    select * from {{ ref('int_discrepancies__twins') }}
),

told as (
    select
        transactions.transaction_id, duplicates.first_transaction_id as other_transaction_id, 'duplicate_posting' as repetition,
        true as is_break, 'Posted again: another row under the same id or reference is matched already.' as because
    from transactions
    inner join duplicates on transactions.transaction_id = duplicates.transaction_id
    union all
    select
        transaction_id, cast(null as {{ dbt.type_string() }}) as other_transaction_id, 'repeated_line' as repetition, true as is_break,
        'One file lists it ' || cast(times_in_one_file as {{ dbt.type_string() }}) || ' times; it counts once.' as because
    from transactions
    where times_in_one_file > 1 and not has_conflict
    union all
    select
        transaction_id, cast(null as {{ dbt.type_string() }}) as other_transaction_id, 'duplicate_delivery' as repetition,
        false as is_break, 'Reported ' || cast(times_reported as {{ dbt.type_string() }}) || ' times, in several files; it counts once.'
            as because
    from transactions
    where times_reported > 1 and times_in_one_file <= 1 and not has_conflict
    union all
    select
        alike.transaction_id,
        case when alike.first_alike_id != alike.transaction_id then alike.first_alike_id end as other_transaction_id,
        'legitimate_twin' as repetition,
        false as is_break,
        case
            when alike.first_code != alike.last_code then 'Another authorisation of the same amount and day.'
            else 'Another event of the same amount and day: the ids differ, and the other side knows as many or has not answered yet.'
        end as because
    from alike
)

select
    -- keys
    {{ key_hash('rep', ['told.transaction_id', 'told.repetition']) }} as repetition_id,
    cast(told.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(transactions.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(told.other_transaction_id as {{ dbt.type_string() }}) as other_transaction_id,
    cast(transactions.source as {{ dbt.type_string() }}) as source,
    cast(transactions.native_id as {{ dbt.type_string() }}) as native_id,
    cast(transactions.reference as {{ dbt.type_string() }}) as reference,

    -- money
    cast(transactions.currency as {{ dbt.type_string() }}) as currency,
    cast(transactions.amount_minor as bigint) as amount_minor,
    cast(transactions.amount as decimal(28, 4)) as amount,

    -- time
    cast(transactions.business_date as date) as business_date,

    -- state
    cast(told.repetition as {{ dbt.type_string() }}) as repetition,
    cast(told.is_break as boolean) as is_break,
    cast(told.because as {{ dbt.type_string() }}) as because
from told
inner join transactions on told.transaction_id = transactions.transaction_id

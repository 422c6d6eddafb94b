-- Transactions in any state that carry what an open item asks for, a bounded number of each kind: a key of thousands stays a few rows.
with asked as (
    select * from {{ ref('int_matching__evidence_asked') }}
),

transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

carried as (
    {% for column in key_columns() %}
        select
            transactions.transaction_id,
            transactions.side,
            transactions.event_type,
            asked.tenant_id,
            asked.column_name,
            asked.key_text
        from transactions
        inner join asked
            on
                transactions.{{ column }} = asked.key_text
                and transactions.tenant_id = asked.tenant_id
                and asked.column_name = '{{ column }}'
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

placed as (
    select
        transaction_id,
        row_number() over (
            partition by tenant_id, column_name, key_text, side, event_type order by transaction_id
        ) as place
    from carried
)

select transaction_id
from placed
where place <= {{ var('evidence_rows_per_key') }}
group by transaction_id

-- Where in which file the money that the books speak of was told.
with transactions as (
    select * from {{ ref('transactions') }}
),

reward_transactions as (
    select * from {{ ref('reward_transactions') }}
)

select transaction_id, source, source_account, processor, native_id, reference, _document_id, _source_file, _source_line
from transactions
union all
select
    reward_transaction_id as transaction_id, 'thrive_cash' as source, cast(null as {{ dbt.type_string() }}) as source_account,
    cast(null as {{ dbt.type_string() }}) as processor, trans_id as native_id, order_id as reference,
    _document_id, _source_file, _source_line
from reward_transactions

with

reported as (
    select * from {{ ref('int_transactions__reported') }}
),

keyed as (
    select
        reported.*,
        {{ key_hash('key', ['tenant_id', 'source', 'source_account', 'coalesce(record, event_type)', 'native_id']) }}
            as native_key,
        {{ key_hash('facts', ['currency', 'amount_minor', 'fee_minor']) }} as money_facts
    from reported
),

compared as (
    select
        keyed.*,
        min(money_facts) over (partition by native_key)
        != max(money_facts) over (partition by native_key) as has_conflict
    from keyed
),

identified as (
    select
        compared.*,
        {{ key_hash('txn', ['native_key', "case when has_conflict then money_facts end"]) }} as transaction_id
    from compared
),

counted as (
    select
        identified.*,
        count(*) over (partition by transaction_id) as times_reported,
        -- one file may report an event in two stages (forecast and settled); twice in one stage is a repeated line
        count(*) over (partition by transaction_id, _document_id, record_priority) as times_in_this_file
    from identified
)

select
    counted.*,
    max(times_in_this_file) over (partition by transaction_id) as times_in_one_file,
    row_number() over (
        partition by transaction_id
        order by
            record_priority,
            case when status = 'pending' then 2 else 1 end,
            _received_at desc nulls last,
            _document_id desc,
            _source_line desc,
            row_index desc
    ) as place
from counted

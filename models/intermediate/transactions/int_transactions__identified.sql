-- Most rows were reported once: only those that share an id are put in order.
{% set named_rows %}
        reported.*,
        {{ key_hash('key', [
            'reported.tenant_id', 'reported.source', 'reported.source_account', 'coalesce(record, event_type)', 'reported.native_id'
        ]) }} as native_key,
        {{ key_hash('facts', ['currency', 'amount_minor', 'fee_minor']) }} as money_facts
    from reported
{% endset %}
{% set same_id %}
shared_ids
        on
            coalesce(reported.native_id, '') = shared_ids.native_id
            and reported.tenant_id = shared_ids.tenant_id
            and reported.source = shared_ids.source
            and coalesce(reported.source_account, '') = shared_ids.source_account
            and coalesce(reported.record, reported.event_type) = shared_ids.id_space
{% endset %}
with

reported as {{ read_in_place() }} (
    select * from {{ ref('int_transactions__reported') }}
),

shared_ids as (
    select
        tenant_id,
        source,
        coalesce(source_account, '') as source_account,
        coalesce(record, event_type) as id_space,
        coalesce(native_id, '') as native_id
    from reported
    group by tenant_id, source, coalesce(source_account, ''), coalesce(record, event_type), coalesce(native_id, '')
    having count(*) > 1
),

alone as (
    select
        {{ named_rows }}
    left join {{ same_id }}
    where shared_ids.id_space is null
),

shared as (
    select
        {{ named_rows }}
    inner join {{ same_id }}
),

compared as (
    select
        shared.*,
        min(money_facts) over (partition by native_key)
        != max(money_facts) over (partition by native_key) as has_conflict
    from shared
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
    alone.*,
    false as has_conflict,
    {{ key_hash('txn', ['native_key', 'cast(null as ' ~ dbt.type_string() ~ ')']) }} as transaction_id,
    1 as times_reported,
    1 as times_in_this_file,
    1 as times_in_one_file,
    1 as place
from alone
union all
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

with open_items as (
    select * from {{ ref('open_items') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
)

select
    open_items.reconciliation,
    open_items.tenant_id,
    cast(null as {{ dbt.type_string() }}) as match_id,
    open_items.transaction_id,
    open_items.related_transaction_id as counterpart_transaction_id,
    open_items.source,
    open_items.native_id,
    open_items.processor,
    coalesce(open_items.reference, open_items.processor_reference) as reference,
    open_items.role,
    open_items.amount_minor,
    -- as the other side would report it
    open_items.amount_minor * reconciliations.left_sign * reconciliations.right_sign as expected_minor,
    open_items.currency,
    open_items.business_date,
    case
        when open_items.state = 'missing' and open_items.expected_by is not null
            then {{ add_days('open_items.expected_by', 1) }}
        else open_items.business_date
    end as first_seen_on,
    open_items.state,
    open_items.reason_code,
    open_items.reason,
    case open_items.role
        when 'left' then reconciliations.kind_when_right_missing
        else reconciliations.kind_when_left_missing
    end as kind_when_missing,
    transactions._document_id,
    transactions._source_file,
    transactions._source_line
from open_items
inner join transactions on open_items.transaction_id = transactions.transaction_id
inner join reconciliations on open_items.reconciliation = reconciliations.reconciliation

-- Open rows, and of the matched ones those that could be the first telling of one of them.
with items as {{ read_in_place() }} (
    select * from {{ ref('int_matching__items') }} where exclusion is null
),

unmatched as (
    select * from {{ ref('int_matching__unmatched') }}
),

open_rows as (
    select * from {{ ref('int_matching__standing') }} where standing = 'open'
),

open_ids as (
    select reconciliation, tenant_id, role, processor, event_class, currency, processor_reference
    from open_rows
    where processor_reference is not null
    group by reconciliation, tenant_id, role, processor, event_class, currency, processor_reference
),

open_days as (
    select reconciliation, tenant_id, role, processor, event_class, currency, amount_minor, business_date
    from open_rows
    where processor_reference is null and reference is not null
    group by reconciliation, tenant_id, role, processor, event_class, currency, amount_minor, business_date
),

-- Only those of the many that could be the first row of an open one.
siblings as (
    select items.*
    from items
    inner join open_ids
        on {{ same_kind('items', 'open_ids') }} and items.processor_reference = open_ids.processor_reference
    union all
    select items.*
    from items
    inner join open_days
        on
            {{ same_kind('items', 'open_days') }}
            and items.amount_minor = open_days.amount_minor
            and items.business_date = open_days.business_date
    where items.processor_reference is null
)

select {{ duplicate_columns('siblings') }}, 'matched' as standing
from siblings
left join unmatched
    on siblings.reconciliation = unmatched.reconciliation and siblings.transaction_id = unmatched.transaction_id
where unmatched.transaction_id is null
union all
select {{ duplicate_columns('open_rows') }}, 'open' as standing
from open_rows

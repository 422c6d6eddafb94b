-- A decision posts from its day on; it stands on the account of the transaction it speaks of.
with write_offs as (
    select * from {{ ref('write_offs') }} where written_off_on <= cast({{ as_of() }} as date)
)

select
    {{ key_hash('wof', ['tenant_id', 'write_off_id']) }} as transaction_id,
    tenant_id,
    'people' as party,
    'write_offs' as source,
    event_type,
    'settled' as status,
    currency,
    amount_minor as gross_minor,
    written_off_on as posted_on,
    transaction_id as subject_id
from write_offs

with register as (
    select * from {{ ref('stg_documents__register') }} where source = 'thrive_cash' and is_current
),

readings_before as (
    select
        document_id,
        count(*) as times_replaced
    from {{ source('ops', 'document_parses') }}
    group by document_id
)

-- All that decides how its rows read is in the reading's name; read otherwise, it is another reading.
select
    {{ key_hash('rdg', [
        'register.document_id', 'register.tenant_id', 'register.time_zone', 'register.currency', 'register.received_at', 'register.landed_at',
        'register.parser_version', 'register.landed_rows', 'readings_before.times_replaced',
    ]) }} as reading_id,
    register.document_id,
    register.tenant_id
from register
left join readings_before on register.document_id = readings_before.document_id

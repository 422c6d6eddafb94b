with

paid as (
    select * from {{ ref('stg_unica__sales') }} where stage != 'forecast'
)

select
    tenant_id,
    source,
    source_account,
    payout_key,
    payee_establishment,
    -cast(sum(paid_minor) as bigint) as amount_minor,
    currency,
    settlement_date,
    max(_received_at) as _received_at,
    _document_id,
    max(_source_file) as _source_file,
    min(_source_line) as _source_line
from paid
group by tenant_id, source, source_account, payout_key, payee_establishment, currency, settlement_date, _document_id
having sum(paid_minor) != 0

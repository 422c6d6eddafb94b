with

sales as (
    select * from {{ ref('stg_unica__sales') }}
)

select
    tenant_id,
    source,
    source_account,
    case when is_debit then sale_id || '-debit' else sale_id end as sale_id,
    instalment,
    instalments,
    stage,
    establishment,
    store_document,
    brand_code,
    product_code || case when is_instalment then '-parts' else '' end as product_code,
    channel_code,
    nsu,
    authorization_code,
    cast(null as {{ dbt.type_string() }}) as terminal,
    substring(card_number, 1, 6) as card_bin,
    right(card_number, 4) as card_last_four,
    order_id,
    case when stage != 'forecast' then payout_key end as payout_id,
    part_gross_minor as gross_minor,
    part_fee_minor as commission_minor,
    part_net_minor as net_minor,
    part_net_minor - paid_minor as anticipation_cost_minor,
    cast(null as decimal(9, 3)) as stated_rate,
    currency,
    occurred_at,
    business_date as sale_date,
    coalesce(original_due_date, settlement_date) as due_date,
    case when stage != 'forecast' then settlement_date end as settlement_date,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from sales

with

details as (
    select * from {{ ref('stg_cielo__details') }} where is_sale and stage is not null
),

units as (
    select
        _document_id,
        unit_key,
        max(payment_date) as payment_date
    from {{ ref('stg_cielo__units') }}
    group by _document_id, unit_key
),

pix as (
    select * from {{ ref('stg_cielo__pix') }} where gross_minor > 0
)

select
    details.tenant_id,
    details.source,
    details.source_account,
    details.sale_id,
    details.instalment,
    details.instalments,
    details.stage,
    details.establishment,
    cast(null as {{ dbt.type_string() }}) as store_document,
    details.brand_code,
    details.launch_type as product_code,
    details.channel_code,
    details.nsu,
    details.authorization_code,
    details.terminal,
    details.card_bin,
    details.card_last_four,
    details.order_id,
    case when details.stage = 'settled' then details.unit_key end as payout_id,
    details.gross_minor,
    details.gross_minor - details.net_minor as commission_minor,
    details.net_minor,
    cast(0 as bigint) as anticipation_cost_minor,
    details.rate as stated_rate,
    details.currency,
    details.occurred_at,
    details.business_date as sale_date,
    coalesce(details.original_due_date, units.payment_date, details.launch_date) as due_date,
    case when details.stage = 'settled' then coalesce(units.payment_date, details.launch_date) end as settlement_date,
    details._received_at,
    details._document_id,
    details._source_file,
    details._source_line
from details
left join units on details._document_id = units._document_id and details.unit_key = units.unit_key
union all
select
    tenant_id,
    source,
    source_account,
    sale_id,
    1 as instalment,
    1 as instalments,
    'settled' as stage,
    establishment,
    cast(null as {{ dbt.type_string() }}) as store_document,
    'pix' as brand_code,
    'pix' as product_code,
    channel_code,
    nsu,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    terminal,
    cast(null as {{ dbt.type_string() }}) as card_bin,
    cast(null as {{ dbt.type_string() }}) as card_last_four,
    cast(null as {{ dbt.type_string() }}) as order_id,
    case when payment_date is not null then payout_key end as payout_id,
    gross_minor,
    gross_minor - net_minor as commission_minor,
    net_minor,
    cast(0 as bigint) as anticipation_cost_minor,
    rate as stated_rate,
    currency,
    occurred_at,
    business_date as sale_date,
    payment_date as due_date,
    payment_date as settlement_date,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from pix

with

{{ landed_lines('unica', 'unica_sales') }},

files as (
    select
        _document_id,
        min(movement_id) as movement_id
    from {{ ref('stg_unica__files') }}
    group by _document_id
),

-- A sale in instalments has the whole sale in the first amounts of every line, and the line's own in the others;
-- a sale at once has its own in the first ones, and zeros in the others.
parted as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.time_zone,
        documents.currency,
        documents.received_at,
        currencies.minor_unit_factor,
        files.movement_id,
        case when lines.debit_flag is null then 1 else -1 end as direction,
        cast(lines.instalments as integer) > 1 as is_instalment,
        case lines.launch_type when '0' then 'forecast' when '1' then 'settled' when '2' then 'anticipated' end as stage
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join currencies on documents.currency = currencies.currency
    left join files on lines._document_id = files._document_id
),

typed as (
    select
        parted.*,
        {{ hundredths_minor('gross_amount', 'minor_unit_factor') }} * direction as sale_gross_minor,
        {{ hundredths_minor('discount_amount', 'minor_unit_factor') }} * direction as sale_fee_minor,
        {{ hundredths_minor('net_amount', 'minor_unit_factor') }} * direction as sale_net_minor,
        {% for part in ['gross', 'discount', 'net'] %}
            {% set whole, own = part ~ '_amount', 'instalment_' ~ part ~ '_amount' %}
            {{ hundredths_minor('case when is_instalment then ' ~ own ~ ' else ' ~ whole ~ ' end', 'minor_unit_factor') }}
            * direction as part_{{ part }}_minor,
        {% endfor %}
        {{ hundredths_minor('anticipated_net_amount', 'minor_unit_factor') }} * direction as anticipated_minor,
        {{ utc_timestamp("sale_date || ' ' || coalesce(sale_time, '00:00:00')", 'time_zone') }} as occurred_at
    from parted
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    store_document || '-' || nsu || '-' || replace(sale_date, '-', '') as sale_id,
    {{ joined_key(['payee_establishment', "replace(settlement_date, '-', '')", 'bank', 'branch', 'account', 'movement_id']) }}
        as payout_key,
    stage,
    direction < 0 as is_debit,
    is_instalment,
    case when is_instalment then cast(instalment as integer) else 1 end as instalment,
    case when is_instalment then cast(instalments as integer) else 1 end as instalments,
    store_document,
    establishment,
    payee_establishment,
    nsu,
    authorization_code,
    order_id,
    brand_code,
    product as product_code,
    capture_mode as channel_code,
    card_number,

    -- money
    sale_gross_minor,
    sale_fee_minor,
    sale_net_minor,
    part_gross_minor,
    part_discount_minor as part_fee_minor,
    part_net_minor,
    case when stage = 'anticipated' and anticipated_minor != 0 then anticipated_minor else part_net_minor end as paid_minor,
    currency,

    -- time
    occurred_at,
    {{ iso_date('sale_date') }} as business_date,
    {{ iso_date('settlement_date') }} as settlement_date,
    {{ iso_date('original_due_date') }} as original_due_date,

    -- origin
    received_at as _received_at,
    _document_id,
    _source_file,
    _source_line
from typed

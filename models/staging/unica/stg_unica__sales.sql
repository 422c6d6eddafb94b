with

{{ landed_lines('unica', 'unica_sales') }},

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
        case when lines.debit_flag is null then 1 else -1 end as direction,
        cast(lines.instalments as integer) > 1 as is_instalment,
        case lines.launch_type when '0' then 'forecast' when '1' then 'settled' when '2' then 'anticipated' end as stage
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join currencies on documents.currency = currencies.currency
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
        {{ utc_timestamp("sale_date || ' ' || coalesce(sale_time, '00:00:00')", 'time_zone') }} as occurred_at,
        store_document || '-' || nsu || '-' || replace(sale_date, '-', '') as sale_id
    from parted
),

-- What is paid into an account on a day has no number. A part of a sale is paid once, so the first part in it names the payment:
-- two payments have none in common, and a file sent again has the same, whatever its movement is called.
named as (
    select
        typed.*,
        min(
            {{ bytewise("case when stage != 'forecast' then sale_id || '-' || instalment || coalesce('-' || debit_flag, '') end") }}
        ) over (partition by _document_id, payee_establishment, settlement_date, bank, branch, account) as first_part
    from typed
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    sale_id,
    {{ joined_key(['payee_establishment', "replace(settlement_date, '-', '')", 'bank', 'branch', 'account', 'first_part']) }}
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
from named

with

{{ landed_lines('cielo', 'cielo_details') }},

files as (
    select
        _document_id,
        min(file_type) as file_type
    from {{ ref('stg_cielo__files') }}
    group by _document_id
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.currency,
        documents.received_at,
        currencies.minor_unit_factor,
        files.file_type,
        lines.launch_type in ('01', '02', '03', '42') as is_sale,
        cast(lines.instalments as integer) > 1 as is_instalment,
        coalesce(lines.authorization_date, lines.capture_date, lines.launch_date) as sale_date,
        {{ utc_timestamp(
            "coalesce(lines.authorization_date, lines.capture_date, lines.launch_date) || ' ' || coalesce(lines.sale_time, '00:00:00')",
            'documents.time_zone') }} as occurred_at
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join currencies on documents.currency = currencies.currency
    left join files on lines._document_id = files._document_id
),

named as (
    select
        typed.*,
        coalesce(
            sale_code,
            {{ joined_key(['establishment', 'nsu', 'authorization_code', "replace(sale_date, '-', '')"]) }}
        ) as sale_id
    from typed
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    file_type,
    case file_type when '03' then 'forecast' when '04' then 'settled' end as stage,
    launch_type,
    is_sale,
    is_instalment,
    case when is_instalment then cast(instalment as integer) else 1 end as instalment,
    case when is_instalment then cast(instalments as integer) else 1 end as instalments,
    sale_id,
    original_sale_code,
    unit_key,
    adjustment_code,
    row_number() over (
        partition by _document_id, launch_type, sale_id, instalment, adjustment_code, terminal, unit_key
        order by _source_line
    ) as occurrence,
    establishment,
    nsu,
    authorization_code,
    tid,
    order_id,
    terminal,
    brand_code,
    liquidation_type as product_code,
    channel as channel_code,
    card_bin,
    card_last_four,

    -- money
    {% for part in ['sale', 'gross', 'net', 'commission'] %}
        {{ hundredths_minor(part ~ '_amount', 'minor_unit_factor') }} as {{ part }}_minor,
    {% endfor %}
    cast(sale_rate as decimal(9, 3)) as rate,
    currency,

    -- time
    occurred_at,
    {{ iso_date('sale_date') }} as business_date,
    {{ iso_date('launch_date') }} as launch_date,
    {{ iso_date('original_due_date') }} as original_due_date,

    -- origin
    received_at as _received_at,
    _document_id,
    _source_file,
    _source_line
from named

with

{{ landed_lines('square', 'square_transactions') }},

zones as (
    select * from {{ ref('time_zone_labels') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    case
        when lines.event_type is null and cast(lines.total_collected as decimal(24, 6)) < 0 then 'refund'
        when lines.event_type is null then 'payment'
        else {{ native_code('lines.event_type') }}
    end as record,
    coalesce({{ clean_text('lines.payment_id') }}, {{ clean_text('lines.transaction_id') }}) as native_id,
    case
        when lines.event_type is null and cast(lines.total_collected as decimal(24, 6)) < 0 then 'refund'
        when lines.event_type is null then 'payment'
        else {{ native_code('lines.event_type') }}
    end as native_type,
    coalesce(nullif({{ native_code('lines.status') }}, '(none)'), 'completed') as native_status,
    coalesce({{ clean_text('lines.order_reference') }}, {{ clean_text('lines.customer_reference') }}) as reference,
    {{ clean_text('lines.transaction_id') }} as order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    {{ clean_text('lines.payment_id') }} as payment_id,
    {{ clean_text('lines.deposit_id') }} as payout_id,
    {{ clean_text('lines.location') }} as location_id,
    {{ clean_text('lines.customer_id') }} as customer_id,
    {{ clean_text('lines.description') }} as description,

    -- money: what went through Square: cash, gift cards and other tenders never reach its balance
    {{ minor_units("coalesce(lines.total_collected, '0')", 'currencies.minor_unit_factor') }}
    - {{ minor_units("coalesce(lines.cash, '0')", 'currencies.minor_unit_factor') }}
    - {{ minor_units("coalesce(lines.square_gift_card, '0')", 'currencies.minor_unit_factor') }}
    - {{ minor_units("coalesce(lines.other_tender, '0')", 'currencies.minor_unit_factor') }} as amount_minor,
    {{ minor_units("coalesce(lines.fees, '0')", 'currencies.minor_unit_factor') }} as fee_minor,
    documents.currency,
    {{ minor_units('lines.net_sales', 'currencies.minor_unit_factor') }} as net_sales_minor,
    {{ minor_units('lines.tax', 'currencies.minor_unit_factor') }} as tax_minor,

    -- time
    {{ utc_timestamp('lines.sold_at', 'coalesce(zones.time_zone, documents.time_zone)') }} as occurred_at,
    {{ iso_date('lines.sold_at') }} as business_date,
    cast(null as date) as expected_on,
    documents.received_at as told_at,

    -- state
    cast(lines.total_collected as decimal(24, 6)) - cast(coalesce(lines.cash, '0') as decimal(24, 6))
    - cast(coalesce(lines.square_gift_card, '0') as decimal(24, 6)) - cast(coalesce(lines.other_tender, '0') as decimal(24, 6)) != 0
    or cast(lines.fees as decimal(24, 6)) != 0 as moves_money,
    true as knows_fee,

    2 as record_priority,
    {{ from_landed_lines() }}
left join zones on {{ clean_text('lines.time_zone') }} = zones.label

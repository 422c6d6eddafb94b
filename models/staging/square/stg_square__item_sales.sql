with

{{ landed_lines('square', 'square_item_sales') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    {{ clean_text('lines.transaction_id') }} as transaction_id,
    {{ clean_text('lines.payment_id') }} as payment_id,
    {{ native_code('lines.event_type') }} as native_type,
    {{ clean_text('lines.item') }} as item,
    {{ clean_text('lines.category') }} as category,
    {{ clean_text('lines.sku') }} as sku,
    {{ clean_text('lines.quantity') }} as quantity,

    -- money
    {{ minor_units('lines.gross_sales', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ minor_units('lines.discounts', 'currencies.minor_unit_factor') }} as discount_minor,
    {{ minor_units('lines.net_sales', 'currencies.minor_unit_factor') }} as net_minor,
    {{ minor_units('lines.tax', 'currencies.minor_unit_factor') }} as tax_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.sold_at') }} as business_date,

    {{ from_landed_lines() }}

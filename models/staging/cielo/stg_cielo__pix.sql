with

{{ landed_lines('cielo', 'cielo_pix') }},

-- Two files may pay on one day: each is a payout of its own, the same in a file sent again for the same period.
files as (
    select
        _document_id,
        min(period_start) as period_start
    from {{ ref('stg_cielo__files') }}
    group by _document_id
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.pix_id as sale_id,
    lines.transaction_type,
    lines.establishment,
    lines.nsu,
    lines.txid,
    lines.channel as channel_code,
    lines.terminal,
    {% set paid_on = "replace(lines.payment_date, '-', '')" %}
    {% set period = "replace(cast(files.period_start as varchar(10)), '-', '')" %}
    {{ joined_key(['lines.establishment', paid_on, 'lines.bank', 'lines.branch', 'lines.account', "'pix'", period]) }}
        as payout_key,

    -- money
    {{ hundredths_minor('lines.gross_amount', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('lines.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    cast(lines.rate as decimal(9, 3)) as rate,
    documents.currency,

    -- time
    {{ utc_timestamp("lines.transaction_date || ' ' || coalesce(lines.transaction_time, '00:00:00')", 'documents.time_zone') }}
        as occurred_at,
    {{ iso_date('lines.transaction_date') }} as business_date,
    {{ iso_date('lines.payment_date') }} as payment_date,

    {{ from_landed_lines() }}
left join files on lines._document_id = files._document_id

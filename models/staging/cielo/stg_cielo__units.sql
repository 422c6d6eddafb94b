with

{{ landed_lines('cielo', 'cielo_units') }},

files as (
    select
        _document_id,
        min(file_type) as file_type,
        min(period_start) as period_start,
        max(period_end) as period_end
    from {{ ref('stg_cielo__files') }}
    group by _document_id
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    files.file_type,
    lines.unit_key,
    -- A unit may be paid in part by the files of two days. The day's file, and one that brings back several, say the same.
    {{ joined_key([
        'lines.unit_key',
        "replace(coalesce(cast(case when files.period_start = files.period_end then files.period_start end as varchar(10)), "
        ~ "max(lines.payment_date) over (partition by lines._document_id, lines.unit_key)), '-', '')",
    ]) }} as payout_key,
    lines.launch_type,
    lines.establishment,
    coalesce(lines.payment_establishment, lines.establishment) as payee_establishment,
    lines.brand_code,
    lines.liquidation_type as product_code,
    lines.payment_status,
    lines.bank,
    lines.branch,
    lines.account,

    -- money
    {{ hundredths_minor('lines.gross_amount', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('lines.fee_amount', 'currencies.minor_unit_factor') }} as fee_minor,
    {{ hundredths_minor('lines.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.payment_date') }} as payment_date,
    {{ iso_date('lines.original_due_date') }} as original_due_date,

    {{ from_landed_lines() }}
left join files on lines._document_id = files._document_id

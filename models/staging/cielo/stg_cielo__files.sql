with

{{ landed_lines('cielo', 'cielo_files', has_amounts=false) }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.establishment,
    lines.file_type,
    cast(lines.sequence as bigint) as sequence_number,
    lines.sequence = '9999999' as is_resend,
    lines.layout_version,
    lines.transmission,

    -- time
    {{ iso_date('lines.processing_date') }} as processing_date,
    {{ iso_date('lines.period_start') }} as period_start,
    {{ iso_date('lines.period_end') }} as period_end,

    {{ from_landed_lines(currency=none) }}

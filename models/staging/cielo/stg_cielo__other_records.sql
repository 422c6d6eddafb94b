with

{{ landed_lines('cielo', 'cielo_other_records', has_amounts=false) }}

select
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.record_type,
    lines.line,
    {{ from_landed_lines(currency=none) }}

with

pages as (
    select * from {{ ref('stg_bank__pages') }}
)

select
    -- The pages of one statement are one unit, also in several files; banks give the same id again next year.
    {{ key_hash('unit', [
        'tenant_id', 'source_account', 'currency', 'format', 'statement_kind', 'statement_id',
        "case when page_number = 0 then _document_id else substring(cast(covers_to as " ~ dbt.type_string() ~ "), 1, 4) end",
    ]) }} as unit_id,
    tenant_id,
    source_account,
    currency,
    format,
    statement_kind,
    statement_id,
    page_number,
    electronic_sequence,
    opening_minor,
    closing_minor,
    opening_date,
    closing_date,
    covers_from,
    covers_to,
    _document_id
from pages

with

{{ landed_lines('rede', 'rede_credits') }},

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.currency,
        documents.received_at,
        currencies.minor_unit_factor,
        coalesce(lines.original_establishment, lines.establishment) as sale_establishment,
        case when lines.direction = 'D' then -1 else 1 end as sign,
        cast(coalesce(nullif(trim(substring(lines.instalment_of, 1, 2)), ''), '0') as integer) as instalment,
        cast(coalesce(nullif(trim(substring(lines.instalment_of, 4, 2)), ''), '0') as integer) as instalments
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join currencies on documents.currency = currencies.currency
),

keyed as (
    select
        typed.*,
        {{ joined_key(['sale_establishment', 'summary_number', "replace(summary_date, '-', '')"]) }} as summary_key,
        case when instalments > 1 then '-' || cast(instalment as {{ dbt.type_string() }}) else '' end as part_key,
        {{ joined_key(["replace(launch_date, '-', '')", 'document_number']) }} as document_key,
        {{ hundredths_minor('amount', 'minor_unit_factor') }} * sign as paid_minor
    from typed
),

-- Lines of one file that say the same are payments of their own, because the file's total counts each.
numbered as (
    select
        keyed.*,
        row_number() over (
            partition by _document_id, summary_key, part_key, document_key
            order by paid_minor, _source_line
        ) as occurrence
    from keyed
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    case record_type when '034' then 'settled' else 'anticipated' end as stage,
    establishment,
    sale_establishment,
    summary_number,
    document_number,
    instalments > 1 as is_instalment,
    case when instalments > 1 then instalment else 1 end as instalment,
    case when instalments > 1 then instalments else 1 end as instalments,
    summary_key,
    summary_key || part_key as payout_key,
    summary_key || part_key || '-' || document_key
    || case when occurrence > 1 then '-' || cast(occurrence as {{ dbt.type_string() }}) else '' end as credit_key,
    bank,
    branch,
    account,
    brand_code,

    -- money
    paid_minor,
    {{ hundredths_minor('coalesce(original_amount, amount)', 'minor_unit_factor') }} * sign as due_minor,
    currency,

    -- time
    {{ iso_date('launch_date') }} as launch_date,
    {{ iso_date('summary_date') }} as summary_date,
    {{ iso_date('original_due_date') }} as original_due_date,

    -- origin
    received_at as _received_at,
    _document_id,
    _source_file,
    _source_line
from numbered

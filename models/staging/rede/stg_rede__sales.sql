with

{{ landed_lines('rede', 'rede_sales') }},

{{ rede_sale_steps() }},

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.currency,
        documents.time_zone,
        documents.received_at,
        currencies.minor_unit_factor,
        coalesce(summaries.summary_date, {{ iso_date('lines.sale_date') }}) as summary_date,
        coalesce(summaries.credit_date, {{ iso_date('lines.credit_date') }}) as due_date,
        cast(coalesce(lines.instalments, '1') as integer) as parts,
        replace(lines.layout, 'rede-', '') as file_type,
        {{ joined_key(['lines.establishment', 'lines.nsu', "replace(lines.sale_date, '-', '')"]) }} as sale_reference
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join currencies on documents.currency = currencies.currency
    left join summaries
        on lines._document_id = summaries._document_id
            and lines.establishment = summaries.establishment
            and lines.summary_number = summaries.summary_number
)

select
    typed.tenant_id,
    typed.source,
    typed.source_account,
    -- A number of EEVD may be one of EEVC on the same day: debit sales have ids of their own.
    typed.sale_reference || case when typed.file_type = 'eevd' then '-eevd' else '' end as sale_id,
    typed.sale_reference,
    {% set summary_day = "replace(cast(typed.summary_date as varchar(10)), '-', '')" %}
    {{ joined_key(['typed.establishment', 'typed.summary_number', summary_day]) }} as summary_key,
    typed.record_type,
    typed.establishment,
    typed.summary_number,
    typed.parts > 1 as is_instalment,
    case when typed.parts > 1 then typed.parts else 1 end as instalments,
    typed.nsu,
    typed.authorization_code,
    typed.reference,
    orders.tid,
    orders.order_id,
    typed.terminal,
    typed.capture_type as channel_code,
    case when typed.file_type = 'eevd' then 'debit' when typed.parts > 1 then 'instalment' else 'credit' end as product_code,
    typed.brand_code,
    typed.card_number,

    -- money: what the sale was is what is paid for it and what was kept, a tip included
    {{ hundredths_minor('typed.net_amount', 'typed.minor_unit_factor') }}
    + {{ hundredths_minor('typed.discount_amount', 'typed.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('typed.discount_amount', 'typed.minor_unit_factor') }} as fee_minor,
    {{ hundredths_minor('typed.net_amount', 'typed.minor_unit_factor') }} as net_minor,
    {{ hundredths_minor('typed.first_instalment_net_amount', 'typed.minor_unit_factor') }} as first_net_minor,
    {{ hundredths_minor('typed.other_instalment_net_amount', 'typed.minor_unit_factor') }} as other_net_minor,
    typed.currency,

    {{ utc_timestamp("typed.sale_date || ' ' || coalesce(typed.sale_time, '00:00:00')", 'typed.time_zone') }} as occurred_at,
    {{ iso_date('typed.sale_date') }} as business_date,
    typed.due_date,

    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join orders
    on typed.tenant_id = orders.tenant_id
        and typed.source = orders.source
        and typed.source_account = orders.source_account
        and typed.file_type = orders.file_type
        and typed.establishment = orders.establishment
        and typed.nsu = orders.nsu
        and {{ iso_date('typed.sale_date') }} = orders.sale_date

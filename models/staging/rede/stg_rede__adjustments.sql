with

{{ landed_lines('rede', 'rede_adjustments') }},

-- What a summary was paid with in the same file: a debit taken off that payment is a part of it.
payments as (
    select
        _document_id,
        sale_establishment,
        summary_number,
        max({{ bytewise('payout_key') }}) as payout_key,
        max(case when is_instalment then 1 else 0 end) as instalment_flag
    from {{ ref('stg_rede__credits') }}
    group by _document_id, sale_establishment, summary_number
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.record_type,
    replace(lines.layout, 'rede-', '') as file_type,
    -- A sales file tells of debits that the payment file takes: they count once, there.
    lines.layout = 'rede-eefi' as is_booked,
    case
        when lines.direction = 'C' then 'credit'
        when position('CHARGEBACK' in upper(lines.reason)) > 0 or position('CONTEST' in upper(lines.reason)) > 0 then 'chargeback'
        when position('CANCEL' in upper(lines.reason)) > 0 then 'cancellation'
        when position('ALUGUEL' in upper(lines.reason)) > 0 or position('TARIFA' in upper(lines.reason)) > 0
            or position('MENSALIDADE' in upper(lines.reason)) > 0 then 'rent'
        else 'debit'
    end as reason_kind,
    lines.establishment,
    lines.summary_number,
    lines.debit_order,
    lines.reason_code,
    lines.reason,
    lines.nsu,
    lines.authorization_code,
    {{ joined_key(['coalesce(lines.original_establishment, lines.establishment)', 'lines.nsu', "replace(lines.sale_date, '-', '')"]) }}
        as sale_id,
    case when coalesce(payments.instalment_flag, 0) = 0 then payments.payout_key end as payout_key,
    lines.record_type = '035' and (lines.adjustment_kind = 'D' or coalesce(payments.instalment_flag, 0) = 1) as is_unscheduled,
    row_number() over (
        partition by
            lines._document_id, lines.record_type, lines.establishment, lines.summary_number, lines.debit_order, lines.nsu,
            lines.adjustment_date, lines.amount
        order by lines._source_line
    ) as occurrence,

    -- money
    {{ hundredths_minor('lines.amount', 'currencies.minor_unit_factor') }}
    * case when lines.direction = 'C' then 1 else -1 end as amount_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.adjustment_date') }} as business_date,
    {{ iso_date('coalesce(lines.credit_date, lines.adjustment_date)') }} as credit_date,

    {{ from_landed_lines() }}
left join payments
    on lines._document_id = payments._document_id
        and lines.establishment = payments.sale_establishment
        and lines.summary_number = payments.summary_number

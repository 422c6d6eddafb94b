{# Step of stg_rede__events: debits and credits of the payment files. #}
{% macro rede_adjustment_rows() %}
adjustments as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        record_type,
        'adjustment_' || reason_kind as native_type,
        is_unscheduled,
        {{ joined_key(['record_type', 'establishment', 'summary_number', 'debit_order', 'nsu', 'business_date', 'occurrence']) }} as launch_id,
        case when record_type = '035' then payout_key else {{ joined_key(['record_type', 'establishment', 'debit_order', 'business_date', 'occurrence']) }} end
            as payout_key,
        amount_minor,
        sale_id as reference,
        cast(null as {{ dbt.type_string() }}) as order_id,
        authorization_code,
        debit_order as trace_reference,
        establishment as merchant_id,
        reason as description,
        cast(business_date as timestamp) as occurred_at,
        business_date,
        credit_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_rede__adjustments') }}
    where is_booked
)
{% endmacro %}

{# Steps of stg_cielo__events beside the sales: Pix, units given away in a negotiation, and what was paid out. #}
{% macro cielo_other_event_rows() %}
pix as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        sale_id || '-' || transaction_type as pix_event_id,
        case when payment_date is not null then payout_key end as payout_key,
        gross_minor,
        gross_minor - net_minor as fee_minor,
        sale_id as reference,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_string() }}) as authorization_code,
        nsu as trace_reference,
        establishment as merchant_id,
        txid as description,
        occurred_at,
        business_date,
        payment_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_cielo__pix') }}
),

advances as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        negotiation_number,
        {{ joined_key(['negotiation_number', 'establishment', 'brand_code', 'product_code', 'original_due_date', 'occurrence']) }} as advance_id,
        gross_minor,
        gross_minor - net_minor as fee_minor,
        negotiation_number as reference,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_string() }}) as authorization_code,
        cast(null as {{ dbt.type_string() }}) as trace_reference,
        establishment as merchant_id,
        institution as description,
        cast(coalesce(payment_date, negotiation_date) as timestamp) as occurred_at,
        coalesce(payment_date, negotiation_date) as business_date,
        original_due_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_cielo__negotiation_units') }}
),

payouts as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        payout_key,
        amount_minor,
        payout_key as reference,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_string() }}) as authorization_code,
        cast(null as {{ dbt.type_string() }}) as trace_reference,
        payee_establishment as merchant_id,
        payout_kind as description,
        cast(payment_date as timestamp) as occurred_at,
        payment_date as business_date,
        payment_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_cielo__payouts') }}
)
{% endmacro %}

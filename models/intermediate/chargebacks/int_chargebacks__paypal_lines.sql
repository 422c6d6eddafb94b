-- What PayPal's reports and its search tell of disputes: the lines that are of one, and those that name another line.
{% set columns = [
    'tenant_id', 'source', 'source_account', 'transaction_id', 'native_type', 'reference_id', 'invoice_id', 'custom_field', 'amount_minor',
    'currency', 'occurred_at', '_received_at', '_document_id', '_source_file', '_source_line'
] | join(', ') %}
with

reported as (
    select {{ columns }}, store_id, description from {{ ref('stg_paypal__transactions') }} where is_booked
),

searched as (
    select {{ columns }} from {{ ref('stg_paypal__searched_transactions') }} where is_booked
),

lines as (
    select * from reported
    union all
    select
        searched.*,
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as {{ dbt.type_string() }}) as description
    from searched
)

select * from lines where reference_id is not null or native_type in ('t1106', 't1110', 't1201')

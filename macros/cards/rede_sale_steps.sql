{# Steps of stg_rede__sales: the summary a sale is in, and the order of an e-commerce sale. #}
{% macro rede_sale_steps() %}
-- A sale names its summary by number alone, and numbers come again: the summary of its own file has the date.
summaries as (
    select
        _document_id,
        establishment,
        summary_number,
        min(summary_date) as summary_date,
        min(credit_date) as credit_date
    from {{ ref('stg_rede__summaries') }}
    group by _document_id, establishment, summary_number
),

-- EEVC and EEVD number sales apart, each with its orders; an order told in EEFI does not say which of them it is of.
sale_files as (
    select 'eevc' as file_type
    union all
    select 'eevd' as file_type
),

orders as (
    select
        orders.tenant_id,
        orders.source,
        orders.source_account,
        sale_files.file_type,
        orders.establishment,
        orders.nsu,
        orders.sale_date,
        max({{ bytewise('orders.tid') }}) as tid,
        max({{ bytewise('orders.order_id') }}) as order_id
    from {{ ref('stg_rede__orders') }} as orders
    inner join sale_files on orders.file_type in (sale_files.file_type, 'eefi')
    group by
        orders.tenant_id, orders.source, orders.source_account, sale_files.file_type, orders.establishment, orders.nsu,
        orders.sale_date
)
{% endmacro %}

-- The lines of a sale are its net sales and its tax. A warning: an export may be limited to some items, and says nothing of it.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_square__item_sales'}}}) }}

with items as (
    select
        _document_id,
        tenant_id,
        source,
        source_account,
        transaction_id,
        sum(net_minor) as net_minor,
        sum(tax_minor) as tax_minor
    from {{ ref('stg_square__item_sales') }}
    group by _document_id, tenant_id, source, source_account, transaction_id
),

sales as (
    select
        tenant_id,
        source,
        source_account,
        order_id as transaction_id,
        max(net_sales_minor) as net_minor,
        max(tax_minor) as tax_minor
    from {{ ref('stg_square__transactions') }}
    where net_sales_minor is not null and tax_minor is not null
    group by tenant_id, source, source_account, order_id
)

select
    items._document_id,
    items.transaction_id,
    items.net_minor,
    items.tax_minor,
    sales.net_minor as sale_net_minor,
    sales.tax_minor as sale_tax_minor
from items
inner join sales
    on items.tenant_id = sales.tenant_id
        and items.source = sales.source
        and items.source_account = sales.source_account
        and items.transaction_id = sales.transaction_id
where items.net_minor != sales.net_minor or items.tax_minor != sales.tax_minor

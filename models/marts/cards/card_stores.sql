with

lines as (
    select * from {{ ref('int_cards__sale_lines') }}
),

rede_names as (
    select
        tenant_id,
        source,
        source_account,
        establishment,
        max({{ bytewise('merchant_name') }}) as merchant_name
    from {{ ref('stg_rede__files') }}
    group by tenant_id, source, source_account, establishment
),

stores as (
    select
        {{ card_store_id('lines') }} as store_id,
        tenant_id,
        source,
        source_account,
        establishment,
        max({{ bytewise('store_document') }}) as store_document,
        min(sale_date) as first_sale_on,
        max(sale_date) as last_sale_on
    from lines
    group by tenant_id, source, source_account, establishment
)

select
    cast(stores.store_id as {{ dbt.type_string() }}) as store_id,
    cast(stores.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(stores.source as {{ dbt.type_string() }}) as acquirer,
    cast(stores.source_account as {{ dbt.type_string() }}) as source_account,
    cast(stores.establishment as {{ dbt.type_string() }}) as establishment,
    cast(stores.store_document as {{ dbt.type_string() }}) as store_document,
    cast(rede_names.merchant_name as {{ dbt.type_string() }}) as store_name,
    cast(stores.first_sale_on as date) as first_sale_on,
    cast(stores.last_sale_on as date) as last_sale_on
from stores
left join rede_names
    on stores.tenant_id = rede_names.tenant_id
        and stores.source = rede_names.source
        and stores.source_account = rede_names.source_account
        and stores.establishment = rede_names.establishment

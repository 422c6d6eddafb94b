with

codes as (
    select distinct
        {{ card_product_id('lines') }} as product_id,
        tenant_id,
        source,
        product_code
    from {{ ref('int_cards__sale_lines') }} as lines
),

names as (
    select * from {{ ref('card_products_by_code') }}
)

select
    cast(codes.product_id as {{ dbt.type_string() }}) as product_id,
    cast(codes.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(codes.source as {{ dbt.type_string() }}) as acquirer,
    cast(codes.product_code as {{ dbt.type_string() }}) as product_code,
    cast(coalesce(names.product, 'unknown') as {{ dbt.type_string() }}) as product,
    cast(coalesce(names.name, codes.product_code) as {{ dbt.type_string() }}) as product_name
from codes
left join names on codes.source = names.source and codes.product_code = names.product_code

with

codes as (
    select distinct
        {{ card_payment_method_id('lines') }} as payment_method_id,
        {{ card_product_id('lines') }} as product_id,
        tenant_id,
        source,
        brand_code,
        product_code
    from {{ ref('int_cards__sale_lines') }} as lines
),

brands as (
    select * from {{ ref('card_brands') }}
),

products as (
    select * from {{ ref('card_products') }}
)

select
    cast(codes.payment_method_id as {{ dbt.type_string() }}) as payment_method_id,
    cast(codes.product_id as {{ dbt.type_string() }}) as product_id,
    cast(codes.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(codes.source as {{ dbt.type_string() }}) as acquirer,
    cast(codes.brand_code as {{ dbt.type_string() }}) as brand_code,
    cast(coalesce(brands.brand, 'brand ' || coalesce(codes.brand_code, '(none)')) as {{ dbt.type_string() }}) as brand,
    cast(products.product as {{ dbt.type_string() }}) as product,
    cast(
        coalesce(brands.brand, 'brand ' || coalesce(codes.brand_code, '(none)')) || ' ' || products.product
        as {{ dbt.type_string() }}
    ) as payment_method
from codes
left join brands on codes.source = brands.source and codes.brand_code = brands.brand_code
left join products on codes.product_id = products.product_id

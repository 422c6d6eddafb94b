-- What a line of a file says of the card, and of the parts of its fee that others took. Each line once, by the file and line it stands in.
with stripe as (
    select * from {{ ref('stg_stripe__balance_changes') }} where card_brand is not null or card_funding is not null
),

square as (
    select * from {{ ref('stg_square__payments') }} where card_brand is not null
),

adyen as (
    select * from {{ ref('stg_adyen__settlement_details') }} where interchange_minor is not null
),

card_lines as (
    {% for model in ['stg_unica__sales', 'stg_cielo__details', 'stg_rede__sales'] %}
        select source, brand_code, product_code, _document_id, _source_line from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

card_brands as (
    select * from {{ ref('card_brands') }}
),

card_products as (
    select * from {{ ref('card_products_by_code') }}
),

lines as (
    select
        _document_id, _source_line, card_brand, cast(null as {{ dbt.type_string() }}) as card_product, card_funding,
        cast(null as bigint) as interchange_minor, cast(null as bigint) as scheme_fee_minor
    from stripe
    union all
    select
        _document_id, _source_line, card_brand, cast(null as {{ dbt.type_string() }}) as card_product,
        cast(null as {{ dbt.type_string() }}) as card_funding, cast(null as bigint) as interchange_minor,
        cast(null as bigint) as scheme_fee_minor
    from square
    union all
    select
        _document_id, _source_line, cast(null as {{ dbt.type_string() }}) as card_brand,
        cast(null as {{ dbt.type_string() }}) as card_product, cast(null as {{ dbt.type_string() }}) as card_funding,
        interchange_minor, scheme_fee_minor
    from adyen
    union all
    select
        card_lines._document_id, card_lines._source_line, lower(coalesce(card_brands.brand, card_lines.brand_code)) as card_brand,
        card_lines.product_code as card_product, lower(card_products.product) as card_funding,
        cast(null as bigint) as interchange_minor, cast(null as bigint) as scheme_fee_minor
    from card_lines
    left join card_brands on card_lines.source = card_brands.source and card_lines.brand_code = card_brands.brand_code
    left join card_products on card_lines.source = card_products.source and card_lines.product_code = card_products.product_code
)

-- A line of several parts (instalments, stages) says the same of the card each time.
select
    _document_id,
    _source_line,
    max(card_brand) as card_brand,
    max(card_product) as card_product,
    max(card_funding) as card_funding,
    max(interchange_minor) as interchange_minor,
    max(scheme_fee_minor) as scheme_fee_minor
from lines
group by _document_id, _source_line

{# Steps of Cielo's details and what each was paid with: the unit of its own file. #}
{% macro cielo_paid_details() %}
units as (
    select
        _document_id,
        unit_key,
        min(payout_key) as payout_key,
        max(payment_date) as payment_date
    from {{ ref('stg_cielo__units') }}
    group by _document_id, unit_key
),

details as (
    select
        details.*,
        units.payment_date,
        case when details.stage = 'settled' then coalesce(units.payout_key, details.unit_key) end as payout_key
    from {{ ref('stg_cielo__details') }} as details
    left join units on details._document_id = units._document_id and details.unit_key = units.unit_key
    where details.stage in ('forecast', 'settled')
)
{%- endmacro %}

with days as (
    select * from {{ ref('int_fx__days') }} where place = 1
)

select
    {{ key_hash('fxr', ['tenant_id', 'rate_on', 'base_currency', 'quote_currency']) }} as fx_rate_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(rate_on as date) as rate_on,
    cast(base_currency as {{ dbt.type_string() }}) as base_currency,
    cast(quote_currency as {{ dbt.type_string() }}) as quote_currency,
    cast(rate as decimal(20, 12)) as rate,
    cast(published_on as date) as published_on,
    cast(age_days as integer) as age_days,
    cast(rate_source as {{ dbt.type_string() }}) as rate_source,
    cast(pivot_currency as {{ dbt.type_string() }}) as pivot_currency,
    cast(_document_id as {{ dbt.type_string() }}) as _document_id,
    cast(_source_file as {{ dbt.type_string() }}) as _source_file,
    cast(_source_line as bigint) as _source_line
from days

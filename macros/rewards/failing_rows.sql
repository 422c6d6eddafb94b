{# The rows of one check that fail it, in the shape that every layer has. `subject` is what a person looks up, `words` an expression that
   says what is wrong. The relation has tenant_id, currency and _source columns where `has_origin`. #}
{% macro failing_rows(check, relation, subject, words, condition, amount='null', customer='customer_id', has_origin=false, record=none) -%}
    select
        '{{ check }}' as check_name,
        tenant_id,
        cast({{ customer }} as {{ dbt.type_string() }}) as customer_id,
        cast({{ subject }} as {{ dbt.type_string() }}) as subject,
        cast({{ record or subject }} as {{ dbt.type_string() }}) as record_key,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast({{ amount }} as bigint) as amount_minor,
        cast({{ words }} as {{ dbt.type_string() }}) as explanation,
        cast({{ '_document_id' if has_origin else 'null' }} as {{ dbt.type_string() }}) as _document_id,
        cast({{ '_source_file' if has_origin else 'null' }} as {{ dbt.type_string() }}) as _source_file,
        cast({{ '_source_line' if has_origin else 'null' }} as bigint) as _source_line
    from {{ relation }}
    where {{ condition }}
{%- endmacro %}

{# The same of a row of reward_transactions. #}
{% macro failing_transactions(check, words, condition, amount='amount_minor', relation='reward_transactions') -%}
    {{ failing_rows(check, relation, 'trans_id', words, condition, amount, has_origin=true, record='reward_transaction_id') }}
{%- endmacro %}

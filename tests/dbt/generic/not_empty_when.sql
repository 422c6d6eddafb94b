{# Fails when the model has no row although `source` has one (that meets `condition`): a mart that was emptied without a word,
   by a filter, a right or a join, passes every other test.
   - not_empty_when: {arguments: {source: ref('transactions'), condition: "status = 'settled'"}} #}
{% test not_empty_when(model, source, condition='1 = 1') %}

with source_rows as (
    select count(*) as row_count from {{ source }} where {{ condition }}
),

model_rows as (
    select count(*) as row_count from {{ model }}
)

select
    source_rows.row_count as source_row_count,
    model_rows.row_count as model_row_count
from source_rows
cross join model_rows
where source_rows.row_count > 0 and model_rows.row_count = 0

{% endtest %}

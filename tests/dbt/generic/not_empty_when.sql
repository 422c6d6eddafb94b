{# Fails when the model has no row although `source` has one (that meets `condition`): a mart that was emptied without a word,
   by a filter, a right or a join, passes every other test.
   - not_empty_when: {arguments: {source: ref('transactions'), condition: "status = 'settled'"}} #}
{% test not_empty_when(model, source, condition='1 = 1') %}

with counts as (
    select
        (select count(*) from {{ source }} where {{ condition }}) as source_row_count,
        (select count(*) from {{ model }}) as model_row_count
)

select *
from counts
where source_row_count > 0 and model_row_count = 0

{% endtest %}

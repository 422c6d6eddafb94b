{# The step `open_rows` of passes 2 and 3: what pass 1 left and nobody has decided on, without the rows that the named steps before spoke of. #}
{% macro open_rows(steps_before=[]) -%}
after_pass_1 as (
    select * from {{ ref('int_matching__after_pass_1') }} where exclusion is null and not has_rivals and not is_taken_apart
),
{% if not steps_before %}
open_rows as (
    select * from after_pass_1
)
{%- else %}
decided_before as (
    {%- for step in steps_before %}
        select reconciliation, transaction_id from {{ ref('int_matching__' ~ step) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

open_rows as (
    select after_pass_1.*
    from after_pass_1
    left join decided_before
        on
            after_pass_1.reconciliation = decided_before.reconciliation
            and after_pass_1.transaction_id = decided_before.transaction_id
    where decided_before.transaction_id is null
)
{%- endif %}
{%- endmacro %}

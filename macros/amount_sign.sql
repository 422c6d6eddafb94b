{# The word the seeds use for an amount's sign. Nothing is neither, and counts as positive. #}
{% macro amount_sign(amount_minor) -%}
    case when {{ amount_minor }} < 0 then 'negative' else 'positive' end
{%- endmacro %}

{# Whether a line of the journal is what two people decided. Its id says so for good, whether the decision is still in seeds/write_offs.csv
   or was taken back. #}
{% macro is_write_off(transaction_id) -%}
substring({{ transaction_id }}, 1, 4) = 'wof_'
{%- endmacro %}

{# What names a line of the ageing roll-forward; `table` where there are several. #}
{% macro line_columns(table=none) -%}
    {%- for column in ['tenant_id', 'reconciliation', 'kind', 'source', 'currency', 'ageing_bucket'] -%}
        {{ table ~ '.' if table }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# That two tables speak of one line. #}
{% macro same_line(left_table, right_table) -%}
    {%- for column in ['tenant_id', 'reconciliation', 'kind', 'source', 'currency', 'ageing_bucket'] -%}
        {{ left_table }}.{{ column }} = {{ right_table }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# What a line's balance moves by between two looks; `unit` is count or minor. A revaluation moves money and no break. #}
{% macro net_movement(unit) -%}
    new_{{ unit }} + reopened_{{ unit }} + aged_in_{{ unit }} - aged_out_{{ unit }} - cleared_{{ unit }} - written_off_{{ unit }}
    {{- ' + revalued_minor' if unit == 'minor' }}
{%- endmacro %}

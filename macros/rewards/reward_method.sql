{# The method of allocation the books follow, as a literal; a word that no row of the seed reward_methods has would leave
   every lot open, so it is refused before anything runs. #}
{% macro reward_method() -%}
    {%- set method = var('reward_method', 'fifo') -%}
    {%- if method not in ('fifo', 'lifo', 'fefo', 'one_to_one') -%}
        {{ exceptions.raise_compiler_error("reward_method must be fifo, lifo, fefo or one_to_one, not " ~ method) }}
    {%- endif -%}
    '{{ method }}'
{%- endmacro %}

{# Lower and upper case of A–Z only. `lower` and `upper` depend on the engine's locale for every other letter
   (PostgreSQL under "C" leaves É alone, DuckDB does not); codes and patterns need no more than these. #}
{% macro ascii_lower(text) -%}
    {{ return(ascii_case(text, 'lower', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')) }}
{%- endmacro %}

{% macro ascii_upper(text) -%}
    {{ return(ascii_case(text, 'upper', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')) }}
{%- endmacro %}

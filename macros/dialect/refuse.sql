{# Every dialect macro's default: an engine that nobody proved is refused, not guessed. #}
{% macro refuse_dialect(macro_name) -%}
    {{ exceptions.raise_compiler_error(macro_name ~ " has no body for " ~ adapter.type() ~ "; add one in macros/dialect and prove it with the fingerprint test") }}
{%- endmacro %}

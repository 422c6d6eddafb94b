{# A file's name for a day: the pattern with that day's date (column iso_date) where it has one. #}
{% macro named_for_the_day(pattern) -%}
    replace(
        replace(
            replace({{ pattern }}, '{yyyy-mm-dd}', iso_date),
            '{yyyymmdd}', replace(iso_date, '-', '')
        ),
        '{ddmmyyyy}', substring(iso_date, 9, 2) || substring(iso_date, 6, 2) || substring(iso_date, 1, 4)
    )
{%- endmacro %}

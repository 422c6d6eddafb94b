{# A reference as a match key: upper case, in plain letters, without blanks and punctuation, so that "ord-17" and "ORD 17" are one.
   Other scripts stay as they are. Null when nothing is left. `translate` deletes what has no counterpart, on every engine. #}
{% macro normalised_reference(text) -%}
    nullif(translate(
        {{ plain_letters(text) }},
        'abcdefghijklmnopqrstuvwxyz -_./:;,#*()[]{}|+&"' || '''', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    ), '')
{%- endmacro %}

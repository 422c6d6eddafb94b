{# Whether the run's moment is no earlier than the journal's last line (none: there is no journal), and than the moments it must not go
   behind (a relation of book_moments). The journal and what it shows unwritten ask the same. #}
{% macro looks_ahead(journal, moments) -%}
    (
        select coalesce(max(moment) <= {{ as_of() }}, true)
        from (
            select moment from {{ moments }}
            {%- if journal %} union all select max(recorded_at) as moment from {{ journal }}{% endif %}
        ) as moments
    )
{%- endmacro %}

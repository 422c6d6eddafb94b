{# A row of a database or an interface that is asked again and again comes once more when it has changed, or by the overlap of two
   answers: its last version is what it says, as with Square's objects. Rows of files are never versions of each other.
   `event`: the columns that, beside the id, say which event of it a row is. #}
{% macro polled_versions(model, event) -%}
with

lines as (
    select * from {{ ref(model) }}
),

versions as (
    select
        lines.*,
        row_number() over (
            partition by tenant_id, source, source_account, transaction_id, {{ event | join(', ') }}, is_polled
            order by _received_at desc nulls last, _document_id desc, _source_line desc
        ) as version_place
    from lines
)

select
    versions.*,
    version_place = 1 or not is_polled as is_booked
from versions
{%- endmacro %}

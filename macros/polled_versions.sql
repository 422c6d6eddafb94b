{# A row of a database or an interface that is asked again and again comes once more when it has changed, or by the overlap of two
   answers: its last version is what it says, as with Square's objects. Rows of files are never versions of each other.
   `event`: the columns that, beside the id, say which event of it a row is. #}
{% macro polled_versions(model, event) -%}
with

lines as (
    select * from {{ ref(model) }}
),

-- Rows of files need no order: most are, and sorting them all would cost more than everything else that staging does.
asked_again as (
    select
        lines.*,
        row_number() over (
            partition by tenant_id, source, source_account, transaction_id, {{ event | join(', ') }}
            order by _received_at desc nulls last, _document_id desc, _source_line desc
        ) as version_place
    from lines
    where is_polled
)

select
    lines.*,
    1 as version_place,
    true as is_booked
from lines
where not is_polled
union all
select
    asked_again.*,
    version_place = 1 as is_booked
from asked_again
{%- endmacro %}

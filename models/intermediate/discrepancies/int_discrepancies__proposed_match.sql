-- A proposal settles nothing: all of it is at risk until a person confirms or rejects it.
with proposed as (
    {% for matched in ['pairs', 'groups'] %}
        select
            {{ break_identity() }}, counterpart_native_id, confidence, left_amount_minor, right_amount_minor, first_seen_on,
            match_explanation
        from {{ ref('int_discrepancies__' ~ matched) }}
        where match_status = 'proposed'
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    'proposed_match' as kind,
    {{ break_identity() }},
    left_amount_minor as expected_minor,
    right_amount_minor as found_minor,
    greatest(abs(left_amount_minor), abs(right_amount_minor)) as amount_at_risk_minor,
    first_seen_on,
    native_id || ' and ' || counterpart_native_id || ' are proposed with a score of '
    || cast(confidence as {{ dbt.type_string() }}) || '. ' || match_explanation as explanation
from proposed

-- The exact keys of what is unmatched: they tell what the other side has under the same id although nothing could match.
with unmatched as (
    select * from {{ ref('int_matching__unmatched') }}
    where coalesce(exclusion, 'key_conflict') = 'key_conflict' and not is_taken_apart
),

{{ key_candidates('unmatched', pass=1, step=1) }}

select
    candidates.*,
    {{ key_hash('any', ['rule_id', 'tenant_id', 'processor', 'event_class', 'key_value', 'second_key_value']) }} as id_key
from candidates

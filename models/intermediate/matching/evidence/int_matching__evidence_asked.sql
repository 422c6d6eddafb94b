-- What open items ask the other side for by the keys of their rules, as it may be spelt there. Matched rows are looked up by these words
-- alone, so that millions of them are read and none is normalised.
with open_rows as (
    select * from {{ ref('int_matching__open') }} as open_items where {{ has_candidates_told('open_items') }}
),

rules as (
    select * from {{ ref('int_matching__party_rules') }} where left_key is not null and pass in (1, 2, 4)
),

ruled as (
    select
        open_rows.*,
        case when open_rows.left_one = 1 then rules.left_key else rules.right_key end as own_column,
        case when open_rows.left_one = 1 then rules.right_key else rules.left_key end as other_column
    from open_rows
    inner join rules
        on
            open_rows.reconciliation = rules.reconciliation
            and open_rows.tenant_id = rules.for_tenant_id
            and open_rows.processor = rules.for_processor
),

asked as (
    select
        tenant_id,
        other_column,
        {{ key_column_value('own_column') }} as key_text
    from ruled
),

spelt as (
    select tenant_id, other_column, key_text from asked
    union
    select tenant_id, other_column, {{ ascii_upper('key_text') }} as key_text from asked
    union
    select tenant_id, other_column, {{ ascii_lower('key_text') }} as key_text from asked
    union
    select tenant_id, other_column, {{ normalised_reference('key_text') }} as key_text from asked
)

select
    tenant_id,
    other_column as column_name,
    key_text
from spelt
where key_text != ''

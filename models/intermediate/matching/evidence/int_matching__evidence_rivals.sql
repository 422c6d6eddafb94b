-- Why an item is ambiguous, row by row: who stands under its key, who scores or sums as well, the row in conflict or in the other currency.
with rival_groups as (
    select * from {{ ref('int_matching__rival_groups') }}
),

evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }} where is_open
),

named_rivals as (
    select * from {{ ref('int_matching__named_rivals') }}
),

open_items as (
    select * from {{ ref('int_matching__open') }} where state = 'ambiguous'
),

exact_rules as (
    select * from {{ ref('int_matching__party_rules') }} where pass = 1 and step = 1
),

placed as (
    select
        rival_groups.*,
        row_number() over (
            partition by rival_groups.group_key, rival_groups.stretch, rival_groups.role
            order by evidence_rows.business_date, rival_groups.transaction_id
        ) as place,
        count(*) over (partition by rival_groups.group_key, rival_groups.stretch, rival_groups.role) as rivals
    from rival_groups
    inner join evidence_rows
        on
            rival_groups.reconciliation = evidence_rows.reconciliation
            and rival_groups.transaction_id = evidence_rows.transaction_id
)

select
    subjects.reconciliation,
    subjects.transaction_id,
    rivals.transaction_id as candidate_transaction_id,
    subjects.rule_id
from placed as subjects
inner join placed as rivals
    on
        subjects.group_key = rivals.group_key
        and subjects.stretch = rivals.stretch
        and subjects.role != rivals.role
        and rivals.place <= {{ var('evidence_per_item') }}
union all
select reconciliation, transaction_id, rival_transaction_id as candidate_transaction_id, rule_id
from named_rivals
where place <= {{ var('evidence_per_item') }}
union all
select
    open_items.reconciliation,
    open_items.transaction_id,
    open_items.related_transaction_id as candidate_transaction_id,
    exact_rules.rule_id
from open_items
inner join exact_rules
    on
        open_items.reconciliation = exact_rules.reconciliation
        and open_items.tenant_id = exact_rules.for_tenant_id
        and open_items.processor = exact_rules.for_processor
where open_items.reason_code in ('conflict_opposite', 'other_currency')

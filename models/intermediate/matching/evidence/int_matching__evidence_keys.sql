-- The keys of these rows, and each row's place under them: open rows first, so that a key of thousands gives its few best.
with evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }}
),

rules as (
    select * from {{ ref('int_matching__party_rules') }} where left_key is not null and pass in (1, 2, 4)
),

ruled as (
    select
        evidence_rows.*,
        rules.rule_id,
        rules.key_form,
        case when evidence_rows.left_one = 1 then rules.left_key else rules.right_key end as key_column
    from evidence_rows
    inner join rules
        on
            evidence_rows.reconciliation = rules.reconciliation
            and evidence_rows.tenant_id = rules.for_tenant_id
            and evidence_rows.processor = rules.for_processor
),

keyed as (
    select
        ruled.*,
        {{ key_column_value('key_column') }} as key_text
    from ruled
),

formed as (
    select
        reconciliation, tenant_id, rule_id, role, transaction_id, amount_minor, business_date, is_open, is_asked,
        {{ key_in_form('key_form', 'key_text') }} as key_value
    from keyed
)

select
    formed.*,
    row_number() over (
        partition by reconciliation, tenant_id, rule_id, role, key_value
        order by case when is_open then 1 else 2 end, business_date, transaction_id
    ) as place,
    row_number() over (
        partition by reconciliation, tenant_id, rule_id, role, key_value, amount_minor
        order by case when is_open then 1 else 2 end, business_date, transaction_id
    ) as place_of_amount
from formed
where key_value is not null

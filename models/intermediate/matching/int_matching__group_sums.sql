-- One line a group, measured as a pair is.
with grouped as (
    select * from {{ ref('int_matching__grouped') }}
)

select
    {{ key_hash('mat', ['reconciliation', dbt.listagg('transaction_id', "','", 'order by transaction_id')]) }} as match_id,
    group_key,
    reconciliation,
    pass,
    rule_id,
    rule_version,
    tenant_id,
    processor,
    currency,
    cast(sum(case role when 'left' then amount_minor else 0 end) as bigint) as left_amount_minor,
    cast(sum(case role when 'right' then amount_minor else 0 end) as bigint) as right_amount_minor,
    min(case role when 'left' then business_date end) as left_date,
    max(case role when 'right' then business_date end) as right_date,
    max(business_date) as matched_on,
    min(key_text) as key_text,
    min(basis) as basis,
    min(confidence) as confidence,
    sum(case role when 'left' then 1 else 0 end) as left_count,
    sum(case role when 'right' then 1 else 0 end) as right_count
from grouped
group by group_key, reconciliation, pass, rule_id, rule_version, tenant_id, processor, currency

-- Two rules of one step for one tenant and processor: which of them speaks would hang on its name. Counted in each rule's last version.
{{ config(meta={'dagster': {'ref': {'name': 'match_rules'}}}) }}

with rules as (
    select * from {{ ref('match_rules') }}
),

last_versions as (
    select
        rules.*,
        row_number() over (partition by rule_id order by rule_version desc) as place
    from rules
)

select
    reconciliation,
    tenant_id,
    processor,
    pass,
    step,
    min(rule_id) as rule_id,
    max(rule_id) as other_rule_id
from last_versions
where place = 1
group by reconciliation, tenant_id, processor, pass, step
having count(*) > 1

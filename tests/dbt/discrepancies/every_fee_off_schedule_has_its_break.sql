-- What the fee audit finds over or under the contract is a break of just that much, and nothing else is.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with audited as (
    select * from {{ ref('fee_audit') }} where state in ('overcharged', 'undercharged')
),

told as (
    select * from {{ ref('discrepancies') }} where kind = 'fee_off_schedule'
)

select
    coalesce(audited.transaction_id, told.transaction_id) as transaction_id,
    audited.difference_minor as off_minor,
    told.difference_minor as told_minor
from audited
full outer join told on audited.transaction_id = told.transaction_id
where audited.difference_minor is distinct from told.difference_minor

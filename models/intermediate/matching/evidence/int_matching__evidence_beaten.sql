-- The rivals of each match, for the member they competed for, and why they lost: open items that came second, twins, lower scores.
with late as (
    select
        reconciliation,
        candidate_transaction_id as transaction_id,
        transaction_id as candidate_transaction_id,
        case
            when failed_count = 1 then 'passes the same gates and came second: taken were those of one day first, then the oldest'
            else why
        end as why,
        100 + failed_count as rank_value
    from {{ ref('int_matching__evidence_open') }}
    where taken_one = 1
),

together as (
    select reconciliation, transaction_id, candidate_transaction_id, why, rank_value from {{ ref('int_matching__evidence_twins') }}
    union all
    select reconciliation, transaction_id, candidate_transaction_id, why, rank_value from late
),

once as (
    select
        reconciliation, transaction_id, candidate_transaction_id, why, rank_value,
        row_number() over (
            partition by reconciliation, transaction_id, candidate_transaction_id order by rank_value, why
        ) as place
    from together
),

members as (
    select * from {{ ref('match_members') }}
),

explained as (
    select * from {{ ref('int_matching__explained') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

placed as (
    select
        members.match_id,
        members.tenant_id,
        explained.rule_id,
        explained.rule_version,
        rules.name as rule_name,
        explained.pass,
        explained.currency,
        explained.exponent,
        once.reconciliation, once.transaction_id, once.candidate_transaction_id, once.why,
        row_number() over (
            partition by members.match_id order by once.rank_value, once.transaction_id, once.candidate_transaction_id
        ) as place
    from once
    inner join members on once.reconciliation = members.reconciliation and once.transaction_id = members.transaction_id
    inner join explained on members.match_id = explained.match_id
    inner join rules on explained.rule_id = rules.rule_id and explained.rule_version = rules.rule_version
    where once.place = 1
)

select *
from placed
where place <= {{ var('evidence_per_item') }}

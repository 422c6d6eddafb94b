-- In a reconciliation between accounts no rule pairs two rows of one account, and none builds groups, where accounts are not asked.
{{ config(meta={'dagster': {'ref': {'name': 'matches'}}}) }}

with reconciliations as (
    select * from {{ ref('reconciliations') }} where between_accounts
),

sides as (
    select
        match_members.match_id,
        match_members.role,
        transactions.source_account
    from {{ ref('match_members') }} as match_members
    inner join reconciliations on match_members.reconciliation = reconciliations.reconciliation
    inner join {{ ref('transactions') }} as transactions on match_members.transaction_id = transactions.transaction_id
)

select
    matches.match_id,
    matches.rule_id,
    lefts.source_account
from {{ ref('matches') }} as matches
inner join sides as lefts on matches.match_id = lefts.match_id and lefts.role = 'left'
inner join sides as rights on matches.match_id = rights.match_id and rights.role = 'right'
where matches.pass != 0 and lefts.source_account = rights.source_account
union all
select
    cast(null as {{ dbt.type_string() }}) as match_id,
    match_rules.rule_id,
    'a rule of pass 4' as source_account
from {{ ref('match_rules') }} as match_rules
inner join reconciliations on match_rules.reconciliation = reconciliations.reconciliation
where match_rules.pass = 4

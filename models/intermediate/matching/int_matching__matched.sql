with decided as (
    select * from {{ ref('int_matching__decided') }} where pair_key is not null
),

items as (
    select * from {{ ref('int_matching__items') }}
),

members as (
    select
        decided.*,
        items.tenant_id,
        items.side,
        items.processor,
        items.currency,
        items.left_one,
        items.amount_minor,
        items.business_date
    from decided
    inner join items
        on decided.reconciliation = items.reconciliation and decided.transaction_id = items.transaction_id
),

groups as (
    select
        pair_key,
        {{ dbt.listagg('transaction_id', "','", 'order by transaction_id') }} as member_ids
    from members
    group by pair_key
)

select
    {{ key_hash('mat', ['groups.member_ids']) }} as match_id,
    members.*
from members
inner join groups on members.pair_key = groups.pair_key

{% set of_id = 'payouts.tenant_id, payouts.source, payouts.source_account, payouts.payout_id, payouts.currency' %}
with

-- Payouts of one id share its members (an Adyen batch paid in two, a Rede summary credited twice). One that failed, or that is told
-- in two amounts, stands alone: it is paid again under its id, or is not a second one.
payouts as (
    select
        transactions.*,
        case when has_conflict or status in ('failed', 'canceled') then transaction_id end as stands_alone
    from {{ ref('transactions') }} as transactions
    where side = 'processor' and event_type = 'payout'
),

members as (
    select
        payout_transaction_id,
        sum(net_minor) as net_minor,
        count(*) as member_count
    from {{ ref('int_payouts__members') }}
    group by payout_transaction_id
),

shared as (
    select
        payouts.transaction_id,
        payouts.net_minor,
        payouts.stands_alone,
        members.net_minor as members_net_minor,
        members.member_count,
        sum(payouts.net_minor) over (partition by {{ of_id }}, payouts.stands_alone) as all_net_minor,
        row_number() over (
            partition by {{ of_id }}, payouts.stands_alone
            order by payouts.business_date desc nulls last, {{ bytewise('payouts.transaction_id') }} desc
        ) as place_from_end,
        -- whose movements are counted once: those of the payouts that stand together, else of the last that stands alone
        row_number() over (
            partition by {{ of_id }}
            order by
                case when payouts.stands_alone is null then 0 else 1 end,
                payouts.business_date desc nulls last,
                {{ bytewise('payouts.transaction_id') }} desc
        ) as place_of_id
    from payouts
    inner join members on payouts.transaction_id = members.payout_transaction_id
)

-- Each is explained by what it paid; the last by what is then left of the members, so that they count once.
select
    transaction_id as payout_transaction_id,
    cast(
        case when place_from_end = 1 then members_net_minor + all_net_minor - net_minor else -net_minor end as bigint
    ) as members_net_minor,
    cast(member_count as integer) as member_count,
    place_from_end = 1 as lists_members,
    cast(case when place_from_end = 1 then all_net_minor - net_minor else -net_minor end as bigint) as under_same_id_minor,
    stands_alone is null or place_of_id = 1 as is_counted
from shared

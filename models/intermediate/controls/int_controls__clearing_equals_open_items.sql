-- A clearing account holds what one party said and the other did not (open items and both sides of proposals) and what they said
-- differently (differences of matches); nothing else may be left on it.
-- A reconciliation that no account of the chart clears has no part in it.
with chart_of_accounts as (
    select * from {{ ref('chart_of_accounts') }} where reconciliation is not null
),

answered as (
    select reconciliation, role, transaction_id
    from {{ ref('match_members') }}
    union all
    select reconciliation, role, transaction_id
    from {{ ref('open_items') }}
),

unposted as (
    select * from {{ ref('unposted_transactions') }}
),

in_scope as (
    select * from {{ ref('int_controls__in_scope') }}
),

figures as (
    select
        in_scope.tenant_id,
        answered.reconciliation,
        in_scope.currency,
        case when answered.role = 'left' then in_scope.amount_minor else -in_scope.amount_minor end as expected,
        0 as found
    from answered
    inner join in_scope
        on
            answered.transaction_id = in_scope.transaction_id
            and answered.reconciliation = in_scope.reconciliation
    left join unposted on answered.transaction_id = unposted.transaction_id
    where
        unposted.transaction_id is null
        and answered.reconciliation in (select chart_of_accounts.reconciliation from chart_of_accounts)
    union all
    select
        balances.tenant_id,
        chart_of_accounts.reconciliation,
        balances.currency,
        0 as expected,
        balances.closing_minor as found
    from {{ ref('int_controls__closing_balances') }} as balances
    inner join chart_of_accounts on balances.account_code = chart_of_accounts.account_code
)

select
    'clearing_equals_open_items' as control,
    tenant_id,
    reconciliation as scope,
    'amount' as measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, reconciliation, currency

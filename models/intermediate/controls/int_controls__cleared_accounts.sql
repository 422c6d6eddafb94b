-- What the chart says of each account that has a balance; a tenant's own row takes the place of the common one.
with balances as (
    select * from {{ ref('int_controls__closing_balances') }}
),

used as (
    select tenant_id, account_code
    from balances
    group by tenant_id, account_code
),

ranked as (
    select
        used.tenant_id,
        used.account_code,
        chart_of_accounts.role,
        chart_of_accounts.reconciliation,
        row_number() over (
            partition by used.tenant_id, used.account_code order by case when chart_of_accounts.tenant_id = '*' then 2 else 1 end
        ) as place
    from used
    inner join {{ ref('chart_of_accounts') }} as chart_of_accounts
        on used.account_code = chart_of_accounts.account_code and chart_of_accounts.tenant_id in ('*', used.tenant_id)
)

select
    tenant_id,
    account_code,
    role,
    reconciliation
from ranked
where place = 1

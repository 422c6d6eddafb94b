with account_balances as (
    select * from {{ ref('account_balances') }}
),

ranked as (
    select
        *,
        row_number() over (partition by tenant_id, account_code, currency order by period desc) as place
    from account_balances
)

select
    tenant_id,
    account_code,
    role,
    currency,
    closing_minor
from ranked
where place = 1

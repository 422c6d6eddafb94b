-- The chart as each tenant has it: its own row of a code before the common one.
with documents as (
    select * from {{ source('ops', 'documents') }}
),

chart_of_accounts as (
    select * from {{ ref('chart_of_accounts') }}
),

tenants as (
    select tenant_id
    from documents
    group by tenant_id
),

ranked as (
    select
        tenants.tenant_id as whose,
        chart_of_accounts.*,
        row_number() over (
            partition by tenants.tenant_id, chart_of_accounts.account_code
            order by case when chart_of_accounts.tenant_id = '*' then 2 else 1 end
        ) as place
    from tenants
    inner join chart_of_accounts on chart_of_accounts.tenant_id in ('*', tenants.tenant_id)
)

select
    cast(whose as {{ dbt.type_string() }}) as tenant_id,
    account_code,
    account_name,
    account_type,
    role,
    reconciliation,
    currency
from ranked
where place = 1

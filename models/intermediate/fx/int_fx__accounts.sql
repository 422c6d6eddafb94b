-- The chart of each tenant that keeps books in one currency (its own row of a code before the common one), and what exchange rates do to
-- each account, by its type and its role.
with tenant_books as (
    select * from {{ ref('tenant_books') }}
),

chart_of_accounts as (
    select * from {{ ref('chart_of_accounts') }}
),

fx_account_roles as (
    select * from {{ ref('fx_account_roles') }}
),

ranked as (
    select
        tenant_books.tenant_id as whose,
        chart_of_accounts.*,
        row_number() over (
            partition by tenant_books.tenant_id, chart_of_accounts.account_code
            order by case when chart_of_accounts.tenant_id = '*' then 2 else 1 end
        ) as place
    from tenant_books
    inner join chart_of_accounts on chart_of_accounts.tenant_id in ('*', tenant_books.tenant_id)
)

select
    ranked.whose as tenant_id,
    ranked.account_code,
    ranked.account_name,
    ranked.role,
    case
        when ranked.account_type not in ('asset', 'liability') then 'kept'
        else coalesce(fx_account_roles.treatment, 'revalued')
    end as treatment,
    row_number() over (partition by ranked.whose, ranked.role order by ranked.account_code) as place_in_role
from ranked
left join fx_account_roles on ranked.role = fx_account_roles.role
where ranked.place = 1

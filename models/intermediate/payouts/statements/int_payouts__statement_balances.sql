{% set account = 'tenant_id, source, source_account, currency' %}
-- The balance at both ends of each month in which the tenant's processors moved, as our rows add up and as the processor states it.
with

lines as (
    select * from {{ ref('int_payouts__statement_lines') }}
),

moved as (
    select {{ account }}, period, sum(net_minor) as net_minor
    from lines
    group by {{ account }}, period
),

periods as (
    select tenant_id, period from moved group by tenant_id, period
),

accounts as (
    select {{ account }}, min(period) as first_period
    from moved
    group by {{ account }}
),

months as (
    select
        accounts.tenant_id, accounts.source, accounts.source_account, accounts.currency, periods.period,
        coalesce(moved.net_minor, 0) as net_minor
    from accounts
    inner join periods on accounts.tenant_id = periods.tenant_id and accounts.first_period <= periods.period
    left join moved
        on accounts.tenant_id = moved.tenant_id
            and accounts.source = moved.source
            and accounts.source_account = moved.source_account
            and accounts.currency = moved.currency
            and periods.period = moved.period
),

balances as (
    select
        months.*,
        sum(net_minor) over (partition by {{ account }} order by period rows unbounded preceding) as closing_minor
    from months
),

-- A month that two reports tell differently is stated by none.
stated as (
    select
        {{ account }}, from_day, to_day,
        case when min(opening_minor) = max(opening_minor) then min(opening_minor) end as opening_minor,
        case when min(closing_minor) = max(closing_minor) then min(closing_minor) end as closing_minor
    from {{ ref('int_payouts__stated_balances') }}
    group by {{ account }}, from_day, to_day
)

select
    balances.tenant_id, balances.source, balances.source_account, balances.currency, balances.period,
    cast(balances.closing_minor - balances.net_minor as bigint) as opening_minor,
    cast(balances.closing_minor as bigint) as closing_minor,
    cast(stated.opening_minor as bigint) as stated_opening_minor,
    cast(stated.closing_minor as bigint) as stated_closing_minor
from balances
left join stated
    on balances.tenant_id = stated.tenant_id
        and balances.source = stated.source
        and balances.source_account = stated.source_account
        and balances.currency = stated.currency
        and cast(balances.period as {{ dbt.type_string() }}) = stated.from_day
        and cast(cast({{ dbt.last_day('balances.period', 'month') }} as date) as {{ dbt.type_string() }}) = stated.to_day

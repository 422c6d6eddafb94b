-- What each account that rates touch holds at the end of each month that is over, in each foreign currency, and what the books carry it at:
-- its lines at the rates of their days, and what was realised on it. Of an exchange of currencies one side is open until the other comes.
with lines as (
    select * from {{ ref('int_fx__lines') }}
    where treatment in ('revalued', 'settled', 'exchanged') and currency != functional_currency
),

settled as (
    select * from {{ ref('int_fx__settled') }}
),

movements as (
    select
        tenant_id, account_code, currency, posting_period, amount_minor, functional_minor,
        case when functional_minor is null then 1 else 0 end as without_rate
    from lines
    union all
    select
        tenant_id, account_code, currency, posting_period, 0 as amount_minor, gain_minor as functional_minor, 0 as without_rate
    from settled
    where treatment = 'settled' and currency != functional_currency
    union all
    select
        standing.tenant_id, standing.account_code, standing.currency, settled.posting_period,
        -standing.amount_minor as amount_minor, -standing.functional_minor as functional_minor, 0 as without_rate
    from {{ ref('int_fx__standing') }} as standing
    inner join settled
        on
            standing.tenant_id = settled.tenant_id
            and standing.account_code = settled.account_code
            and standing.settlement_id = settled.settlement_id
    where standing.treatment = 'exchanged' and standing.currency != standing.functional_currency
),

by_month as (
    select
        tenant_id,
        account_code,
        currency,
        posting_period,
        sum(amount_minor) as amount_minor,
        coalesce(sum(functional_minor), 0) as functional_minor,
        sum(without_rate) as without_rate
    from movements
    group by tenant_id, account_code, currency, posting_period
),

accounts as (
    select
        tenant_id,
        account_code,
        currency,
        min(posting_period) as first_period
    from by_month
    group by tenant_id, account_code, currency
),

months as (
    select
        tenant_id,
        account_code,
        currency,
        {{ months_between('first_period', dbt.dateadd('month', -1, dbt.date_trunc('month', as_of()))) }} as posting_period
    from accounts
),

filled as (
    select
        months.tenant_id,
        months.account_code,
        months.currency,
        months.posting_period,
        coalesce(by_month.amount_minor, 0) as amount_minor,
        coalesce(by_month.functional_minor, 0) as functional_minor,
        coalesce(by_month.without_rate, 0) as without_rate
    from months
    left join by_month
        on
            months.tenant_id = by_month.tenant_id
            and months.account_code = by_month.account_code
            and months.currency = by_month.currency
            and months.posting_period = by_month.posting_period
)

select
    tenant_id,
    account_code,
    currency,
    cast(posting_period as date) as posting_period,
    {{ add_days(dbt.dateadd('month', 1, 'posting_period'), -1) }} as period_end,
    sum(amount_minor) over (
        partition by tenant_id, account_code, currency order by posting_period rows unbounded preceding
    ) as balance_minor,
    sum(functional_minor) over (
        partition by tenant_id, account_code, currency order by posting_period rows unbounded preceding
    ) as carrying_minor,
    sum(without_rate) over (
        partition by tenant_id, account_code, currency order by posting_period rows unbounded preceding
    ) as without_rate
from filled

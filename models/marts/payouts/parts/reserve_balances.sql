{% set measures = ['opening', 'withheld', 'released', 'applied', 'closing'] %}
{% set account = 'accounts.tenant_id, accounts.processor, accounts.source, accounts.source_account, accounts.currency' %}
with

movements as (
    select * from {{ ref('int_payouts__reserve_movements') }}
),

account_balances as (
    select * from {{ ref('account_balances') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

by_month as (
    select
        tenant_id, processor, source, source_account, currency, period,
        sum(case when movement = 'withheld' then reserve_minor else 0 end) as withheld_minor,
        sum(case when movement = 'released' then -reserve_minor else 0 end) as released_minor,
        sum(case when movement = 'applied' then -reserve_minor else 0 end) as applied_minor,
        count(*) as movement_count
    from movements
    group by tenant_id, processor, source, source_account, currency, period
),

-- A reserve stays in view in the months in which the books moved and it did not.
periods as (
    select tenant_id, period from account_balances
    union
    select tenant_id, period from by_month
),

accounts as (
    select tenant_id, processor, source, source_account, currency, min(period) as first_period
    from by_month
    group by tenant_id, processor, source, source_account, currency
),

months as (
    select
        {{ account }},
        periods.period,
        coalesce(by_month.withheld_minor, 0) as withheld_minor,
        coalesce(by_month.released_minor, 0) as released_minor,
        coalesce(by_month.applied_minor, 0) as applied_minor,
        coalesce(by_month.movement_count, 0) as movement_count
    from accounts
    inner join periods on accounts.tenant_id = periods.tenant_id and accounts.first_period <= periods.period
    left join by_month
        on accounts.tenant_id = by_month.tenant_id
            and accounts.processor = by_month.processor
            and accounts.source = by_month.source
            and accounts.source_account = by_month.source_account
            and accounts.currency = by_month.currency
            and periods.period = by_month.period
),

balances as (
    select
        months.*,
        sum(withheld_minor - released_minor - applied_minor) over (
            partition by tenant_id, processor, source, source_account, currency order by period rows unbounded preceding
        ) as closing_minor
    from months
),

typed as (
    select
        balances.*,
        closing_minor - withheld_minor + released_minor + applied_minor as opening_minor
    from balances
)

select
    {{ key_hash('res', ['typed.tenant_id', 'processor', 'source', 'source_account', 'typed.currency', 'period']) }} as reserve_balance_id,
    cast(typed.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(typed.processor as {{ dbt.type_string() }}) as processor,
    cast(typed.source as {{ dbt.type_string() }}) as source,
    cast(typed.source_account as {{ dbt.type_string() }}) as source_account,
    cast(typed.currency as {{ dbt.type_string() }}) as currency,
    cast(typed.period as date) as period,
    {% for measure in measures %}
        cast({{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units(measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(typed.movement_count as integer) as movement_count
from typed
left join currencies on typed.currency = currencies.currency

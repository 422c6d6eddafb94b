with item_lines as (
    select * from {{ ref('int_ledger__item_lines') }} where item_balance_minor != 0
),

accounts as (
    select * from {{ ref('int_ledger__item_accounts') }}
),

buckets as (
    select * from {{ ref('ageing_buckets') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

open_items as (
    select
        tenant_id,
        account_code,
        currency,
        item_id,
        max(match_id) as match_id,
        case when min(subject_id) = max(subject_id) then min(subject_id) end as transaction_id,
        min(posted_on) as opened_on,
        max(posted_on) as moved_on,
        count(*) as line_count,
        max(item_balance_minor) as balance_minor
    from item_lines
    group by tenant_id, account_code, currency, item_id
),

aged as (
    select
        open_items.*,
        greatest(0, {{ days_between('opened_on', as_of()) }}) as age_days
    from open_items
)

select
    -- keys
    {{ key_hash('oai', ['aged.tenant_id', 'aged.account_code', 'aged.currency', 'aged.item_id']) }} as open_account_item_id,
    cast(aged.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(aged.account_code as {{ dbt.type_string() }}) as account_code,
    cast(accounts.account_name as {{ dbt.type_string() }}) as account_name,
    cast(accounts.role as {{ dbt.type_string() }}) as role,
    cast(accounts.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(aged.item_id as {{ dbt.type_string() }}) as item_id,
    cast(aged.match_id as {{ dbt.type_string() }}) as match_id,
    cast(aged.transaction_id as {{ dbt.type_string() }}) as transaction_id,

    -- money
    cast(aged.currency as {{ dbt.type_string() }}) as currency,
    cast(aged.balance_minor as bigint) as balance_minor,
    {{ major_units('aged.balance_minor', 'currencies.exponent') }} as balance,
    cast(aged.line_count as integer) as line_count,

    -- time
    cast(aged.opened_on as date) as opened_on,
    cast(aged.moved_on as date) as moved_on,
    cast(aged.age_days as integer) as age_days,
    cast(buckets.ageing_bucket as {{ dbt.type_string() }}) as ageing_bucket
from aged
inner join accounts on aged.tenant_id = accounts.tenant_id and aged.account_code = accounts.account_code
inner join currencies on aged.currency = currencies.currency
left join buckets
    on aged.age_days >= buckets.from_days and aged.age_days <= coalesce(buckets.to_days, aged.age_days)

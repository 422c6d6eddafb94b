-- Where the balances before and after are known, everything that moved in between is proven at once, manual payouts too.
with

stated as (
    select * from {{ ref('int_payouts__stated_balances') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- Stripe's movements are told several times, so the transactions count; PayPal's report is its own whole.
moved as (
    select
        tenant_id, source, source_account, currency, cast(null as {{ dbt.type_string() }}) as told_in,
        cast(business_date as {{ dbt.type_string() }}) as day, sum(net_minor) as net_minor
    from {{ ref('transactions') }}
    where side = 'processor' and source = 'stripe'
    group by tenant_id, source, source_account, currency, business_date
    union all
    select
        tenant_id, source, source_account, currency, _document_id as told_in,
        cast(business_date as {{ dbt.type_string() }}) as day, sum(amount_minor - fee_minor) as net_minor
    from {{ ref('stg_paypal__transactions') }}
    where report = 'STL'
    group by tenant_id, source, source_account, currency, _document_id, business_date
),

added as (
    select
        stated.told_in, stated.source_account, stated.currency,
        coalesce(sum(moved.net_minor), 0) as moved_minor
    from stated
    left join moved
        on stated.tenant_id = moved.tenant_id
            and stated.source = moved.source
            and stated.source_account = moved.source_account
            and stated.currency = moved.currency
            and coalesce(moved.told_in, stated.told_in) = stated.told_in
            and moved.day between stated.from_day and stated.to_day
    group by stated.told_in, stated.source_account, stated.currency
),

itemized as (
    select tenant_id, source_account, report_kind, report_from, report_to, report_currency
    from {{ ref('stg_stripe__balance_changes') }}
    where report_kind = 'activity'
    group by tenant_id, source_account, report_kind, report_from, report_to, report_currency
    union all
    select tenant_id, source_account, report_kind, report_from, report_to, report_currency
    from {{ ref('stg_stripe__payouts') }}
    where report_kind = 'payouts'
    group by tenant_id, source_account, report_kind, report_from, report_to, report_currency
),

-- All that moved is there: the reports of activity and of payouts reach over the period.
covered as (
    select
        stated.told_in, stated.source_account, stated.currency,
        count(distinct itemized.report_kind) as kind_count
    from stated
    inner join itemized
        on stated.tenant_id = itemized.tenant_id
            and stated.source_account = itemized.source_account
            and stated.from_day >= itemized.report_from
            and stated.to_day <= itemized.report_to
            and coalesce(itemized.report_currency, stated.currency) = stated.currency
    where stated.source = 'stripe'
    group by stated.told_in, stated.source_account, stated.currency
)

select
    {{ key_hash('pbal', ['stated.told_in', 'stated.source_account', 'stated.currency']) }} as processor_balance_id,
    cast(stated.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(stated.source as {{ dbt.type_string() }}) as source,
    cast(stated.source_account as {{ dbt.type_string() }}) as source_account,
    cast(stated.currency as {{ dbt.type_string() }}) as currency,
    cast(stated.from_day as {{ dbt.type_string() }}) as from_day,
    cast(stated.to_day as {{ dbt.type_string() }}) as to_day,
    {% for measure in ['stated.opening', 'added.moved', 'stated.closing'] %}
        cast({{ measure }}_minor as bigint) as {{ measure.split('.')[1] }}_minor,
        {{ major_units(measure ~ '_minor', 'currencies.exponent') }} as {{ measure.split('.')[1] }},
    {% endfor %}
    cast(stated.opening_minor + added.moved_minor = stated.closing_minor as boolean) as is_proven,
    cast(coalesce(covered.kind_count, 0) = 2 as boolean) as is_whole,
    cast(stated.told_in as {{ dbt.type_string() }}) as _document_id
from stated
inner join added
    on stated.told_in = added.told_in and stated.source_account = added.source_account and stated.currency = added.currency
left join covered
    on stated.told_in = covered.told_in and stated.source_account = covered.source_account and stated.currency = covered.currency
left join currencies on stated.currency = currencies.currency

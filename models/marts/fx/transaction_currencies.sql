with transactions as (
    select * from {{ ref('transactions') }}
),

presentments as (
    select * from {{ ref('int_fx__presentments') }}
),

tenant_books as (
    select tenant_id, functional_currency, functional_exponent, functional_factor
    from {{ ref('int_fx__books') }}
    group by tenant_id, functional_currency, functional_exponent, functional_factor
),

fx_rates as (
    select * from {{ ref('fx_rates') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

presented as (
    select
        transactions.transaction_id,
        transactions.tenant_id,
        transactions.business_date,
        coalesce(presentments.presentment_minor, transactions.amount_minor) as presentment_minor,
        coalesce(presentments.presentment_currency, transactions.currency) as presentment_currency,
        transactions.amount_minor as settlement_minor,
        transactions.currency as settlement_currency,
        presentments.stated_rate,
        tenant_books.functional_currency,
        tenant_books.functional_exponent,
        tenant_books.functional_factor,
        case when transactions.currency = tenant_books.functional_currency then cast(1 as decimal(20, 12)) else fx_rates.rate end
            as functional_rate
    from transactions
    left join presentments
        on
            transactions.tenant_id = presentments.tenant_id
            and transactions.source = presentments.source
            and transactions.native_id = presentments.native_id
            and presentments.native_type in ('*', transactions.native_type)
            and transactions.side = 'processor'
    left join tenant_books on transactions.tenant_id = tenant_books.tenant_id
    left join fx_rates
        on
            transactions.tenant_id = fx_rates.tenant_id
            and transactions.business_date = fx_rates.rate_on
            and transactions.currency = fx_rates.base_currency
)

select
    presented.transaction_id,
    presented.tenant_id,
    cast(presented.business_date as date) as business_date,
    cast(presented.presentment_minor as bigint) as presentment_minor,
    {{ major_units('presented.presentment_minor', 'presentment.exponent') }} as presentment,
    presented.presentment_currency,
    cast(presented.settlement_minor as bigint) as settlement_minor,
    {{ major_units('presented.settlement_minor', 'settlement.exponent') }} as settlement,
    presented.settlement_currency,
    presented.stated_rate,
    cast(case
        when abs(presented.settlement_minor) < abs(presented.presentment_minor) * 1000000
            then {{ rate_quotient(
                'abs(presented.settlement_minor) * presentment.minor_unit_factor',
                'abs(presented.presentment_minor) * settlement.minor_unit_factor'
            ) }}
    end as decimal(20, 12)) as settlement_rate,
    case when presented.functional_rate is not null then {{ converted_minor(
        'presented.settlement_minor', 'presented.functional_rate', 'settlement.minor_unit_factor', 'presented.functional_factor'
    ) }} end as functional_minor,
    {{ major_units('case when presented.functional_rate is not null then ' ~ converted_minor(
        'presented.settlement_minor', 'presented.functional_rate', 'settlement.minor_unit_factor', 'presented.functional_factor'
    ) ~ ' end', 'presented.functional_exponent') }} as functional,
    presented.functional_currency,
    cast(presented.functional_rate as decimal(20, 12)) as functional_rate
from presented
left join currencies as settlement on presented.settlement_currency = settlement.currency
left join currencies as presentment on presented.presentment_currency = presentment.currency

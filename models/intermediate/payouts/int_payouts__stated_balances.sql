-- What a source says its balance was before and after: Stripe of a period, PayPal of the day and currency of a settlement report.
with

summaries as (
    select
        tenant_id, source, source_account, currency, _document_id as told_in, report_from as from_day, report_to as to_day,
        max(case when native_type = 'starting_balance' then net_minor end) as opening_minor,
        max(case when native_type = 'ending_balance' then net_minor end) as closing_minor
    from {{ ref('stg_stripe__balance_summaries') }}
    where report_kind = 'balance' and report_from is not null and report_to is not null
    group by tenant_id, source, source_account, currency, _document_id, report_from, report_to
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- The closing balance is declared, the one found is the opening balance and the section's rows.
totals as (
    select
        document_id,
        currency,
        case
            when scope like '% closing balance' then 'closing'
            when scope like '% credits' then 'credit'
            when scope like '% debits' then 'debit'
        end as kind,
        declared,
        found
    from {{ source('ops', 'control_totals') }}
    where scope like 'section % (SF) %' and currency is not null
),

sections as (
    select
        document_id,
        currency,
        sum(case when kind = 'closing' then declared end) as closing,
        sum(case when kind in ('closing', 'debit') then found when kind = 'credit' then -found else 0 end) as opening
    from totals
    group by document_id, currency
),

-- An account is known where all rows of a currency in a report are of one.
reports as (
    select
        tenant_id,
        source,
        min({{ bytewise('source_account') }}) as source_account,
        currency,
        _document_id,
        min(cast(business_date as {{ dbt.type_string() }})) as from_day,
        max(cast(business_date as {{ dbt.type_string() }})) as to_day
    from {{ ref('stg_paypal__transactions') }}
    where report = 'STL'
    group by tenant_id, source, currency, _document_id
    having min({{ bytewise('source_account') }}) = max({{ bytewise('source_account') }})
)

select
    tenant_id, source, source_account, currency, told_in, from_day, to_day,
    cast(opening_minor as bigint) as opening_minor,
    cast(closing_minor as bigint) as closing_minor
from summaries
where opening_minor is not null and closing_minor is not null
union all
select
    reports.tenant_id, reports.source, reports.source_account, reports.currency, sections.document_id as told_in,
    reports.from_day, reports.to_day,
    {{ minor_units('sections.opening', 'currencies.minor_unit_factor') }} as opening_minor,
    {{ minor_units('sections.closing', 'currencies.minor_unit_factor') }} as closing_minor
from sections
inner join reports on sections.document_id = reports._document_id and sections.currency = reports.currency
inner join currencies on sections.currency = currencies.currency
where sections.closing is not null

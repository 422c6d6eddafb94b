-- A summary says of a period what its itemized rows add up to: line by line, where a report of those rows that covers the
-- period has landed. What a report covers says its name; a summary whose name says nothing promises nothing here.
with itemized as (
    select
        tenant_id, source_account, report_kind, report_from, report_to, report_currency, _document_id,
        balance_transaction_id, native_type, currency, amount_minor, fee_minor, business_date
    from {{ ref('stg_stripe__balance_changes') }}
    where report_kind in ('activity', 'payout_reconciliation')
    union all
    select
        tenant_id, source_account, report_kind, report_from, report_to, report_currency, _document_id,
        balance_transaction_id, native_type, currency, amount_minor, fee_minor, business_date
    from {{ ref('stg_stripe__payouts') }}
    where report_kind = 'payouts'
),

told as (
    select * from {{ ref('int_controls__stripe_promises') }}
),

summaries as (
    select distinct
        tenant_id, source_account, summary_id, scope, report_kind, report_from, report_to, report_currency,
        min(native_type) over (partition by summary_id, scope) = '(all)' as is_whole
    from told
),

covering as (
    select distinct
        summaries.tenant_id, summaries.summary_id, summaries.scope, summaries.is_whole, itemized.report_currency,
        itemized.balance_transaction_id, itemized.native_type, itemized.currency, itemized.amount_minor, itemized.fee_minor,
        coalesce(summaries.report_currency, itemized.currency) = itemized.currency
        and (
            (summaries.report_from = itemized.report_from and summaries.report_to = itemized.report_to)
            or cast(itemized.business_date as {{ dbt.type_string() }}) between summaries.report_from and summaries.report_to
        ) as is_within
    from summaries
    inner join itemized
        on
            summaries.tenant_id = itemized.tenant_id
            and summaries.source_account = itemized.source_account
            and summaries.report_kind = itemized.report_kind
            and summaries.report_from >= itemized.report_from
            and summaries.report_to <= itemized.report_to
),

found as (
    select
        tenant_id, summary_id, scope, currency, told_type as native_type, count(*) as row_count,
        sum(amount_minor) as amount_minor, sum(fee_minor) as fee_minor
    from (
        select distinct
            tenant_id, summary_id, scope, balance_transaction_id, currency, amount_minor, fee_minor,
            case when is_whole then '(all)' else native_type end as told_type
        from covering
        where is_within
    ) as once
    group by tenant_id, summary_id, scope, currency, told_type
),

covered as (select distinct summary_id, scope, report_currency from covering),

promised as (
    select distinct told.*
    from told
    inner join covered
        on
            told.summary_id = covered.summary_id
            and told.scope = covered.scope
            and coalesce(covered.report_currency, told.currency) = told.currency
),

compared as (
    select
        coalesce(promised.tenant_id, found.tenant_id) as tenant_id,
        coalesce(promised.scope, found.scope) as scope,
        coalesce(promised.currency, found.currency) as currency,
        coalesce(promised.net_minor, 0) = coalesce(found.amount_minor - found.fee_minor, 0)
        and coalesce(promised.row_count, found.row_count, 0) = coalesce(found.row_count, 0)
        and coalesce(promised.amount_minor, found.amount_minor, 0) = coalesce(found.amount_minor, 0)
        and (promised.summary_id is not null or found.native_type = '(all)') as agrees
    from promised
    full outer join found
        on
            promised.summary_id = found.summary_id
            and promised.scope = found.scope
            and promised.native_type = found.native_type
            and promised.currency = found.currency
)

select
    'stripe_summaries' as control,
    tenant_id,
    scope,
    'lines' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when agrees then 1 else 0 end) as decimal(28, 4)) as found
from compared
group by tenant_id, scope, currency

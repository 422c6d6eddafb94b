-- What Stripe's summaries say their periods add up to. A summary whose name does not say report and period promises nothing.
with told as (
    select
        tenant_id, source_account, _document_id as summary_id, report_kind as scope, report_kind, report_from, report_to,
        report_currency, native_type, currency, row_count, amount_minor, fee_minor, net_minor
    from {{ ref('stg_stripe__summaries') }}
    where report_kind in ('activity', 'payouts', 'payout_reconciliation') and native_type != 'total'
    union all
    select
        tenant_id, source_account, _document_id as summary_id, 'balance ' || native_type as scope,
        native_type as report_kind, report_from, report_to, report_currency, '(all)' as native_type, currency,
        cast(null as bigint) as row_count, cast(null as bigint) as amount_minor, cast(null as bigint) as fee_minor, net_minor
    from {{ ref('stg_stripe__balance_summaries') }}
    where native_type in ('activity', 'payouts')
)

select *
from told
where report_from is not null and report_to is not null

-- Over the counted categories of a source every movement that names a payout we know counts once, whatever payouts share its id.
{{ config(meta={'dagster': {'ref': {'name': 'payout_categories'}}}) }}

with transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }} where side = 'processor' and payout_id is not null
),

ids as (
    select tenant_id, source, source_account, payout_id, currency
    from transactions
    where event_type = 'payout'
    group by tenant_id, source, source_account, payout_id, currency
),

wanted as (
    select
        transactions.tenant_id, transactions.source, transactions.source_account, transactions.currency,
        sum(transactions.net_minor) as net_minor,
        count(*) as row_count
    from transactions
    inner join ids
        on
            transactions.tenant_id = ids.tenant_id
            and transactions.source = ids.source
            and transactions.source_account = ids.source_account
            and transactions.payout_id = ids.payout_id
            and transactions.currency = ids.currency
    where transactions.event_type != 'payout'
        and (transactions.event_type != 'payout_reversal' or transactions.processor_reference is distinct from transactions.payout_id)
    group by transactions.tenant_id, transactions.source, transactions.source_account, transactions.currency
),

found as (
    select
        tenant_id, source, source_account, currency,
        sum(case when reporting_category not in ('payout_fee', 'paid_under_the_same_id') then net_minor else 0 end) as net_minor,
        sum(member_count) as row_count,
        sum(case when reporting_category = 'paid_under_the_same_id' then net_minor else 0 end) as moved_within_ids
    from {{ ref('payout_categories') }}
    where is_counted
    group by tenant_id, source, source_account, currency
)

select
    coalesce(wanted.source, found.source) as source,
    coalesce(wanted.source_account, found.source_account) as source_account,
    coalesce(wanted.currency, found.currency) as currency
from wanted
full outer join found
    on wanted.tenant_id = found.tenant_id
        and wanted.source = found.source
        and wanted.source_account = found.source_account
        and wanted.currency = found.currency
where
    coalesce(wanted.net_minor, 0) != coalesce(found.net_minor, 0)
    or coalesce(wanted.row_count, 0) != coalesce(found.row_count, 0)
    or coalesce(found.moved_within_ids, 0) != 0

-- What two people decided is in the books with its amount, on an account that the transaction stands on, and the break it closes is marked.
{{ config(meta={'dagster': {'ref': {'name': 'account_lines'}}}, group='ledger') }}

with write_offs as (
    select
        *,
        {{ key_hash('wof', ['tenant_id', 'write_off_id']) }} as posted_as
    from {{ ref('write_offs') }}
    where written_off_on <= cast({{ as_of() }} as date)
),

account_nets as (
    select
        transaction_id,
        account_code,
        currency,
        sum(amount_minor) as net_minor
    from {{ ref('ledger_entries') }}
    group by transaction_id, account_code, currency
),

booked as (
    select
        transaction_id,
        currency,
        sum(greatest(net_minor, 0)) as booked_minor
    from account_nets
    group by transaction_id, currency
),

-- The lines of the transaction's items that are not the write-off's own.
stood as (
    select
        write_offs.posted_as,
        count(*) as line_count
    from write_offs
    inner join {{ ref('account_lines') }} as own_lines
        on
            write_offs.tenant_id = own_lines.tenant_id
            and write_offs.transaction_id = own_lines.transaction_id
            and write_offs.event_type = own_lines.event_type
            and write_offs.currency = own_lines.currency
    inner join {{ ref('account_lines') }} as lines
        on
            own_lines.tenant_id = lines.tenant_id
            and own_lines.account_code = lines.account_code
            and own_lines.item_id = lines.item_id
            and own_lines.currency = lines.currency
            and own_lines.event_type != lines.event_type
    group by write_offs.posted_as
),

closed as (
    select
        tenant_id,
        kind,
        transaction_id,
        currency,
        abs(sum(amount_minor)) as closed_minor
    from write_offs
    group by tenant_id, kind, transaction_id, currency
),

still_open as (
    select
        discrepancies.discrepancy_id,
        discrepancies.amount_at_risk_minor
    from {{ ref('discrepancies') }} as discrepancies
    inner join closed
        on
            discrepancies.tenant_id = closed.tenant_id
            and discrepancies.kind = closed.kind
            and discrepancies.currency = closed.currency
            and closed.transaction_id in (discrepancies.transaction_id, discrepancies.counterpart_transaction_id)
    where not discrepancies.is_accepted and discrepancies.amount_at_risk_minor <= closed.closed_minor
)

select
    write_offs.write_off_id,
    case
        when coalesce(booked.booked_minor, 0) != abs(write_offs.amount_minor) then 'it is not booked with its amount'
        else 'the transaction does not stand on the account it takes from'
    end as problem
from write_offs
left join booked on write_offs.posted_as = booked.transaction_id and write_offs.currency = booked.currency
left join stood on write_offs.posted_as = stood.posted_as
where coalesce(booked.booked_minor, 0) != abs(write_offs.amount_minor) or stood.line_count is null
union all
select
    discrepancy_id as write_off_id,
    'the break is written off and not accepted' as problem
from still_open

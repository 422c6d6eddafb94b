with money_rows as (
    select
        'internal_transactions' as record,
        tenant_id,
        source,
        _document_id,
        currency,
        amount_minor,
        true as is_booked
    from {{ ref('stg_internal__transactions') }}
    union all
    select
        'stripe_balance_changes' as record,
        tenant_id,
        source,
        _document_id,
        currency,
        amount_minor,
        true as is_booked
    from {{ ref('stg_stripe__balance_changes') }}
    union all
    select
        'stripe_payouts' as record,
        tenant_id,
        source,
        _document_id,
        currency,
        amount_minor,
        true as is_booked
    from {{ ref('stg_stripe__payouts') }}
    union all
    select
        'bank_entries' as record,
        tenant_id,
        source,
        _document_id,
        currency,
        amount_minor,
        is_booked
    from {{ ref('stg_bank__entries') }}
    union all
    select
        'thrive_cash_transactions' as record,
        tenant_id,
        source,
        _document_id,
        currency,
        amount_minor,
        true as is_booked
    from {{ ref('stg_thrive_cash__events') }}
)

select
    record,
    tenant_id,
    source,
    _document_id as document_id,
    currency,
    is_booked,
    count(*) as row_count,
    sum(amount_minor) as amount_minor
from money_rows
group by record, tenant_id, source, _document_id, currency, is_booked

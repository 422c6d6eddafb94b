-- What left Cielo, by what a bank sees of it: a receivable unit paid (04), a negotiation's deposit (15), a day of Pix (16).
with

paid_units as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        'unit' as payout_kind,
        payout_key,
        max(payee_establishment) as payee_establishment,
        max(payment_date) as payment_date,
        -cast(sum(net_minor) as bigint) as amount_minor,
        max(_received_at) as _received_at,
        _document_id,
        max(_source_file) as _source_file,
        min(_source_line) as _source_line
    from {{ ref('stg_cielo__units') }}
    where file_type = '04'
    group by tenant_id, source, source_account, currency, payout_key, _document_id
),

deposits as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        'deposit' as payout_kind,
        negotiation_number as payout_key,
        cast(null as {{ dbt.type_string() }}) as payee_establishment,
        max(payment_date) as payment_date,
        -cast(sum(deposit_minor) as bigint) as amount_minor,
        max(_received_at) as _received_at,
        _document_id,
        max(_source_file) as _source_file,
        min(_source_line) as _source_line
    from {{ ref('stg_cielo__negotiation_deposits') }}
    group by tenant_id, source, source_account, currency, negotiation_number, _document_id
),

pix_days as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        'pix' as payout_kind,
        payout_key,
        max(establishment) as payee_establishment,
        max(payment_date) as payment_date,
        -cast(sum(net_minor) as bigint) as amount_minor,
        max(_received_at) as _received_at,
        _document_id,
        max(_source_file) as _source_file,
        min(_source_line) as _source_line
    from {{ ref('stg_cielo__pix') }}
    where payment_date is not null
    group by tenant_id, source, source_account, currency, payout_key, _document_id
),

payouts as (
    select * from paid_units
    union all
    select * from deposits
    union all
    select * from pix_days
)

select * from payouts where amount_minor != 0

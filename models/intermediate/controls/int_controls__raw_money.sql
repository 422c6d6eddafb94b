-- What the files say, cast by nobody but this page: the other rooms' arithmetic is checked against it.
with current_documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

money_rows as (
    select
        'internal_transactions' as record,
        _document_id,
        _source_line,
        currency,
        amount as amount_text,
        coalesce(fee, '0') as fee_text,
        1 as sign_factor
    from {{ source('internal', 'internal_transactions') }}
    union all
    select
        'stripe_balance_changes' as record,
        _document_id,
        _source_line,
        currency,
        gross as amount_text,
        coalesce(fee, '0') as fee_text,
        1 as sign_factor
    from {{ source('stripe', 'stripe_balance_changes') }}
    union all
    select
        'stripe_payouts' as record,
        _document_id,
        _source_line,
        currency,
        gross as amount_text,
        coalesce(fee, '0') as fee_text,
        1 as sign_factor
    from {{ source('stripe', 'stripe_payouts') }}
    union all
    select
        'bank_entries' as record,
        _document_id,
        _source_line,
        currency,
        amount as amount_text,
        '0' as fee_text,
        case when credit_debit = 'DBIT' then -1 else 1 end as sign_factor
    from {{ source('bank', 'bank_entries') }}
    union all
    select
        'thrive_cash_transactions' as record,
        _document_id,
        _source_line,
        cast(null as {{ dbt.type_string() }}) as currency,
        amount as amount_text,
        '0' as fee_text,
        1 as sign_factor
    from {{ source('thrive_cash', 'thrive_cash_transactions') }}
),

typed as (
    select
        money_rows.record,
        money_rows._document_id as document_id,
        money_rows._source_line as source_line,
        upper(coalesce(money_rows.currency, current_documents.currency)) as currency,
        cast(money_rows.amount_text as decimal(28, 4)) * money_rows.sign_factor as amount,
        cast(money_rows.fee_text as decimal(28, 4)) as fee
    from money_rows
    inner join current_documents on money_rows._document_id = current_documents.document_id
)

select
    typed.record,
    typed.document_id,
    typed.source_line,
    typed.currency,
    typed.amount,
    typed.fee,
    coalesce(currencies.minor_unit_factor, 1) as minor_unit_factor,
    count(*) as row_count
from typed
left join currencies on typed.currency = currencies.currency
group by
    typed.record, typed.document_id, typed.source_line, typed.currency, typed.amount, typed.fee, currencies.minor_unit_factor

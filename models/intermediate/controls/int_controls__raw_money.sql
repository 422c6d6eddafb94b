-- What the files say, cast by nobody but this page: the other rooms' arithmetic is checked against it.
with current_documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

money_rows as (
    {% for reading in money_readings() %}
        select
            '{{ reading.record }}' as record,
            _document_id,
            _source_line,
            cast({{ reading.currency or 'currency' }} as {{ dbt.type_string() }}) as currency,
            cast({{ reading.amount }} as decimal(28, 4)) as amount,
            cast({{ reading.fee }} as decimal(28, 4)) as fee
        from {{ reading.rows or source(reading.table[0], reading.table[1]) }}
        where {{ reading.raw_where or 'true' }} {{ 'union all' if not loop.last }}
    {% endfor %}
),

typed as (
    select
        money_rows.record,
        money_rows._document_id as document_id,
        money_rows._source_line as source_line,
        upper(coalesce(money_rows.currency, current_documents.currency)) as currency,
        money_rows.amount,
        money_rows.fee
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

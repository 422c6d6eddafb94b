-- What the files say moved money is booked, and nothing else: where staging judges which rows count, the raw columns judge again.
{% set filters = [
    ('bank_entries', 'stg_bank__lines', 'is_transaction'),
    ('paypal_transactions', 'stg_paypal__transactions', 'is_booked'),
    ('paypal_searched_transactions', 'stg_paypal__searched_transactions', 'is_booked'),
    ('nacha_entries', 'stg_nacha__entries', 'is_money'),
    ('internal_transactions', 'stg_internal__versions', 'is_booked'),
    ('generic_transactions', 'stg_generic__versions', 'is_booked'),
] %}
{% set polled = "coalesce(register.door like 'sql:%' or register.door like 'rest:%', false)" %}
{% set landed %}
            inner join documents on lines._document_id = documents.document_id
            inner join {{ source('ops', 'documents') }} as register on documents.document_id = register.document_id
{%- endset %}
{% set not_money = "in ('T13', 'T97', 'T98', 'T99')" %}
with documents as (
    select * from {{ ref('stg_documents__current') }}
),

said as (
    {% for model in ['int_controls__booked_by_square', 'int_controls__booked_by_banks'] %}
        select record, document_id, source_line, is_certain from {{ ref(model) }}
        union all
    {% endfor %}
    select 'paypal_transactions' as record, _document_id as document_id, _source_line as source_line, true as is_certain
    from {{ source('paypal', 'paypal_transactions') }}
    where upper(report) = 'STL'
        or not (upper(transactional_status) in ('P', 'D') or substring(upper(event_code), 1, 3) {{ not_money }})
    union all
    select 'paypal_searched_transactions' as record, _document_id as document_id, _source_line as source_line, true as is_certain
    from {{ source('paypal', 'paypal_searched_transactions') }}
    where not (upper(status) in ('P', 'D') or substring(upper(event_code), 1, 3) {{ not_money }})
    union all
    -- an entry comes back by an addenda 99; all others book nothing
    select 'nacha_entries' as record, entries._document_id as document_id, entries._source_line as source_line, true as is_certain
    from {{ source('nacha', 'nacha_entries') }} as entries
    inner join {{ source('nacha', 'nacha_addenda') }} as addenda
        on entries._document_id = addenda._document_id and entries.entry_index = addenda.entry_index and addenda.type_code = '99'
    union all
    -- a row of a file; of a row that was asked for again, the one no later answer has
    {% for name, owner in [('internal', 'lines.tenant_id'), ('generic', 'lower(lines.processor_name)')] %}
        select '{{ name }}_transactions' as record, lines._document_id as document_id, lines._source_line as source_line, true as is_certain
        from {{ source(name, name ~ '_transactions') }} as lines {{ landed }} and not {{ polled }}
        union all
        select '{{ name }}_transactions' as record, document_id, source_line, true as is_certain
        from (
            select
                lines._document_id as document_id, lines._source_line as source_line,
                lead(lines._source_line) over (
                    partition by
                        documents.tenant_id, documents.source, coalesce(lines.source_account, documents.source_account),
                        {{ owner }}, lines.transaction_id, lower(lines.event_type)
                    order by documents.received_at, lines._document_id, lines._source_line
                ) as later_line
            from {{ source(name, name ~ '_transactions') }} as lines {{ landed }} and {{ polled }}
        ) as {{ name }}_lines
        where later_line is null {{ 'union all' if not loop.last }}
    {% endfor %}
),

staged as (
    select reported_in as record, _document_id as document_id, _source_line as source_line
    from {{ ref('stg_square__events') }}
    where is_booked
    {% for record, model, is_booked in filters %}
        union all
        select '{{ record }}' as record, _document_id as document_id, _source_line as source_line
        from {{ ref(model) }}
        where {{ is_booked }}
    {% endfor %}
),

figures as (
    select
        record, document_id, source_line, count(*) as said_rows, 0 as booked_rows,
        min(case when is_certain then 1 else 0 end) as is_certain
    from said
    group by record, document_id, source_line
    union all
    select record, document_id, source_line, 0 as said_rows, count(*) as booked_rows, 1 as is_certain
    from staged
    group by record, document_id, source_line
),

-- Many rows may stand on one line (an answer of an interface is one): the rows of a line are counted.
rows_of_lines as (
    select record, document_id, sum(said_rows) as said_rows, sum(booked_rows) as booked_rows
    from figures
    group by record, document_id, source_line
    having min(is_certain) = 1
)

select
    'booked_rows' as control, documents.tenant_id, rows_of_lines.record as scope, 'rows' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(sum(greatest(rows_of_lines.said_rows, rows_of_lines.booked_rows)) as decimal(28, 4)) as expected,
    cast(sum(least(rows_of_lines.said_rows, rows_of_lines.booked_rows)) as decimal(28, 4)) as found
from rows_of_lines
inner join documents on rows_of_lines.document_id = documents.document_id
group by documents.tenant_id, rows_of_lines.record

with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

item_lines as (
    select * from {{ ref('int_ledger__item_lines') }}
),

clearing_postables as (
    select * from {{ ref('int_ledger__clearing_postables') }}
),

origins as (
    select * from {{ ref('int_ledger__origins') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

lines as (
    select
        ledger_entries.*,
        item_lines.item_id,
        item_lines.item_balance_minor,
        coalesce(clearing_postables.subject_id, ledger_entries.transaction_id) as subject_id,
        currencies.exponent
    from ledger_entries
    inner join currencies on ledger_entries.currency = currencies.currency
    left join item_lines on ledger_entries.ledger_line_id = item_lines.ledger_line_id
    left join clearing_postables on ledger_entries.transaction_id = clearing_postables.transaction_id
)

select
    -- keys
    cast(lines.ledger_line_id as {{ dbt.type_string() }}) as ledger_line_id,
    cast(lines.entry_id as {{ dbt.type_string() }}) as entry_id,
    cast(lines.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(lines.account_code as {{ dbt.type_string() }}) as account_code,
    cast(lines.account_name as {{ dbt.type_string() }}) as account_name,
    cast(lines.event_type as {{ dbt.type_string() }}) as event_type,
    cast(lines.entry_kind as {{ dbt.type_string() }}) as entry_kind,
    cast(lines.memo as {{ dbt.type_string() }}) as memo,
    cast(lines.subject_id as {{ dbt.type_string() }}) as transaction_id,
    cast(lines.match_id as {{ dbt.type_string() }}) as match_id,
    cast(lines.item_id as {{ dbt.type_string() }}) as item_id,

    -- money
    {% for measure in ['debit', 'credit', 'amount'] %}
        cast(lines.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('lines.' ~ measure ~ '_minor', 'lines.exponent') }} as {{ measure }},
    {% endfor %}
    cast(lines.item_balance_minor as bigint) as item_balance_minor,
    {{ major_units('lines.item_balance_minor', 'lines.exponent') }} as item_balance,
    cast(lines.currency as {{ dbt.type_string() }}) as currency,

    -- time
    cast(lines.posting_period as date) as posting_period,
    cast(lines.posted_on as date) as posted_on,
    cast(lines.recorded_at as timestamp) as recorded_at,

    -- state
    cast(lines.item_balance_minor != 0 as boolean) as is_open,

    -- origin
    cast(origins.source as {{ dbt.type_string() }}) as source,
    cast(origins.source_account as {{ dbt.type_string() }}) as source_account,
    cast(origins.native_id as {{ dbt.type_string() }}) as native_id,
    cast(origins.reference as {{ dbt.type_string() }}) as reference,
    cast(origins._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(origins._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(origins._source_line as bigint) as _source_line
from lines
left join origins on lines.subject_id = origins.transaction_id

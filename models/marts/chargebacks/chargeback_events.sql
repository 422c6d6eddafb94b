with

steps as (
    select * from {{ ref('int_chargebacks__steps') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    -- keys
    cast(steps.chargeback_event_id as {{ dbt.type_string() }}) as chargeback_event_id,
    cast(steps.chargeback_id as {{ dbt.type_string() }}) as chargeback_id,
    cast(steps.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(steps.source as {{ dbt.type_string() }}) as source,
    cast(steps.source_account as {{ dbt.type_string() }}) as source_account,
    cast(steps.transaction_id as {{ dbt.type_string() }}) as transaction_id,

    -- state
    cast(
        row_number() over (
            partition by steps.chargeback_id
            order by steps.occurred_at, steps.stage_rank, {{ bytewise('steps.chargeback_event_id') }}
        ) as integer
    ) as sequence,
    cast(nullif(steps.stage, '(fee)') as {{ dbt.type_string() }}) as stage,
    cast(steps.from_stage as {{ dbt.type_string() }}) as from_stage,
    cast(steps.moves_stage as boolean) as moves_stage,
    cast(steps.is_change as boolean) as is_change,
    cast(steps.fault as {{ dbt.type_string() }}) as fault,
    cast(steps.native_event as {{ dbt.type_string() }}) as native_event,
    cast(nullif(steps.native_status, '*') as {{ dbt.type_string() }}) as native_status,
    cast(steps.is_stated as boolean) as is_stated,
    cast(steps.is_answered as boolean) as is_answered,

    -- money
    cast(coalesce(steps.amount_minor, 0) as bigint) as amount_minor,
    {{ major_units('coalesce(steps.amount_minor, 0)', 'settled.exponent') }} as amount,
    cast(coalesce(steps.fee_minor, 0) as bigint) as fee_minor,
    {{ major_units('coalesce(steps.fee_minor, 0)', 'settled.exponent') }} as fee,
    cast(coalesce(steps.amount_minor - steps.fee_minor, 0) as bigint) as net_minor,
    {{ major_units('coalesce(steps.amount_minor - steps.fee_minor, 0)', 'settled.exponent') }} as net,
    cast(coalesce(steps.currency, steps.disputed_currency) as {{ dbt.type_string() }}) as currency,
    cast(steps.disputed_minor as bigint) as disputed_minor,
    {{ major_units('steps.disputed_minor', 'claimed.exponent') }} as disputed,
    cast(steps.disputed_currency as {{ dbt.type_string() }}) as disputed_currency,

    -- time
    cast(steps.occurred_at as timestamp) as occurred_at,
    cast(steps.respond_by as date) as respond_by,

    -- origin
    cast(steps._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(steps._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(steps._source_line as bigint) as _source_line
from steps
left join currencies as settled on coalesce(steps.currency, steps.disputed_currency) = settled.currency
left join currencies as claimed on steps.disputed_currency = claimed.currency

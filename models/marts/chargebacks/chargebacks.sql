with

told as (
    select * from {{ ref('int_chargebacks__told') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

evidence as (
    select chargeback_id, count(*) as document_count
    from {{ ref('chargeback_evidence') }}
    group by chargeback_id
)

select
    -- keys
    cast(told.chargeback_id as {{ dbt.type_string() }}) as chargeback_id,
    cast(told.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(told.source as {{ dbt.type_string() }}) as source,
    cast(told.source_account as {{ dbt.type_string() }}) as source_account,
    cast(told.dispute_ref as {{ dbt.type_string() }}) as native_id,
    cast(told.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(told.sale_transaction_id as {{ dbt.type_string() }}) as sale_transaction_id,
    cast(told.refund_transaction_id as {{ dbt.type_string() }}) as refund_transaction_id,
    cast(told.reference as {{ dbt.type_string() }}) as reference,

    -- state
    cast(told.stage as {{ dbt.type_string() }}) as stage,
    cast(told.outcome as {{ dbt.type_string() }}) as outcome,
    cast(told.was_charged_back as boolean) as was_charged_back,
    cast(told.was_contested as boolean) as was_contested,
    cast(told.fault_count as integer) as fault_count,
    cast(coalesce(evidence.document_count, 0) as integer) as evidence_count,

    -- why
    cast(told.reason as {{ dbt.type_string() }}) as reason,
    cast(told.reason_code as {{ dbt.type_string() }}) as reason_code,
    cast(told.reason_category as {{ dbt.type_string() }}) as reason_category,
    cast(told.network as {{ dbt.type_string() }}) as network,
    cast(told.merchant as {{ dbt.type_string() }}) as merchant,

    -- money
    cast(told.amount_minor as bigint) as amount_minor,
    {{ major_units('told.amount_minor', 'claimed.exponent') }} as amount,
    cast(told.currency as {{ dbt.type_string() }}) as currency,
    cast(told.moved_minor as bigint) as moved_minor,
    {{ major_units('told.moved_minor', 'settled.exponent') }} as moved,
    cast(told.fee_minor as bigint) as fee_minor,
    {{ major_units('told.fee_minor', 'settled.exponent') }} as fee,
    cast(told.net_effect_minor as bigint) as net_effect_minor,
    {{ major_units('told.net_effect_minor', 'settled.exponent') }} as net_effect,
    cast(told.sale_minor as bigint) as sale_minor,
    {{ major_units('told.sale_minor', 'settled.exponent') }} as sale,
    cast(told.refunded_minor as bigint) as refunded_minor,
    {{ major_units('told.refunded_minor', 'settled.exponent') }} as refunded,
    cast(told.settlement_currency as {{ dbt.type_string() }}) as settlement_currency,

    -- time
    cast(told.opened_at as timestamp) as opened_at,
    cast(told.stage_since as timestamp) as stage_since,
    cast(told.respond_by as date) as respond_by,
    cast(told.respond_until as timestamp) as respond_until,
    cast(told.respond_by_from as {{ dbt.type_string() }}) as respond_by_from,
    cast({{ days_between(as_of(), 'told.respond_by') }} as integer) as days_left,
    -- by the moment where the source names one, else the day after the last
    cast(
        coalesce(
            case
                when told.respond_until is not null then told.respond_until <= {{ as_of() }}
                else told.respond_by < cast({{ as_of() }} as date)
            end,
            false
        ) as boolean
    ) as is_overdue,

    -- origin
    cast(told._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(told._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(told._source_line as bigint) as _source_line
from told
left join currencies as claimed on told.currency = claimed.currency
left join currencies as settled on told.settlement_currency = settled.currency
left join evidence on told.chargeback_id = evidence.chargeback_id

{%- set figures = ['opening', 'new', 'reopened', 'revalued', 'aged_in', 'aged_out', 'cleared', 'written_off', 'closing', 'accepted'] -%}
with roll_forward as (
    select * from {{ ref('int_discrepancies__roll_forward_periods') }}
    where
        opening_count + closing_count + accepted_count + new_count + written_off_count + revalued_count + aged_in_count + aged_out_count > 0
),

buckets as (
    select * from {{ ref('ageing_buckets') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    -- keys
    {{ key_hash('rol', [
        'rolled.tenant_id', 'rolled.reconciliation', 'rolled.kind', 'rolled.source', 'rolled.currency', 'rolled.ageing_bucket',
        'rolled.period_to'
    ]) }} as roll_forward_id,
    cast(rolled.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(rolled.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(rolled.kind as {{ dbt.type_string() }}) as kind,
    cast(rolled.source as {{ dbt.type_string() }}) as source,
    cast(rolled.ageing_bucket as {{ dbt.type_string() }}) as ageing_bucket,
    cast(buckets.position as integer) as bucket_position,

    -- time
    cast(rolled.period_from as timestamp) as period_from,
    cast(rolled.period_to as timestamp) as period_to,
    cast(rolled.period as {{ dbt.type_string() }}) as period,

    -- breaks
    {% for figure in figures %}
        cast(rolled.{{ figure }}_count as bigint) as {{ figure }}_count,
    {% endfor %}

    -- money
    {% for figure in figures %}
        cast(rolled.{{ figure }}_minor as bigint) as {{ figure }}_minor,
        {{ major_units('rolled.' ~ figure ~ '_minor', 'currencies.exponent') }} as {{ figure }},
    {% endfor %}
    cast(rolled.currency as {{ dbt.type_string() }}) as currency
from roll_forward as rolled
inner join buckets on rolled.ageing_bucket = buckets.ageing_bucket
inner join currencies on rolled.currency = currencies.currency

{%- set flows = ['new', 'reopened', 'revalued', 'aged_in', 'aged_out', 'cleared', 'written_off'] -%}
{%- set stocks = ['opening', 'closing', 'accepted'] -%}
with roll_forward as (
    select
        rolled.*,
        min(period_to) over (partition by tenant_id, period) as first_to,
        max(period_to) over (partition by tenant_id, period) as last_to
    from {{ ref('int_discrepancies__roll_forward_periods') }} as rolled
),

buckets as (
    select * from {{ ref('ageing_buckets') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

months as (
    select
        {% for unit in ['count', 'minor'] %}
            sum(case when period_to = first_to then opening_{{ unit }} else 0 end) as opening_{{ unit }},
            sum(case when period_to = last_to then closing_{{ unit }} else 0 end) as closing_{{ unit }},
            sum(case when period_to = last_to then accepted_{{ unit }} else 0 end) as accepted_{{ unit }},
        {% endfor %}
        {% for flow in flows %}
            sum({{ flow }}_count) as {{ flow }}_count,
            sum({{ flow }}_minor) as {{ flow }}_minor,
        {% endfor %}
        {{ line_columns() }},
        period,
        max(last_to) as period_to,
        min(case when is_closed then 1 else 0 end) = 1 as is_closed
    from roll_forward
    group by {{ line_columns() }}, period
)

select
    -- keys
    {{ key_hash('rom', [
        'months.tenant_id', 'months.reconciliation', 'months.kind', 'months.source', 'months.currency', 'months.ageing_bucket',
        'months.period'
    ]) }} as roll_forward_month_id,
    cast(months.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(months.period as {{ dbt.type_string() }}) as period,
    cast(months.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(months.kind as {{ dbt.type_string() }}) as kind,
    cast(months.source as {{ dbt.type_string() }}) as source,
    cast(months.ageing_bucket as {{ dbt.type_string() }}) as ageing_bucket,
    cast(buckets.position as integer) as bucket_position,

    -- time
    cast(months.period_to as timestamp) as period_to,
    cast(months.is_closed as boolean) as is_closed,

    -- breaks
    {% for figure in stocks + flows %}
        cast(months.{{ figure }}_count as bigint) as {{ figure }}_count,
    {% endfor %}

    -- money
    {% for figure in stocks + flows %}
        cast(months.{{ figure }}_minor as bigint) as {{ figure }}_minor,
        {{ major_units('months.' ~ figure ~ '_minor', 'currencies.exponent') }} as {{ figure }},
    {% endfor %}
    cast(months.currency as {{ dbt.type_string() }}) as currency
from months
inner join buckets on months.ageing_bucket = buckets.ageing_bucket
inner join currencies on months.currency = currencies.currency
where
    {% for figure in stocks + flows %}
        months.{{ figure }}_count{{ ' > 0' if loop.last else ' +' }}
    {% endfor %}

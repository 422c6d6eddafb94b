-- Only what came to a chargeback counts: a question that was answered is no win. Amounts in one settlement currency a row.
with

chargebacks as (
    select * from {{ ref('chargebacks') }} where was_charged_back
),

currencies as (
    select * from {{ ref('currencies') }}
),

grouped as (
    {% for dimension, column in [
        ('all', "'all'"), ('reason', 'reason_category'), ('network', 'network'), ('merchant', 'merchant'), ('source', 'source')
    ] %}
        select '{{ dimension }}' as dimension, {{ column }} as value, chargebacks.*
        from chargebacks {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        tenant_id,
        dimension,
        value,
        settlement_currency as currency,
        count(*) as chargeback_count,
        sum(case when outcome = 'open' then 1 else 0 end) as open_count,
        sum(case when outcome = 'won' then 1 else 0 end) as won_count,
        sum(case when outcome in ('lost', 'accepted', 'expired') then 1 else 0 end) as lost_count,
        sum(case when was_contested and outcome != 'open' then 1 else 0 end) as contested_count,
        sum(case when was_contested and outcome = 'won' then 1 else 0 end) as contested_won_count,
        sum(case when outcome = 'won' and moved_minor < 0 then 1 else 0 end) as partly_won_count,
        sum(case when outcome != 'open' then -moved_minor else 0 end) as lost_minor,
        sum(case when outcome = 'open' then -moved_minor else 0 end) as undecided_minor,
        sum(fee_minor) as fee_minor,
        sum(net_effect_minor) as net_effect_minor
    from grouped
    group by tenant_id, dimension, value, settlement_currency
)

select
    {{ key_hash('cwr', ['counted.tenant_id', 'dimension', 'value', 'counted.currency']) }} as chargeback_win_rate_id,
    cast(counted.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(counted.dimension as {{ dbt.type_string() }}) as dimension,
    cast(counted.value as {{ dbt.type_string() }}) as value,
    cast(counted.currency as {{ dbt.type_string() }}) as currency,
    cast(counted.chargeback_count as integer) as chargeback_count,
    cast(counted.open_count as integer) as open_count,
    cast(counted.won_count as integer) as won_count,
    cast(counted.partly_won_count as integer) as partly_won_count,
    cast(counted.lost_count as integer) as lost_count,
    {{ share_of('won_count', '(won_count + lost_count)') }} as win_rate,
    cast(counted.contested_count as integer) as contested_count,
    cast(counted.contested_won_count as integer) as contested_won_count,
    {{ share_of('contested_won_count', 'contested_count') }} as contested_win_rate,
    cast(counted.lost_minor as bigint) as lost_minor,
    {{ major_units('counted.lost_minor', 'currencies.exponent') }} as lost,
    cast(counted.undecided_minor as bigint) as undecided_minor,
    {{ major_units('counted.undecided_minor', 'currencies.exponent') }} as undecided,
    cast(counted.fee_minor as bigint) as fee_minor,
    {{ major_units('counted.fee_minor', 'currencies.exponent') }} as fee,
    cast(counted.net_effect_minor as bigint) as net_effect_minor,
    {{ major_units('counted.net_effect_minor', 'currencies.exponent') }} as net_effect
from counted
left join currencies on counted.currency = currencies.currency

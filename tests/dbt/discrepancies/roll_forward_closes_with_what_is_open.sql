-- The last line of the roll-forward is what the breaks of this run add up to, by kind, source, currency and bucket, open and accepted.
-- A run that looks back shows what was known then, and compares nothing.
{{ config(meta={'dagster': {'ref': {'name': 'ageing_roll_forward'}}}, group='discrepancies') }}
{%- set dims = ['tenant_id', 'reconciliation', 'kind', 'source', 'currency', 'ageing_bucket'] %}

with last_look as (
    select max(looked_at) as looked_at from {{ ref('int_discrepancies__looks') }}
),

breaks as (
    select
        tenant_id, coalesce(reconciliation, '(none)') as reconciliation, kind, source, currency, ageing_bucket,
        sum(case when is_accepted then 0 else 1 end) as open_count,
        sum(case when is_accepted then 0 else amount_at_risk_minor end) as open_minor,
        sum(case when is_accepted then 1 else 0 end) as accepted_count,
        sum(case when is_accepted then amount_at_risk_minor else 0 end) as accepted_minor
    from {{ ref('discrepancies') }}
    group by tenant_id, coalesce(reconciliation, '(none)'), kind, source, currency, ageing_bucket
),

lines as (
    select * from {{ ref('ageing_roll_forward') }}
    where period_to = {{ as_of() }} and closing_count + accepted_count > 0
)

select
    {% for dim in dims %}coalesce(breaks.{{ dim }}, lines.{{ dim }}) as {{ dim }},
    {% endfor -%}
    breaks.open_minor,
    lines.closing_minor
from breaks
full outer join lines
    on
        breaks.tenant_id = lines.tenant_id
        {% for dim in dims[1:] %}
            and breaks.{{ dim }} = lines.{{ dim }}
        {% endfor %}
where
    (select last_look.looked_at from last_look) = {{ as_of() }}
    and (
        breaks.open_count is distinct from lines.closing_count
        or breaks.open_minor is distinct from lines.closing_minor
        or breaks.accepted_count is distinct from lines.accepted_count
        or breaks.accepted_minor is distinct from lines.accepted_minor
    )

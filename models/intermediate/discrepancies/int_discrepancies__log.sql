-- Append only, kept through --full-refresh: each break as it was when it was first seen so. A build of the same moment again says its
-- moment anew and nothing else; a build as of an earlier one writes nothing.
{{ config(materialized='incremental', unique_key=['discrepancy_id', 'known_from'], full_refresh=false) }}

with discrepancies as (
    select * from {{ ref('discrepancies') }}
),

last_look as (
    select max(looked_at) as looked_at from {{ ref('int_discrepancies__looks') }}
),

seen as (
    select
        discrepancy_id, {{ as_of() }} as known_from, tenant_id,
        case when is_accepted then 'accepted' else 'open' end as state,
        reconciliation, kind, source, native_id, currency, business_date, severity, amount_at_risk_minor, accepted_by, accepted_on
    from discrepancies
),

now_seen as (
    select
        seen.*,
        {{ key_hash('fct', [
            'state', 'source', 'currency', 'business_date', 'severity', 'amount_at_risk_minor', 'accepted_by', 'accepted_on'
        ]) }} as facts
    from seen
),

logged as (
    {% if is_incremental() %}
        select * from {{ this }} where known_from <= {{ as_of() }}
    {% else %}
        select * from now_seen where discrepancy_id is null
    {% endif %}
),

-- What was known before this moment, and which breaks an earlier build of this very moment wrote.
placed as (
    select
        logged.*,
        row_number() over (partition by discrepancy_id order by known_from desc) as place,
        row_number() over (
            partition by discrepancy_id, case when known_from < {{ as_of() }} then 1 else 2 end order by known_from desc
        ) as place_in_part
    from logged
),

befores as (
    select * from placed where known_from < {{ as_of() }} and place_in_part = 1
),

rewritten as (
    select discrepancy_id from placed where known_from = {{ as_of() }}
),

changed as (
    select now_seen.*
    from now_seen
    left join befores on now_seen.discrepancy_id = befores.discrepancy_id
    left join rewritten on now_seen.discrepancy_id = rewritten.discrepancy_id
    where befores.facts is distinct from now_seen.facts or rewritten.discrepancy_id is not null
    union all
    select
        placed.discrepancy_id, {{ as_of() }} as known_from, placed.tenant_id, 'cleared' as state, placed.reconciliation, placed.kind,
        placed.source, placed.native_id, placed.currency, placed.business_date, placed.severity, 0 as amount_at_risk_minor,
        placed.accepted_by, placed.accepted_on, 'cleared' as facts
    from placed
    left join now_seen on placed.discrepancy_id = now_seen.discrepancy_id
    left join rewritten on placed.discrepancy_id = rewritten.discrepancy_id
    where placed.place = 1 and now_seen.discrepancy_id is null and (placed.state != 'cleared' or rewritten.discrepancy_id is not null)
)

select changed.*
from changed
inner join last_look on last_look.looked_at = {{ as_of() }}

with

event_types as (
    select * from {{ ref('event_types') }}
),

statuses as (
    select * from {{ ref('statuses') }}
),

all_rows as (
    {% for adapter in transaction_adapters() %}
        select * from {{ ref(adapter) }} {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    all_rows.*,
    coalesce(all_rows.ruled_event_type, event_types.event_type, 'unknown') as event_type,
    coalesce(statuses.status, 'unknown') as status
from all_rows
left join event_types
    on all_rows.vocabulary = event_types.source
        and all_rows.lookup_type = event_types.native_type
        and event_types.amount_sign in ('any', {{ amount_sign('all_rows.amount_minor') }})
left join statuses
    on all_rows.vocabulary = statuses.source
        and all_rows.native_status = statuses.native_status

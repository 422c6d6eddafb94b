with

internal_rows as (
    select * from {{ ref('int_transactions__internal') }}
),

stripe_changes as (
    select * from {{ ref('int_transactions__stripe_changes') }}
),

stripe_payouts as (
    select * from {{ ref('int_transactions__stripe_payouts') }}
),

bank_rows as (
    select * from {{ ref('int_transactions__bank') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

statuses as (
    select * from {{ ref('statuses') }}
),

all_rows as (
    select * from internal_rows
    union all
    select * from stripe_changes
    union all
    select * from stripe_payouts
    union all
    select * from bank_rows
)

select
    all_rows.*,
    coalesce(all_rows.ruled_event_type, event_types.event_type, 'unknown') as event_type,
    coalesce(statuses.status, 'unknown') as status
from all_rows
left join event_types
    on all_rows.source = event_types.source
        and all_rows.lookup_type = event_types.native_type
        and event_types.amount_sign in ('any', {{ amount_sign('all_rows.amount_minor') }})
left join statuses
    on all_rows.source = statuses.source
        and all_rows.native_status = statuses.native_status

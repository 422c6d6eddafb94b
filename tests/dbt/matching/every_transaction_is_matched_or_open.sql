-- Every transaction a reconciliation compares is in one match or is one open item: never both, never neither, never twice.
-- The scope is read from the seeds again, so a row the matching room dropped is found.
{{ config(meta={'dagster': {'ref': {'name': 'open_items'}}}) }}

with transactions as (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

event_types as (
    select * from {{ ref('reconciliation_event_types') }}
),

in_scope as (
    select
        event_types.reconciliation,
        transactions.transaction_id
    from transactions
    inner join event_types
        on transactions.side = event_types.side and transactions.event_type = event_types.event_type
    inner join reconciliations on event_types.reconciliation = reconciliations.reconciliation
    where
        transactions.side = reconciliations.left_side
        or not reconciliations.right_needs_processor
        or transactions.processor is not null
),

standing as (
    select reconciliation, transaction_id from {{ ref('match_members') }}
    union all
    select reconciliation, transaction_id from {{ ref('open_items') }}
),

counted as (
    select
        reconciliation,
        transaction_id,
        count(*) as places
    from standing
    group by reconciliation, transaction_id
)

select
    coalesce(in_scope.reconciliation, counted.reconciliation) as reconciliation,
    coalesce(in_scope.transaction_id, counted.transaction_id) as transaction_id,
    counted.places
from in_scope
full outer join counted
    on in_scope.reconciliation = counted.reconciliation and in_scope.transaction_id = counted.transaction_id
where in_scope.transaction_id is null or counted.transaction_id is null or counted.places != 1

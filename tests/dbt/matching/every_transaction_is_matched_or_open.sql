-- Every transaction a reconciliation compares is in one match or is one open item: never both, never neither, never twice.
-- The scope is read from the seeds again, so a row the matching room dropped is found.
{{ config(meta={'dagster': {'ref': {'name': 'open_items'}}}) }}

with transactions as (
    select * from {{ ref('transactions') }}
),

scopes as (
    select * from {{ ref('reconciliation_scopes') }}
),

in_scope as (
    select
        scopes.reconciliation,
        transactions.transaction_id,
        max(case scopes.treatment when 'out' then 1 else 0 end) as may_be_out
    from transactions
    inner join scopes on transactions.side = scopes.side and transactions.event_type = scopes.event_type
    where
        (scopes.tenant_id = '*' or scopes.tenant_id = transactions.tenant_id)
        and (scopes.source = '*' or scopes.source = transactions.source)
        and (scopes.source_account = '*' or scopes.source_account = transactions.source_account)
        and (scopes.processor = '*' or scopes.processor = transactions.processor)
        and (not scopes.needs_processor or transactions.processor is not null)
        and (
            scopes.direction = 'any'
            or (scopes.direction = 'in' and transactions.amount_minor > 0)
            or (scopes.direction = 'out' and transactions.amount_minor < 0)
        )
    group by scopes.reconciliation, transactions.transaction_id
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
where
    in_scope.transaction_id is null
    or (counted.transaction_id is null and in_scope.may_be_out = 0)
    or counted.places != 1

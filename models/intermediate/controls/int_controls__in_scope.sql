-- What each reconciliation compares, read from the seeds once more: every line of a scope by itself, the most exact last.
with transactions as (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

scopes as (
    select
        reconciliation_scopes.*,
        case when tenant_id = '*' then 0 else 16 end
        + case when source = '*' then 0 else 8 end
        + case when source_account = '*' then 0 else 4 end
        + case when processor = '*' then 0 else 2 end
        + case when direction = 'any' then 0 else 1 end as exactness
    from {{ ref('reconciliation_scopes') }} as reconciliation_scopes
),

spoken_of as (
    select
        scopes.reconciliation,
        scopes.role,
        scopes.treatment,
        scopes.exactness,
        transactions.tenant_id,
        transactions.transaction_id,
        transactions.event_type,
        transactions.currency,
        transactions.amount_minor
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
),

-- The last word is the greatest of these texts; a text carries what it says.
last_words as (
    select
        reconciliation,
        transaction_id,
        max(cast(10 + exactness as {{ dbt.type_string() }}) || ' ' || role || ' ' || treatment) as last_word
    from spoken_of
    group by reconciliation, transaction_id
)

select
    spoken_of.reconciliation,
    spoken_of.role,
    -- As the other side would sign it.
    spoken_of.amount_minor
    * case spoken_of.role when 'left' then reconciliations.left_sign else reconciliations.right_sign end as amount_minor,
    spoken_of.tenant_id,
    spoken_of.transaction_id,
    spoken_of.event_type,
    spoken_of.currency
from spoken_of
inner join last_words
    on
        spoken_of.reconciliation = last_words.reconciliation
        and spoken_of.transaction_id = last_words.transaction_id
        and cast(10 + spoken_of.exactness as {{ dbt.type_string() }}) || ' ' || spoken_of.role || ' ' || spoken_of.treatment
        = last_words.last_word
inner join reconciliations on spoken_of.reconciliation = reconciliations.reconciliation
where spoken_of.treatment != 'out'

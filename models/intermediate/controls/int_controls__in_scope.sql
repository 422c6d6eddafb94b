-- What each reconciliation compares, read from the seeds once more: every line of a scope by itself, the most exact last.
-- What the seeds say of a row depends on few of its columns, so each mix of them that occurs is asked, and not each row.
with transactions as {{ read_in_place() }} (
    select
        transactions.*,
        coalesce(processor, '') as processor_or_none,
        processor is not null as has_processor,
        case when amount_minor > 0 then 'in' when amount_minor < 0 then 'out' else 'none' end as direction
    from {{ ref('transactions') }} as transactions
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

mixes as (
    select
        tenant_id, side, event_type, source, source_account, processor_or_none, has_processor, direction,
        row_number() over (
            order by tenant_id, side, event_type, source, source_account, processor_or_none, has_processor, direction
        ) as mix
    from transactions
    group by tenant_id, side, event_type, source, source_account, processor_or_none, has_processor, direction
),

spoken_of as (
    select
        scopes.reconciliation,
        scopes.role,
        scopes.treatment,
        mixes.mix,
        cast(10 + scopes.exactness as {{ dbt.type_string() }}) || ' ' || scopes.role || ' ' || scopes.treatment as word
    from mixes
    inner join scopes on mixes.side = scopes.side and mixes.event_type = scopes.event_type
    where
        (scopes.tenant_id = '*' or scopes.tenant_id = mixes.tenant_id)
        and (scopes.source = '*' or scopes.source = mixes.source)
        and (scopes.source_account = '*' or scopes.source_account = mixes.source_account)
        and (scopes.processor = '*' or scopes.processor = mixes.processor_or_none)
        and (not scopes.needs_processor or mixes.has_processor)
        and (scopes.direction = 'any' or scopes.direction = mixes.direction)
),

-- The last word is the greatest of these texts; a text carries what it says.
last_words as (
    select reconciliation, mix, max(word) as last_word
    from spoken_of
    group by reconciliation, mix
)

select
    spoken_of.reconciliation,
    spoken_of.role,
    -- As the other side would sign it.
    transactions.amount_minor
    * case spoken_of.role when 'left' then reconciliations.left_sign else reconciliations.right_sign end as amount_minor,
    transactions.tenant_id,
    transactions.transaction_id,
    transactions.event_type,
    transactions.currency
from transactions
inner join mixes
    on
        transactions.tenant_id = mixes.tenant_id
        and transactions.side = mixes.side
        and transactions.event_type = mixes.event_type
        and transactions.source = mixes.source
        and transactions.source_account = mixes.source_account
        and transactions.processor_or_none = mixes.processor_or_none
        and transactions.has_processor = mixes.has_processor
        and transactions.direction = mixes.direction
inner join spoken_of on mixes.mix = spoken_of.mix
inner join last_words
    on spoken_of.reconciliation = last_words.reconciliation and spoken_of.mix = last_words.mix and spoken_of.word = last_words.last_word
inner join reconciliations on spoken_of.reconciliation = reconciliations.reconciliation
where spoken_of.treatment != 'out'

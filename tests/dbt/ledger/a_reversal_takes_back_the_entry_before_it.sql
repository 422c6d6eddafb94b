-- Line by line, with the entry it names; and between two entries of a transaction there is always one.
with lines as (
    select * from {{ ref('ledger_entries') }}
),

reversals as (
    select * from lines where entry_kind = 'reversal'
),

named as (
    select reverses_entry_id from reversals group by reverses_entry_id
),

reversed as (
    select lines.*
    from lines
    inner join named on lines.entry_id = named.reverses_entry_id
),

entries as (
    select
        transaction_id,
        sequence,
        entry_kind,
        entry_id
    from lines
    group by transaction_id, sequence, entry_kind, entry_id
),

followed as (
    select
        *,
        lag(sequence) over (partition by transaction_id order by sequence, entry_id) as sequence_before
    from entries
)

select
    coalesce(reversals.transaction_id, reversed.transaction_id) as transaction_id,
    'a reversal is not its entry turned round' as fault
from reversals
full outer join reversed
    on
        reversals.reverses_entry_id = reversed.entry_id
        and reversals.leg = reversed.leg
        and reversals.sequence = reversed.sequence + 1
        and reversals.account_code = reversed.account_code
        and reversals.currency = reversed.currency
        and reversals.posted_on = reversed.posted_on
        and reversals.amount_minor = -reversed.amount_minor
where reversals.entry_id is null or reversed.entry_id is null
union all
select
    transaction_id,
    'entries do not alternate' as fault
from followed
where
    sequence != coalesce(sequence_before, 0) + 1
    or (sequence % 2 = 0) != (entry_kind = 'reversal')
    or (sequence = 1) != (entry_kind = 'original')

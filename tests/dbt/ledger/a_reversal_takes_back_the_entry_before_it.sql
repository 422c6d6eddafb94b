-- Line by line, with the entry it names; and between two entries of a transaction there is always one.
with lines as {{ read_in_place() }} (
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

steps as (
    select
        transaction_id,
        sequence,
        min(entry_kind) as entry_kind,
        min(entry_id) != max(entry_id) or min(entry_kind) != max(entry_kind) as is_two
    from lines
    group by transaction_id, sequence
),

broken as (
    select transaction_id
    from steps
    group by transaction_id
    having min(sequence) != 1 or max(sequence) != count(*)
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
from steps
where
    is_two
    or (sequence % 2 = 0) != (entry_kind = 'reversal')
    or (sequence = 1) != (entry_kind = 'original')
union all
select
    transaction_id,
    'an entry is missing between two' as fault
from broken

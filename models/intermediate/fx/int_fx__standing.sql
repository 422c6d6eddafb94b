-- Journal lines that stand, with what they are to meet: the others of their match on a clearing account, the other side of their conversion
-- on the exchange account. An entry that was taken back and its reversal are worth nothing together and meet nothing.
with lines as (
    select * from {{ ref('int_fx__lines') }}
),

conversions as (
    select * from {{ ref('int_fx__conversions') }}
),

taken_back as (
    select reverses_entry_id as entry_id
    from lines
    where reverses_entry_id is not null
    group by reverses_entry_id
)

select
    lines.*,
    case lines.treatment when 'exchanged' then conversions.conversion_id when 'settled' then lines.match_id end as settlement_id
from lines
left join conversions on lines.transaction_id = conversions.transaction_id
left join taken_back on lines.entry_id = taken_back.entry_id
where lines.reverses_entry_id is null and taken_back.entry_id is null

-- Each match of more than two rows, told from the first row of its left; its other side's first row is the counterpart.
with matches as {{ read_in_place() }} (
    select * from {{ ref('matches') }} where match_type != 'one_to_one'
),

members as (
    select * from {{ ref('match_members') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

ranked as (
    select
        members.match_id,
        members.role,
        transactions.transaction_id,
        transactions.source,
        transactions.native_id,
        coalesce(transactions.reference, transactions.processor_reference) as reference,
        transactions.business_date,
        transactions._document_id,
        transactions._source_file,
        transactions._source_line,
        row_number() over (
            partition by members.match_id, members.role
            order by transactions.business_date, transactions.occurred_at nulls last, transactions.transaction_id
        ) as place
    from matches
    inner join members on matches.match_id = members.match_id
    inner join transactions on members.transaction_id = transactions.transaction_id
)

select
    matches.reconciliation,
    matches.tenant_id,
    matches.match_id,
    matches.status as match_status,
    matches.confidence,
    lefts.transaction_id,
    rights.transaction_id as counterpart_transaction_id,
    lefts.source,
    lefts.native_id,
    rights.native_id as counterpart_native_id,
    matches.processor,
    lefts.reference,
    matches.left_count,
    matches.right_count,
    matches.left_amount_minor,
    matches.right_amount_minor,
    matches.difference_minor,
    matches.currency,
    lefts.business_date,
    matches.matched_on as first_seen_on,
    matches.explanation as match_explanation,
    lefts._document_id,
    lefts._source_file,
    lefts._source_line
from matches
inner join ranked as lefts on matches.match_id = lefts.match_id and lefts.role = 'left' and lefts.place = 1
inner join ranked as rights on matches.match_id = rights.match_id and rights.role = 'right' and rights.place = 1

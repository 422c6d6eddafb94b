-- The two rows of each one-to-one match side by side.
with matches as (
    select * from {{ ref('matches') }} where match_type = 'one_to_one'
),

members as {{ read_in_place() }} (
    select * from {{ ref('match_members') }}
),

transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

rules as (
    select * from {{ ref('match_rules') }}
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
    coalesce(lefts.reference, lefts.processor_reference) as reference,
    matches.left_amount_minor,
    matches.right_amount_minor,
    matches.difference_minor,
    lefts.fee_minor as left_fee_minor,
    rights.fee_minor as right_fee_minor,
    rules.fee_tolerance_minor,
    rules.days_before is not null or rules.days_after is not null or rules.pass = 0 as has_window,
    matches.currency,
    lefts.business_date,
    rights.business_date as counterpart_business_date,
    lefts.expected_on,
    rights.expected_on as counterpart_expected_on,
    lefts.event_type,
    rights.event_type as counterpart_event_type,
    matches.matched_on as first_seen_on,
    lefts.status as left_status,
    rights.status as right_status,
    reconciliations.left_side,
    reconciliations.right_side,
    reconciliations.status_rule,
    matches.explanation as match_explanation,
    lefts._document_id,
    lefts._source_file,
    lefts._source_line
from matches
inner join members as left_members on matches.match_id = left_members.match_id and left_members.role = 'left'
inner join members as right_members on matches.match_id = right_members.match_id and right_members.role = 'right'
inner join transactions as lefts on left_members.transaction_id = lefts.transaction_id
inner join transactions as rights on right_members.transaction_id = rights.transaction_id
inner join reconciliations on matches.reconciliation = reconciliations.reconciliation
inner join rules on matches.rule_id = rules.rule_id and matches.rule_version = rules.rule_version

-- Disputes with a step that may not be, or money that moved twice the same way. One break a dispute: it begins with its first fault and
-- risks the money of the rows at fault.
with

chargebacks as (
    select * from {{ ref('chargebacks') }} where fault_count > 0
),

faults as (
    select
        chargeback_events.*,
        row_number() over (partition by chargeback_id order by sequence) as place
    from {{ ref('chargeback_events') }} as chargeback_events
    where fault is not null
),

summed as (
    select
        chargeback_id,
        sum(case when fault in ('money_taken_twice', 'money_given_twice') then abs(amount_minor) else 0 end) as amount_at_risk_minor
    from faults
    group by chargeback_id
),

worded as (
    select
        chargebacks.tenant_id,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        coalesce(faults.transaction_id, chargebacks.transaction_id, chargebacks.chargeback_id) as transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        chargebacks.source,
        chargebacks.native_id,
        chargebacks.source as processor,
        chargebacks.reference,
        cast(faults.occurred_at as date) as business_date,
        chargebacks.settlement_currency as currency,
        chargebacks.moved_minor,
        summed.amount_at_risk_minor,
        faults._document_id,
        faults._source_file,
        faults._source_line,
        case faults.fault
            when 'illegal_transition'
                then
                    'The source says ' || faults.native_event || ': from ' || faults.from_stage || ' to ' || faults.stage
                    || ', which the seed chargeback_transitions does not allow.'
            when 'money_taken_twice' then 'The money of the dispute was taken a second time, and not given back between.'
            when 'money_given_twice' then 'More money of the dispute came back than it had taken.'
            else 'Money moved against the step from ' || faults.from_stage || ' to ' || faults.stage || '.'
        end as explanation
    from chargebacks
    inner join faults on chargebacks.chargeback_id = faults.chargeback_id and faults.place = 1
    inner join summed on chargebacks.chargeback_id = summed.chargeback_id
)

select
    'chargeback_illegal_transition' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    moved_minor as found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    explanation
from worded

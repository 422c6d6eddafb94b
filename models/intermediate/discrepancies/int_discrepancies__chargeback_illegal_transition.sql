-- Disputes with a step that may not be, or money that moved as it may not. One break a dispute and currency: it begins with its first
-- fault and risks the money of the rows at fault.
with

chargebacks as (
    select * from {{ ref('chargebacks') }} where fault_count > 0
),

-- what is only said is counted in the dispute's own currency
faults as (
    select
        chargeback_events.*,
        case
            when chargeback_events.transaction_id is null then chargebacks.settlement_currency
            else chargeback_events.currency
        end as fault_currency
    from {{ ref('chargeback_events') }} as chargeback_events
    inner join chargebacks on chargeback_events.chargeback_id = chargebacks.chargeback_id
    where chargeback_events.fault is not null
),

placed as (
    select
        faults.*,
        row_number() over (partition by chargeback_id, fault_currency order by sequence) as place,
        sum(
            case
                when fault in ('money_taken_twice', 'money_given_twice', 'money_after_the_end') then abs(amount_minor)
                when fault = 'money_in_another_currency' then abs(net_minor)
                else 0
            end
        ) over (partition by chargeback_id, fault_currency) as amount_at_risk_minor
    from faults
),

worded as (
    select
        chargebacks.tenant_id,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        coalesce(placed.transaction_id, chargebacks.transaction_id, chargebacks.chargeback_id) as transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        chargebacks.source,
        chargebacks.native_id,
        chargebacks.source as processor,
        chargebacks.reference,
        cast(placed.occurred_at as date) as business_date,
        placed.fault_currency as currency,
        case
            when placed.fault_currency = chargebacks.settlement_currency then chargebacks.moved_minor
            else placed.amount_minor
        end as found_minor,
        placed.amount_at_risk_minor,
        placed._document_id,
        placed._source_file,
        placed._source_line,
        case placed.fault
            when 'illegal_transition'
                then
                    'The source says ' || placed.native_event || ': from ' || placed.from_stage || ' to ' || placed.stage
                    || ', which the seed chargeback_transitions does not allow.'
            when 'money_taken_twice' then 'The money of the dispute was taken a second time, and not given back between.'
            when 'money_given_twice' then 'More money of the dispute came back than it had taken.'
            when 'money_after_the_end' then 'Money moved after the dispute had ended and against how it ended; the source still says so.'
            when 'money_in_another_currency'
                then 'Money of the dispute moved in ' || placed.currency || ', and it settles in ' || chargebacks.settlement_currency || '.'
            else 'Money moved against the step from ' || placed.from_stage || ' to ' || placed.stage || '.'
        end as explanation
    from chargebacks
    inner join placed on chargebacks.chargeback_id = placed.chargeback_id and placed.place = 1
)

select
    'chargeback_illegal_transition' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    explanation
from worded

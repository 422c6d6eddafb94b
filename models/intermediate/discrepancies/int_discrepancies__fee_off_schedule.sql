with off_schedule as (
    select * from {{ ref('fee_audit') }} where state in ('overcharged', 'undercharged')
),

transactions as (
    select * from {{ ref('transactions') }}
),

told as (
    select
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        transactions.tenant_id,
        cast(null as {{ dbt.type_string() }}) as match_id,
        transactions.transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        transactions.source,
        transactions.native_id,
        transactions.processor,
        coalesce(transactions.reference, transactions.processor_reference) as reference,
        transactions.business_date,
        transactions.currency,
        transactions._document_id,
        transactions._source_file,
        transactions._source_line,
        off_schedule.expected_minor,
        off_schedule.charged_minor,
        off_schedule.difference_minor,
        off_schedule.calculation
    from off_schedule
    inner join transactions on off_schedule.transaction_id = transactions.transaction_id
)

select
    'fee_off_schedule' as kind,
    {{ break_identity() }},
    expected_minor,
    charged_minor as found_minor,
    abs(difference_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    'The contract asks: ' || calculation as explanation
from told

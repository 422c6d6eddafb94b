with transactions as (
    select * from {{ ref('transactions') }} where event_type = 'unknown'
),

open_items as (
    select * from {{ ref('open_items') }} where reason_code = 'unknown_event_type'
),

unknown as (
    select
        transactions.*,
        open_items.reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id
    from transactions
    left join open_items on transactions.transaction_id = open_items.transaction_id
)

select
    'unknown_event_type' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    amount_minor as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    case
        when native_type like '(unmapped) %'
            then
                'The source calls it ' || replace(native_type, '(unmapped) ', '')
                || '; its manifest does not map that word. Add it to the words: of event_type there, then call tieout reprocess --source '
                || source || ' and tieout build.'
        else 'The source calls it ' || coalesce(native_type, 'nothing') || '; the seed event_types does not know that.'
    end as explanation
from unknown

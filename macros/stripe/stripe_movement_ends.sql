{# How the models of Stripe's movements end, a report's and an object's: money, time, origin, and what the objects and the payout say
   of them. `priority` ranks the report among those of one movement. #}
{% macro stripe_movement_ends(priority) -%}
-- money
    with_own_payout.amount_minor,
    with_own_payout.fee_minor,
    with_own_payout.currency,

    -- time
    with_own_payout.occurred_at,
    with_own_payout.business_date,
    with_own_payout.available_on as value_date,
    payout_facts.expected_on,

    -- origin
    {{ priority }} as record_priority,
    0 as row_index,
    with_own_payout._received_at,
    with_own_payout._document_id,
    with_own_payout._source_file,
    with_own_payout._source_line
from with_own_payout
left join objects
    on with_own_payout.tenant_id = objects.tenant_id
        and with_own_payout.source_account = objects.source_account
        and with_own_payout.balance_transaction_id = objects.balance_transaction_id
left join payout_facts
    on with_own_payout.tenant_id = payout_facts.tenant_id
        and with_own_payout.source = payout_facts.source
        and with_own_payout.source_account = payout_facts.source_account
        and with_own_payout.own_payout_id = payout_facts.payout_id
{%- endmacro %}

-- What the customer was charged or given back, where a source names it apart from what moved the balance. Of several reports of one
-- movement the first in this order is told: Stripe's reports, its objects, Adyen's settlement details.
with told as (
    select
        changes.tenant_id, changes.source, changes.balance_transaction_id as native_id, '*' as native_type, 1 as priority,
        case when changes.amount_minor < 0 then -1 else 1 end
        * abs({{ minor_units('changes.customer_facing_amount', 'currencies.minor_unit_factor') }}) as presentment_minor,
        changes.customer_facing_currency as presentment_currency, cast(null as {{ dbt.type_string() }}) as stated_rate
    from {{ ref('stg_stripe__balance_changes') }} as changes
    inner join {{ ref('currencies') }} as currencies on changes.customer_facing_currency = currencies.currency
    union all
    select
        movements.tenant_id, movements.source, movements.balance_transaction_id as native_id, '*' as native_type,
        2 as priority,
        coalesce(charges.captured_minor, charges.amount_minor) as presentment_minor,
        charges.currency as presentment_currency, movements.exchange_rate as stated_rate
    from {{ ref('stg_stripe__api_balance_transactions') }} as movements
    inner join {{ ref('stg_stripe__api_charges') }} as charges
        on movements.tenant_id = charges.tenant_id and movements.balance_transaction_id = charges.balance_transaction_id
    union all
    select
        movements.tenant_id, movements.source, movements.balance_transaction_id as native_id, '*' as native_type,
        3 as priority,
        -refunds.amount_minor as presentment_minor, refunds.currency as presentment_currency, movements.exchange_rate as stated_rate
    from {{ ref('stg_stripe__api_balance_transactions') }} as movements
    inner join {{ ref('stg_stripe__api_refunds') }} as refunds
        on movements.tenant_id = refunds.tenant_id and movements.balance_transaction_id = refunds.balance_transaction_id
    union all
    select
        tenant_id, source, psp_reference || '/' || coalesce(modification_reference, '') || '/' || batch_number as native_id,
        native_type, 4 as priority, gross_minor as presentment_minor, gross_currency as presentment_currency, exchange_rate as stated_rate
    from {{ ref('stg_adyen__settlement_details') }}
    where psp_reference is not null
),

placed as (
    select
        told.*,
        row_number() over (
            partition by tenant_id, source, native_id, native_type
            order by priority, presentment_currency, presentment_minor, stated_rate nulls last
        ) as place
    from told
    where presentment_minor is not null and presentment_currency is not null
)

select
    tenant_id,
    source,
    native_id,
    native_type,
    presentment_minor,
    presentment_currency,
    stated_rate
from placed
where place = 1

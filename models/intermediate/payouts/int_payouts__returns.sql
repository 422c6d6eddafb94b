{% set of_id = 'tenant_id, source, source_account, payout_id, currency' %}
with

payouts as (
    select
        transactions.*,
        row_number() over (
            partition by {{ of_id }}, amount_minor order by business_date, {{ bytewise('transaction_id') }}
        ) as place,
        count(*) over (partition by {{ of_id }}) as payouts_of_id
    from {{ ref('transactions') }} as transactions
    where side = 'processor' and event_type = 'payout' and payout_id is not null
),

reversals as (
    select
        tenant_id,
        source,
        source_account,
        processor_reference as payout_id,
        currency,
        -amount_minor as amount_minor,
        business_date,
        row_number() over (
            partition by tenant_id, source, source_account, processor_reference, currency, amount_minor
            order by business_date, {{ bytewise('transaction_id') }}
        ) as place
    from {{ ref('transactions') }}
    where side = 'processor' and event_type = 'payout_reversal' and processor_reference is not null
)

-- A payout that was paid again under its id came back once: the first return of an amount is that of the first payout of it. Where an
-- id has one payout any amount that came back is of it.
select
    payouts.transaction_id as payout_transaction_id,
    min(reversals.business_date) as returned_on
from payouts
inner join reversals
    on payouts.tenant_id = reversals.tenant_id
        and payouts.source = reversals.source
        and payouts.source_account = reversals.source_account
        and payouts.payout_id = reversals.payout_id
        and payouts.currency = reversals.currency
        and (payouts.payouts_of_id = 1 or (payouts.amount_minor = reversals.amount_minor and payouts.place = reversals.place))
group by payouts.transaction_id

with standing as (
    select * from {{ ref('int_matching__event_peers') }}
),

-- Without the processor's id a second row is only a duplicate on the same day and with the same authorisation.
named as (
    select
        standing.*,
        case
            when processor_reference is not null then {{ key_hash('id', ['processor_reference']) }}
            when {{ normalised_reference('reference') }} is not null
                then {{ key_hash('ref', [normalised_reference('reference'), 'business_date', 'authorization_code']) }}
        end as event_name
    from standing
),

ranked as (
    select
        named.*,
        row_number() over (
            partition by reconciliation, tenant_id, role, processor, event_class, currency, amount_minor, event_name
            order by case standing when 'matched' then 1 else 2 end, business_date, occurred_at, transaction_id
        ) as place
    from named
    where event_name is not null
),

peers as (
    select
        ranked.*,
        max(case when place = 1 then transaction_id end) over (
            partition by reconciliation, tenant_id, role, processor, event_class, currency, amount_minor, event_name
        ) as first_transaction_id,
        row_number() over (
            partition by reconciliation, tenant_id, role, processor, event_class, currency, direction, event_name
            order by case standing when 'matched' then 1 else 2 end, business_date, occurred_at, transaction_id
        ) as place_of_id
    from ranked
),

-- Where an id names one event, what carries a matched id is that event again, whatever its amount.
events as (
    select
        peers.*,
        max(case when place_of_id = 1 and standing = 'matched' then transaction_id end) over (
            partition by reconciliation, tenant_id, role, processor, event_class, currency, direction, event_name
        ) as matched_transaction_id
    from peers
),

named_events as (
    select
        events.*,
        case when one_per_id and processor_reference is not null then matched_transaction_id end as event_transaction_id
    from events
)

select
    reconciliation,
    transaction_id,
    coalesce(event_transaction_id, first_transaction_id) as first_transaction_id
from named_events
where standing = 'open' and (place > 1 or event_transaction_id is not null)

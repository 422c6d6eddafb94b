-- The same merchant's reference, kind of event, amount and day at one party, and no duplicate of a matched row: candidates for a double.
{% set likeness = [
    'tenant_id', 'side', 'source', 'source_account', 'event_type', 'currency', 'amount_minor', 'reference', 'business_date'
] %}
with transactions as (
    select * from {{ ref('transactions') }}
),

duplicates as (
    select transaction_id from {{ ref('open_items') }}
    where reason_code = 'duplicate'
    group by transaction_id
),

candidates as (
    select transactions.*
    from transactions
    left join duplicates on transactions.transaction_id = duplicates.transaction_id
    where transactions.reference is not null and not transactions.has_conflict and duplicates.transaction_id is null
),

likenesses as (
    select
        {{ likeness | join(', ') }},
        min(transaction_id) as first_alike_id,
        min(coalesce(authorization_code, '')) as first_code,
        max(coalesce(authorization_code, '')) as last_code
    from candidates
    group by {{ likeness | join(', ') }}
    having count(*) > 1
)

select candidates.transaction_id, likenesses.first_alike_id, likenesses.first_code, likenesses.last_code
from candidates
inner join likenesses
    on
        candidates.tenant_id = likenesses.tenant_id
        {% for column in likeness[1:] %}
            and candidates.{{ column }} = likenesses.{{ column }}
        {% endfor %}

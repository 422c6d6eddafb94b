-- All that is told of disputes, in the stages of this room. A word of its own status comes before the word alone; a movement whose word
-- nobody knows is what its kind of event says.
with

told as (
    {% for model in ['stripe', 'adyen', 'square', 'paypal', 'declared', 'money'] %}
        select * from {{ ref('int_chargebacks__' ~ model) }} {{ 'union all' if not loop.last }}
    {% endfor %}
),

words as (
    select * from {{ ref('chargeback_words') }}
),

networks as (
    select * from {{ ref('chargeback_networks') }}
),

worded as (
    select
        told.*,
        case
            when told.native_event = 'dispute_fee' then '(fee)'
            when coalesce(exact.stage, plain.stage) is not null then coalesce(exact.stage, plain.stage)
            when told.transaction_id is null then 'unknown'
            when told.native_status = 'out' then 'chargeback'
            else 'won'
        end as stage,
        coalesce(exact.is_answered, plain.is_answered, false) or told.has_answer as is_answered,
        coalesce(exact.is_of_inquiry, plain.is_of_inquiry, false) as is_of_inquiry,
        coalesce(networks.network, told.native_network) as network
    from told
    left join words as exact
        on told.vocabulary = exact.source
            and told.native_event = exact.native_event
            and told.native_status = exact.native_status
            and exact.native_status != '*'
    left join words as plain
        on told.vocabulary = plain.source and told.native_event = plain.native_event and plain.native_status = '*'
    left join networks on told.native_network = networks.native_network
)

select
    worded.*,
    -- A dispute begins with these; what follows them may have another reference.
    stage in ('inquiry', 'chargeback') as is_opening,
    stage != '(fee)' as has_stage
from worded
where stage != '(none)'

{# Which lots a method lets go first, judged from the marts alone. Of a history whose lots expire in the order in which they were earned and
   where nothing is reversed the oldest lot is always the right one, and sums tell; of all others every using row is set against every lot
   before it. One lot for one redemption is judged by neither: it asks no amounts. #}
{% macro order_of_histories() -%}
    select
        tenant_id,
        currency,
        customer_id,
        max(case when type = 'reversed' then 1 else 0 end) = 1
        or {{ reward_method() }} = 'lifo'
        or (
            ({{ reward_method() }} = 'fefo' or max(case when type = 'expired' then 1 else 0 end) = 1)
            and max(case when expires_before_older then 1 else 0 end) = 1
        ) as has_other_order
    from (
        select
            *,
            is_lot and coalesce(expires_at, {{ end_of_time() }}) < max(case when is_lot then coalesce(expires_at, {{ end_of_time() }}) end) over (
                partition by tenant_id, currency, customer_id order by event_number rows between unbounded preceding and 1 preceding
            ) as expires_before_older
        from {{ ref('reward_transactions') }}
        where problem is null
    ) as events
    where {{ reward_method() }} != 'one_to_one'
    group by tenant_id, currency, customer_id
{%- endmacro %}

{# One row per using row and earlier lot of the histories with another order: what it took, what it left, and how much lots it
   should have taken before still had. #}
{% macro uses_judged(events, histories, allocations) -%}
    select
        *,
        coalesce(taken_minor <= 0 or max(left_minor) over (
            partition by redeemed_reward_transaction_id
            order by not_due, preferred_at nulls last, preferred_number rows between unbounded preceding and 1 preceding
        ) <= 0, true) and left_minor >= 0 as is_lawful
    from (
        select
            users.tenant_id,
            users.currency,
            users.reward_transaction_id as redeemed_reward_transaction_id,
            lots.reward_transaction_id as earned_reward_transaction_id,
            coalesce(taken.allocated_minor, 0) as taken_minor,
            lots.amount_minor - sum(coalesce(taken.allocated_minor, 0)) over (
                partition by lots.reward_transaction_id order by users.event_number rows unbounded preceding
            ) as left_minor,
            case when users.type = 'expired' and lots.expires_at <= users.created_at then 0 else 1 end as not_due,
            case
                when users.type = 'expired' then case when lots.expires_at <= users.created_at then lots.expires_at end
                when {{ reward_method() }} = 'fefo' then coalesce(lots.expires_at, {{ end_of_time() }})
            end as preferred_at,
            case when users.type = 'spent' and {{ reward_method() }} = 'lifo' then -lots.event_number else lots.event_number end as preferred_number
        from {{ histories }} as histories
        inner join {{ events }} as users
            on
                histories.tenant_id = users.tenant_id
                and histories.currency = users.currency
                and histories.customer_id = users.customer_id
        inner join {{ events }} as lots
            on
                users.tenant_id = lots.tenant_id
                and users.currency = lots.currency
                and users.customer_id = lots.customer_id
                and users.event_number > lots.event_number
        left join {{ allocations }} as taken
            on
                users.reward_transaction_id = taken.redeemed_reward_transaction_id
                and lots.reward_transaction_id = taken.earned_reward_transaction_id
        where histories.has_other_order and not users.is_lot and lots.is_lot
    ) as grid
{%- endmacro %}

"""Faults in a built rewards room: SQL that damages a mart, by the law that must then find it."""

from __future__ import annotations

FAULTS = {
    "lots_are_not_overused": """
        update marts.reward_allocations set allocated_minor = allocated_minor + 1000000
        where allocation_id = (select min(allocation_id) from marts.reward_allocations)""",
    "redemptions_add_up": """
        update marts.reward_transactions set unfunded_amount_minor = unfunded_amount_minor + 1
        where trans_id = (select min(redeemed_trans_id) from marts.reward_allocations)""",
    "preferred_lots_are_used_first": """
        update marts.reward_transactions set expires_at = timestamp '2025-12-31 00:00:00'
        where is_lot and open_amount_minor > 0""",
    "reversals_put_back_what_was_taken": """
        update marts.reward_allocations set allocated_minor = 3 * allocated_minor
        where reversed_trans_id is not null""",
    "allocations_stay_with_their_customer": """
        update marts.reward_allocations as a set redeemed_reward_transaction_id = (
            select max(b.redeemed_reward_transaction_id) from marts.reward_allocations as b
            where b.customer_id != a.customer_id)
        where allocation_id = (select min(allocation_id) from marts.reward_allocations)""",
    "older_lots_are_used_first": """
        update marts.reward_allocations as a
        set earned_reward_transaction_id = younger.reward_transaction_id
        from marts.reward_transactions as younger
        inner join marts.reward_transactions as redemption
            on younger.customer_id = redemption.customer_id
        where younger.is_lot and younger.allocated_minor = 0
            and younger.event_number < redemption.event_number
            and a.redeemed_trans_id = redemption.trans_id""",
    "nothing_is_unfunded_while_a_lot_is_open": """
        update marts.reward_transactions set allocated_minor = allocated_minor - 1,
            unfunded_amount_minor = unfunded_amount_minor + 1
        where trans_id = (select min(redeemed_trans_id) from marts.reward_allocations)""",
}

GENERIC_FAULTS = {
    "unique_together_reward_balance_history": """
        insert into intermediate.int_rewards__results
        select * from intermediate.int_rewards__results
        where customer_id = (select min(customer_id) from intermediate.int_rewards__results)""",
    "not_empty_when_reward_transactions": "delete from marts.reward_transactions",
    "allocations_are_above_zero": "update marts.reward_allocations set allocated_minor = null",
    "reward_amounts_are_whole": """
        update marts.reward_transactions set open_amount_minor = open_amount_minor + 1""",
}

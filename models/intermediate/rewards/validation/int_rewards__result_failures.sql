{{ config(materialized='kept', kept_by='customer_id') }}

with reward_transactions as (
    select * from {{ ref('reward_transactions') }} {{ only_touched() }}
),

reward_allocations as (
    select * from {{ ref('reward_allocations') }} {{ only_touched() }}
),

balances as (
    select * from {{ ref('reward_current_balances') }} {{ only_touched() }}
),

differences as (
    select * from {{ ref('reward_mode_differences') }} {{ only_touched() }}
),

tc_rows as (
    select *, account_customerid as customer_id from {{ ref('tc_data_with_redemptions') }}
),

tc_data as (
    select * from tc_rows {{ only_touched() }}
),

-- What used each lot to its end, told by the allocations alone.
finishers as (
    select
        earned_reward_transaction_id,
        redeemed_trans_id
    from reward_allocations
    group by earned_reward_transaction_id, redeemed_trans_id
    having sum(allocated_minor) > 0
),

named as (
    select
        lots.*,
        finishers.redeemed_trans_id is not null as is_named_by_its_use
    from reward_transactions as lots
    left join finishers
        on lots.reward_transaction_id = finishers.earned_reward_transaction_id and lots.redeem_id = finishers.redeemed_trans_id
    where lots.is_lot and lots.problem is null
),

shown as (
    select
        rows_in.*,
        tc_data.reward_transaction_id is not null
        and tc_data.amount_minor = rows_in.amount_minor
        and coalesce(tc_data.redeemid, '') = coalesce(rows_in.redeem_id, '') as is_shown
    from reward_transactions as rows_in
    left join tc_data on rows_in.reward_transaction_id = tc_data.reward_transaction_id
)

{{ failing_transactions('redeemid_means_used_up', "'REDEEMID and what is left of the lot contradict each other'",
    '(redeem_id is not null) != (open_amount_minor = 0 and amount_minor > 0) and ' ~ reward_method() ~ " != 'one_to_one'",
    'open_amount_minor', 'named') }}
union all
{{ failing_transactions('redeemid_is_a_redemption', "'REDEEMID ' || redeem_id || ' took nothing of the lot'",
    'redeem_id is not null and not is_named_by_its_use and ' ~ reward_method() ~ " != 'one_to_one'", relation='named') }}
union all
{{ failing_rows('balance_adds_up', 'balances', 'customer_id', "'earned, spent and expired do not make the balance'",
    'balance_minor != open_lots_minor - unfunded_minor + unmatched_minor', 'balance_minor') }}
union all
{{ failing_transactions('row_is_in_the_output', "'not in tc_data_with_redemptions as it is here'", 'not is_shown', relation='shown') }}
union all
{{ failing_rows('modes_agree', 'differences', 'trans_id',
    "'one to one: REDEEMID ' || coalesce(redeem_id_one_to_one, 'none') || ', by amount: ' || coalesce(redeem_id, 'none')
        || case when open_one_to_one_minor > open_amount_minor then '; leaves more of it open'
            when open_one_to_one_minor < open_amount_minor then '; leaves less of it open' else '' end",
    'true', 'open_one_to_one_minor - open_amount_minor', record='reward_transaction_id') }}

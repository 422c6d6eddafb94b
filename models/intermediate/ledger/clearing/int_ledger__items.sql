-- What a line of an account with open items is about: lines of one item that add up to zero are settled. On an account that a
-- reconciliation clears the match is the item, and without one the transaction; on the reserve an instalment is paired with its
-- settlement where they are matched, and else everything that one processor's account holds back is one item; a row that is gone stands
-- for itself. What nobody paid of a customer's rewards and what reversals undid of it are one item.
with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

accounts as (
    select * from {{ ref('int_ledger__item_accounts') }}
),

clearing_postables as (
    select * from {{ ref('int_ledger__clearing_postables') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

reward_transactions as (
    select * from {{ ref('reward_transactions') }}
),

match_members as (
    select * from {{ ref('match_members') }} where status = 'matched'
),

stands as (
    select
        ledger_entries.ledger_line_id,
        ledger_entries.tenant_id,
        ledger_entries.account_code,
        accounts.role,
        accounts.reconciliation,
        coalesce(clearing_postables.subject_id, ledger_entries.transaction_id) as subject_id
    from ledger_entries
    inner join accounts on ledger_entries.tenant_id = accounts.tenant_id and ledger_entries.account_code = accounts.account_code
    left join clearing_postables on ledger_entries.transaction_id = clearing_postables.transaction_id
),

matched as (
    select
        stands.ledger_line_id,
        min(match_members.match_id) as match_id
    from stands
    inner join match_members
        on
            stands.subject_id = match_members.transaction_id
            and (stands.reconciliation = match_members.reconciliation or stands.role = 'reserve')
    group by stands.ledger_line_id
),

-- An instalment that waits for its settlement stands for itself.
waiting as (
    select transaction_id
    from {{ ref('open_items') }}
    group by transaction_id
)

select
    stands.ledger_line_id,
    stands.subject_id,
    matched.match_id,
    case
        when matched.match_id is not null then matched.match_id
        when stands.role = 'reserve' and waiting.transaction_id is null
            then coalesce(trim(transactions.processor || ' ' || coalesce(transactions.source_account, '')), stands.subject_id)
        when reward_transactions.customer_id is not null then 'rewards of ' || reward_transactions.customer_id
        else stands.subject_id
    end as item_id
from stands
left join matched on stands.ledger_line_id = matched.ledger_line_id
left join waiting on stands.subject_id = waiting.transaction_id
left join transactions on stands.subject_id = transactions.transaction_id
left join reward_transactions on stands.subject_id = reward_transactions.reward_transaction_id

{{ config(materialized='view') }}

with reward_transactions as (
    select * from {{ ref('reward_transactions') }}
),

documents as (
    select * from {{ ref('stg_documents__register') }}
)

select
    reward_transactions.reward_transaction_id,
    reward_transactions.tenant_id,
    reward_transactions.trans_id,
    reward_transactions.type as tctype,
    {{ local_time('reward_transactions.created_at', 'documents.time_zone') }} as createdat,
    {{ local_time('reward_transactions.expires_at', 'documents.time_zone') }} as expiredat,
    reward_transactions.reported_customer_id as customerid,
    reward_transactions.order_id as orderid,
    reward_transactions.amount_minor,
    reward_transactions.amount,
    reward_transactions.reason,
    reward_transactions.redeem_id as redeemid,
    reward_transactions.currency,
    reward_transactions.allocated_minor,
    reward_transactions.allocated,
    reward_transactions.open_amount_minor,
    reward_transactions.open_amount,
    reward_transactions.unfunded_amount_minor,
    reward_transactions.unfunded_amount,
    reward_transactions.redeem_id_one_to_one as redeemid_one_to_one,
    reward_transactions.problem,
    reward_transactions.customer_id as account_customerid,
    reward_transactions.business_date,
    reward_transactions._source_file,
    reward_transactions._source_line
from reward_transactions
inner join documents on reward_transactions._document_id = documents.document_id

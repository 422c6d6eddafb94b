-- One row per dispute with everything known of it: where it stands, what it is about, what it cost, and the last day for an answer.
with

current_stages as (
    select * from {{ ref('int_chargebacks__current') }}
),

facts as (
    select * from {{ ref('int_chargebacks__facts') }}
),

sales as (
    select * from {{ ref('int_chargebacks__sales') }}
),

due as (
    select * from {{ ref('int_chargebacks__due') }}
),

refunds as (
    select * from {{ ref('int_chargebacks__refunds') }}
),

reasons as (
    select * from {{ ref('chargeback_reasons') }}
)

select
    current_stages.*,
    facts.vocabulary,
    facts.source,
    facts.source_account,
    facts.dispute_ref,
    coalesce(facts.reference, sales.sale_reference) as reference,
    coalesce(sales.sale_merchant_id, facts.merchant_id, facts.source_account, '(none)') as merchant,
    coalesce(facts.network, '(none)') as network,
    facts.reason,
    facts.reason_code,
    coalesce(by_code.reason_category, by_word.reason_category, by_house.reason_category, 'unknown') as reason_category,
    coalesce(facts.disputed_minor, facts.first_taken_minor, 0) as amount_minor,
    coalesce(facts.disputed_currency, facts.settlement_currency) as currency,
    facts.fee_minor,
    facts.moved_minor,
    facts.moved_minor - facts.fee_minor as net_effect_minor,
    facts.settlement_currency,
    coalesce(facts.taken_transaction_id, facts.given_transaction_id) as transaction_id,
    sales.sale_transaction_id,
    case when sales.sale_currency = facts.settlement_currency then sales.sale_minor end as sale_minor,
    coalesce(refunds.refunded_minor, 0) as refunded_minor,
    refunds.last_refund_id as refund_transaction_id,
    sales.sold_on,
    facts.opened_at,
    case
        when current_stages.waits_for_merchant and current_stages.outcome = 'open'
            then coalesce(current_stages.stated_respond_by, due.respond_by)
    end as respond_by,
    case
        when current_stages.waits_for_merchant and current_stages.outcome = 'open' then current_stages.stated_respond_until
    end as respond_until,
    case
        when not (current_stages.waits_for_merchant and current_stages.outcome = 'open') then 'nothing to answer'
        when current_stages.stated_respond_by is not null then 'source'
        when due.respond_by is not null then 'seed'
        else 'unknown'
    end as respond_by_from,
    facts.fault_count,
    facts._document_id,
    facts._source_file,
    facts._source_line
from current_stages
inner join facts on current_stages.chargeback_id = facts.chargeback_id
left join sales on current_stages.chargeback_id = sales.chargeback_id
left join due on current_stages.chargeback_id = due.chargeback_id
left join refunds
    on current_stages.tenant_id = refunds.tenant_id
        and facts.source = refunds.source
        and facts.payment_ref = refunds.payment_ref
        and facts.settlement_currency = refunds.currency
left join reasons as by_code
    on facts.network = by_code.vocabulary and {{ native_code('facts.reason_code') }} = by_code.native_reason
left join reasons as by_word
    on facts.vocabulary = by_word.vocabulary and {{ native_code('facts.reason') }} = by_word.native_reason
left join reasons as by_house
    on by_house.vocabulary = 'house' and {{ native_code('facts.reason') }} = by_house.native_reason

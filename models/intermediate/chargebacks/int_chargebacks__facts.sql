-- What is known of each dispute beside its stages: who, why, how much, and which rows moved its money. The first row that says a thing
-- counts.
with

steps as (
    select * from {{ ref('int_chargebacks__steps') }}
),

placed as (
    select
        steps.*,
        row_number() over (
            partition by chargeback_id order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
        ) as event_place,
        row_number() over (
            partition by chargeback_id, case when amount_minor < 0 then 1 when amount_minor > 0 then 2 else 3 end
            order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
        ) as money_place,
        row_number() over (
            partition by chargeback_id, case when disputed_minor is not null then 1 else 2 end
            order by occurred_at, stage_rank, {{ bytewise('chargeback_event_id') }}
        ) as claim_place
    from steps
)

select
    placed.tenant_id,
    placed.chargeback_id,
    min(placed.vocabulary) as vocabulary,
    -- whose money it was says whose dispute it is; what portals say comes by a source of its own
    coalesce(
        max({{ bytewise('case when placed.transaction_id is not null then placed.source end') }}),
        max(case when placed.event_place = 1 then placed.source end)
    ) as source,
    coalesce(
        max({{ bytewise('case when placed.transaction_id is not null then placed.source_account end') }}),
        max(case when placed.event_place = 1 then placed.source_account end)
    ) as source_account,
    max(case when placed.event_place = 1 then placed.case_ref end) as dispute_ref,
    max({{ bytewise('placed.payment_ref') }}) as payment_ref,
    max({{ bytewise('placed.reference') }}) as reference,
    max({{ bytewise('placed.merchant_id') }}) as merchant_id,
    max({{ bytewise("nullif(placed.reason, '(none)')") }}) as reason,
    max({{ bytewise('placed.reason_code') }}) as reason_code,
    max({{ bytewise('placed.network') }}) as network,
    max(case when placed.claim_place = 1 then placed.disputed_minor end) as disputed_minor,
    max(case when placed.claim_place = 1 then placed.disputed_currency end) as disputed_currency,
    max(case when placed.amount_minor < 0 and placed.money_place = 1 then -placed.amount_minor end) as first_taken_minor,
    max(case when placed.amount_minor < 0 and placed.money_place = 1 then placed.transaction_id end) as taken_transaction_id,
    max(case when placed.amount_minor > 0 and placed.money_place = 1 then placed.transaction_id end) as given_transaction_id,
    placed.settlement_currency,
    coalesce(sum(case when placed.currency = placed.settlement_currency then placed.amount_minor end), 0) as moved_minor,
    coalesce(sum(case when placed.currency = placed.settlement_currency then placed.fee_minor end), 0) as fee_minor,
    min(placed.opened_at) as opened_at,
    count(placed.fault) as fault_count,
    min(case when placed.event_place = 1 then placed._document_id end) as _document_id,
    min(case when placed.event_place = 1 then placed._source_file end) as _source_file,
    min(case when placed.event_place = 1 then placed._source_line end) as _source_line
from placed
group by placed.tenant_id, placed.chargeback_id, placed.settlement_currency

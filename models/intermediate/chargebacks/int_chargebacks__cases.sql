-- What is told, put to its dispute: by the dispute's own reference where something began under it, else by the payment: the dispute of it
-- that began, or was spoken of, last. Said twice is once.
with

reported as (
    select * from {{ ref('int_chargebacks__reported') }}
),

openings as (
    select
        tenant_id,
        vocabulary,
        dispute_ref,
        max({{ bytewise('payment_ref') }}) as payment_ref,
        min(occurred_at) as began_at,
        max(case when is_opening then 1 else 0 end) as has_opening
    from reported
    where (is_opening or is_stated) and dispute_ref is not null
    group by tenant_id, vocabulary, dispute_ref
),

by_payment as (
    select
        reported.tenant_id, reported.vocabulary, reported.dispute_ref, reported.payment_ref, reported.occurred_at,
        openings.dispute_ref as opened_as,
        row_number() over (
            partition by
                reported.tenant_id, reported.vocabulary, reported.dispute_ref, reported.payment_ref, reported.occurred_at
            order by
                openings.has_opening desc,
                case when openings.dispute_ref = reported.dispute_ref then 1 else 2 end,
                case when openings.began_at <= reported.occurred_at then 1 else 2 end,
                case when openings.began_at <= reported.occurred_at then openings.began_at end desc nulls last,
                openings.began_at,
                {{ bytewise('openings.dispute_ref') }}
        ) as place
    from reported
    inner join openings
        on reported.tenant_id = openings.tenant_id
            and reported.vocabulary = openings.vocabulary
            and reported.payment_ref = openings.payment_ref
    group by
        reported.tenant_id, reported.vocabulary, reported.dispute_ref, reported.payment_ref, reported.occurred_at,
        openings.dispute_ref, openings.began_at, openings.has_opening
),

placed as (
    select
        reported.*,
        coalesce(openings.dispute_ref, by_payment.opened_as, reported.dispute_ref, reported.payment_ref, '(nothing)') as case_ref
    from reported
    left join openings
        on reported.tenant_id = openings.tenant_id
            and reported.vocabulary = openings.vocabulary
            and reported.dispute_ref = openings.dispute_ref
            and openings.has_opening = 1
    left join by_payment
        on reported.tenant_id = by_payment.tenant_id
            and reported.vocabulary = by_payment.vocabulary
            and coalesce(reported.dispute_ref, '') = coalesce(by_payment.dispute_ref, '')
            and reported.payment_ref = by_payment.payment_ref
            and reported.occurred_at = by_payment.occurred_at
            and by_payment.place = 1
),

keyed as (
    select
        placed.*,
        {{ key_hash('cbk', ['tenant_id', 'vocabulary', 'case_ref']) }} as chargeback_id,
        {{ key_hash('cbe', [
            'tenant_id', 'vocabulary', 'case_ref', 'transaction_id', 'native_event', 'native_status', 'is_stated', 'occurred_at'
        ]) }} as chargeback_event_id
    from placed
),

counted as (
    select
        keyed.*,
        row_number() over (
            partition by chargeback_event_id
            order by _received_at nulls last, _document_id, _source_line, {{ bytewise('reason_code') }} nulls last
        ) as copy_number
    from keyed
)

select * from counted where copy_number = 1

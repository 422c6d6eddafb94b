with

reports as (
    select * from {{ ref('stg_square__reports') }}
),

-- What never came over the balance does not go back over it: a refund follows its payment.
beside_the_balance as (
    select tenant_id, source, source_account, payment_id
    from {{ ref('stg_square__payments') }}
    where not reaches_balance
    group by tenant_id, source, source_account, payment_id
),

-- An object comes again whenever it changes: its latest version is what it says.
versions as (
    select
        reports.*,
        row_number() over (
            partition by tenant_id, source, source_account, reported_in, record, native_id, refund_place
            order by told_at desc, _received_at desc nulls last, _document_id desc, _source_line desc
        ) as version_place
    from reports
),

judged as (
    select
        versions.*,
        versions.moves_money
        and (versions.version_place = 1 or versions.reported_in in ('square_transactions', 'square_payout_entries'))
        and beside_the_balance.payment_id is null as is_final
    from versions
    left join beside_the_balance
        on versions.reported_in = 'square_refunds'
            and versions.tenant_id = beside_the_balance.tenant_id
            and versions.source = beside_the_balance.source
            and versions.source_account = beside_the_balance.source_account
            and versions.payment_id = beside_the_balance.payment_id
),

told as (
    select
        judged.*,
        max(case when is_final and knows_fee then 1 else 0 end) over (
            partition by tenant_id, source, source_account, record, event_id
        ) as fee_is_known,
        max(case when reported_in = 'square_payout_entries' then {{ bytewise('payout_id') }} end) over (
            partition by tenant_id, source, source_account, record, event_id
        ) as entered_payout_id,
        max({{ bytewise('payout_id') }}) over (partition by tenant_id, source, source_account, record, event_id) as any_payout_id
    from judged
)

select
    told.*,
    coalesce(entered_payout_id, any_payout_id) as known_payout_id,
    -- A report that does not know the fee yet gives way to one that does; otherwise the two would contradict each other.
    is_final and (knows_fee or fee_is_known = 0) as is_booked
from told

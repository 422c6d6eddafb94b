-- What payouts are made of, as each source's own lines say it: staging is asked, and neither the transactions nor the payouts. A line
-- that came in several files counts once.
with stripe_lines as (
    select
        tenant_id, source, source_account, automatic_payout_id as payout_id, currency, balance_transaction_id as line_id,
        amount_minor, fee_minor
    from {{ ref('stg_stripe__balance_changes') }}
    where native_type != 'payout'
        and not (native_type = 'payout_reversal' and source_id is not distinct from automatic_payout_id)
),

-- A report without the column says nothing of the payout: where the reports differ, the transaction has the word of one of them.
stripe_agreed as (
    select tenant_id, source_account, line_id
    from stripe_lines
    group by tenant_id, source_account, line_id
    having count(*) = count(payout_id) and min({{ bytewise('payout_id') }}) = max({{ bytewise('payout_id') }})
),

adyen_lines as (
    select
        lines.*,
        row_number() over (
            partition by _document_id, source_account, batch_number, native_type, currency, psp_reference, modification_reference
            order by net_minor, _source_line
        ) as place_among_like
    from {{ ref('stg_adyen__settlement_details') }} as lines
    where native_type != 'merchantpayout'
),

readings as (
    select stripe_lines.*
    from stripe_lines
    inner join stripe_agreed
        on
            stripe_lines.tenant_id = stripe_agreed.tenant_id
            and stripe_lines.source_account = stripe_agreed.source_account
            and stripe_lines.line_id = stripe_agreed.line_id
    union all
    select
        tenant_id, source, source_account, batch_number as payout_id, currency,
        native_type || '/' || coalesce(psp_reference, cast(place_among_like as {{ dbt.type_string() }}))
        || '/' || coalesce(modification_reference, '') as line_id,
        net_minor as amount_minor, 0 as fee_minor
    from adyen_lines
    union all
    select
        tenant_id, source, source_account, payout_id, currency, record || '/' || native_id as line_id, amount_minor, fee_minor
    from {{ ref('stg_square__payout_entries') }}
    {% for acquirer in ['unica', 'cielo', 'rede'] %}
        union all
        select
            tenant_id, source, source_account, payout_id, currency, native_type || '/' || native_id as line_id,
            amount_minor, fee_minor
        from {{ ref('stg_' ~ acquirer ~ '__events') }}
        where event not in ('payout', 'payout_of_adjustment') and native_type != 'payout'
    {% endfor %}
),

once as (
    select distinct tenant_id, source, source_account, payout_id, currency, line_id, amount_minor, fee_minor
    from readings
    where payout_id is not null
)

select
    tenant_id,
    source,
    source_account,
    payout_id,
    currency,
    cast(count(*) as bigint) as line_count,
    cast(sum(amount_minor - fee_minor) as bigint) as net_minor
from once
group by tenant_id, source, source_account, payout_id, currency

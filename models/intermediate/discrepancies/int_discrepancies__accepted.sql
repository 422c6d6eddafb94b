with graded as (
    select * from {{ ref('int_discrepancies__graded') }}
),

accepted_breaks as (
    select * from {{ ref('accepted_breaks') }}
),

write_offs as (
    select * from {{ ref('write_offs') }}
),

-- Several decisions may write off one break together; it counts from the last of them on.
written_off as (
    select
        tenant_id,
        kind,
        transaction_id,
        currency,
        abs(sum(amount_minor)) as up_to_minor,
        max(written_off_by || ', ' || approved_by) as accepted_by,
        max(written_off_on) as accepted_on,
        max(reason) as comment
    from write_offs
    where written_off_on <= cast({{ as_of() }} as date)
    group by tenant_id, kind, transaction_id, currency
),

-- Of a match that differs, either of its two rows may be named.
ends as (
    select discrepancy_id, tenant_id, kind, currency, amount_at_risk_minor, transaction_id from graded
    union all
    select discrepancy_id, tenant_id, kind, currency, amount_at_risk_minor, counterpart_transaction_id as transaction_id from graded
    where counterpart_transaction_id is not null
),

-- An acceptance covers the break as it was: one that grew beyond it is open again.
said as (
    select
        graded.discrepancy_id,
        accepted_breaks.accepted_by,
        accepted_breaks.accepted_on,
        accepted_breaks.comment as accepted_reason
    from graded
    inner join accepted_breaks
        on
            graded.tenant_id = accepted_breaks.tenant_id
            and graded.kind = accepted_breaks.kind
            and graded.source = accepted_breaks.source
            and graded.native_id = accepted_breaks.native_id
    where
        graded.amount_at_risk_minor <= accepted_breaks.up_to_minor
        and accepted_breaks.accepted_on <= cast({{ as_of() }} as date)
    union all
    select
        ends.discrepancy_id,
        written_off.accepted_by,
        written_off.accepted_on,
        written_off.comment as accepted_reason
    from ends
    inner join written_off
        on
            ends.tenant_id = written_off.tenant_id
            and ends.kind = written_off.kind
            and ends.transaction_id = written_off.transaction_id
            and ends.currency = written_off.currency
    where ends.amount_at_risk_minor <= written_off.up_to_minor
),

acceptances as (
    select
        said.*,
        row_number() over (
            partition by discrepancy_id
            order by accepted_on desc, {{ key_hash('acc', ['accepted_by', 'accepted_reason']) }}
        ) as place
    from said
)

select * from acceptances where place = 1

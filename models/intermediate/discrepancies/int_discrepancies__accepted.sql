with graded as (
    select * from {{ ref('int_discrepancies__graded') }}
),

accepted_breaks as (
    select * from {{ ref('accepted_breaks') }}
),

-- An acceptance covers the break as it was: one that grew beyond it is open again.
acceptances as (
    select
        graded.discrepancy_id,
        accepted_breaks.accepted_by,
        accepted_breaks.accepted_on,
        accepted_breaks.comment as accepted_reason,
        row_number() over (
            partition by graded.discrepancy_id
            order by
                accepted_breaks.accepted_on desc,
                {{ key_hash('acc', ['accepted_breaks.accepted_by', 'accepted_breaks.comment']) }}
        ) as place
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
)

select * from acceptances where place = 1

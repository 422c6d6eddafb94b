with needed_breaks as (
    select * from {{ ref('int_controls__needed_breaks') }}
),

needed_kinds as (
    select kind
    from {{ ref('discrepancy_kinds') }}
    -- these follow rules of their own, and have laws of their own (tests/dbt/discrepancies)
    where
        kind not in (
            'fee_differs', 'fee_off_schedule', 'status_differs', 'date_differs', 'over_refunded', 'over_charged_back', 'double_loss',
            'file_total_differs', 'in_suspense', 'fx_rate_missing', 'chargeback_illegal_transition'
        )
),

told_breaks as (
    select
        discrepancies.tenant_id,
        discrepancies.kind,
        case
            when discrepancies.kind in ('amount_differs', 'proposed_match') then discrepancies.match_id
            when discrepancies.kind = 'key_conflict' then discrepancies.source || ' ' || discrepancies.native_id
            when discrepancies.kind like 'orphan_%'
                then
                    coalesce({{ normalised_reference('discrepancies.reference') }}, discrepancies.reference) || ' '
                    || cast(discrepancies.found_minor as {{ dbt.type_string() }})
            when discrepancies.kind like 'missing_%' then discrepancies.reconciliation || ' ' || discrepancies.transaction_id
            else discrepancies.transaction_id
        end as subject
    from {{ ref('discrepancies') }} as discrepancies
    inner join needed_kinds on discrepancies.kind = needed_kinds.kind
),

told_subjects as (
    select
        tenant_id,
        kind,
        subject
    from told_breaks
    group by tenant_id, kind, subject
),

compared as (
    select
        coalesce(needed_breaks.tenant_id, told_subjects.tenant_id) as tenant_id,
        coalesce(needed_breaks.kind, told_subjects.kind) as kind,
        case when needed_breaks.subject is not null and told_subjects.subject is not null then 1 else 0 end as is_both
    from needed_breaks
    full outer join told_subjects
        on
            needed_breaks.tenant_id = told_subjects.tenant_id
            and needed_breaks.kind = told_subjects.kind
            and needed_breaks.subject = told_subjects.subject
)

select
    'discrepancies_cover' as control,
    tenant_id,
    kind as scope,
    'breaks' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(is_both) as decimal(28, 4)) as found
from compared
group by tenant_id, kind

with gaps as (
    select * from {{ ref('expected_files') }} where not is_complete
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

series as (
    select tenant_id, reconciliation, source, side, role, processor, currency
    from {{ ref('int_discrepancies__items') }}
    group by tenant_id, reconciliation, source, side, role, processor, currency
),

sides as (
    select tenant_id, source, max(side) as side
    from series
    group by tenant_id, source
),

-- A file that never came has no rows to say whose side it is on; the names of books and bank do.
sided_gaps as (
    select
        gaps.*,
        coalesce(sides.side, case when gaps.source in ('internal', 'bank') then gaps.source end) as side,
        gaps.source || ' ' || gaps.expected_name || ' is ' || gaps.state || ', due '
        || substring(cast(gaps.due_at as {{ dbt.type_string() }}), 1, 16) || ' UTC' as story
    from gaps
    left join sides on gaps.tenant_id = sides.tenant_id and gaps.source = sides.source
),

-- A row lacks its own source's file, or the file of the party it is compared with.
lacking as (
    select
        series.*,
        sided_gaps.business_date,
        sided_gaps.expected_file_id,
        sided_gaps.story,
        case when sided_gaps.source = series.source then 1 else 0 end as is_own
    from series
    inner join reconciliations on series.reconciliation = reconciliations.reconciliation
    inner join sided_gaps
        on series.tenant_id = sided_gaps.tenant_id
            and (
                series.source = sided_gaps.source
                or series.processor = sided_gaps.source
                or (
                    case series.role when 'left' then reconciliations.right_side else reconciliations.left_side end = sided_gaps.side
                    and (sided_gaps.side != 'processor' or series.processor = '(none)')
                )
            )
)

select
    tenant_id, reconciliation, source, side, role, processor, business_date, currency,
    {{ key_hash('sum', ['tenant_id', 'reconciliation', 'source', 'role', 'processor', 'business_date', 'currency']) }} as summary_id,
    max(is_own) = 1 as lacks_its_own_file,
    {{ dbt.listagg('story', "'; '", 'order by story, expected_file_id') }} as incomplete_because
from lacking
group by tenant_id, reconciliation, source, side, role, processor, business_date, currency

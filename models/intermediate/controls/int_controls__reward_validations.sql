-- A check's failing rows, and the breaks that other models make of the same rows. What fails only as a whole has no break: there
-- the control asks that critical checks fail nowhere.
with checks as (
    select * from {{ ref('reward_validations') }}
),

failures as (
    select * from {{ ref('reward_validation_failures') }}
),

discrepancies as (
    select * from {{ ref('discrepancies') }} where source = 'thrive_cash'
),

-- Both rows of a conflict fail, and are one break under their id.
failing as (
    select tenant_id, check_name, currency, subject
    from failures
    group by tenant_id, check_name, currency, subject
),

figures as (
    select checks.tenant_id, checks.check_name as scope, 0 as expected, 0 as found
    from checks
    where checks.fails_build or checks.break_kind is not null
    union all
    select checks.tenant_id, checks.check_name as scope, 1 as expected, 0 as found
    from checks
    inner join discrepancies on checks.tenant_id = discrepancies.tenant_id and checks.break_kind = discrepancies.kind
    union all
    select checks.tenant_id, checks.check_name as scope, 0 as expected, 1 as found
    from checks
    inner join failing on checks.tenant_id = failing.tenant_id and checks.check_name = failing.check_name
    where checks.fails_build or checks.break_kind is not null
)

select
    'reward_validations' as control,
    tenant_id,
    scope,
    'failing rows' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope

with breakage as (
    select * from {{ ref('reward_breakage') }} where measured_by != 'face'
),

deferrals as (
    select * from {{ ref('reward_deferrals') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

deferred as (
    select
        tenant_id,
        program_id,
        currency,
        period,
        sum(open_lots_minor) - sum(liability_minor) as not_carried_minor
    from deferrals
    group by tenant_id, program_id, currency, period
),

-- What of the open lots is not a liability: breakage that is revenue before it happened, or the part of the sales that was not put off.
valued as (
    select
        breakage.*,
        case
            when breakage.measured_by = 'proportional' then breakage.proportional_to_date_minor - breakage.expired_to_date_minor
            else coalesce(deferred.not_carried_minor, 0)
        end as not_carried_minor
    from breakage
    left join deferred
        on
            breakage.tenant_id = deferred.tenant_id
            and breakage.program_id = deferred.program_id
            and breakage.currency = deferred.currency
            and breakage.period = deferred.period
),

stepped as (
    select
        *,
        not_carried_minor
        - coalesce(lag(not_carried_minor) over (
            partition by tenant_id, program_id, currency order by period
        ), 0) as change_minor,
        cast({{ dbt.last_day('period', 'month') }} as date) as posted_on
    from valued
),

scaled as (
    select
        stepped.*,
        currencies.exponent
    from stepped
    inner join currencies on stepped.currency = currencies.currency
)

select
    {{ key_hash('rvl', ['tenant_id', 'program_id', 'currency', 'period']) }} as reward_valuation_id,
    tenant_id,
    program_id,
    currency,
    period,
    measured_by,
    open_lots_minor,
    open_lots,
    cast(not_carried_minor as bigint) as not_carried_minor,
    {{ major_units('not_carried_minor', 'exponent') }} as not_carried,
    cast(open_lots_minor - not_carried_minor as bigint) as liability_minor,
    {{ major_units('open_lots_minor - not_carried_minor', 'exponent') }} as liability,
    cast(change_minor as bigint) as change_minor,
    {{ major_units('change_minor', 'exponent') }} as change,
    posted_on,
    posted_on < cast({{ as_of() }} as date) and change_minor != 0 as is_posted
from scaled

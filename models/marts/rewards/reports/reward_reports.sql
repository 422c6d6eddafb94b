with movements as (
    select * from {{ ref('int_rewards__period_movements') }}
),

cycles as (
    select * from {{ ref('reward_report_cycles') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

numbers as (
    {{ day_offsets(1999) }}
),

-- A member of a report has a row for every period from its first movement to the run's moment, quiet ones too.
members as (
    select
        movements.tenant_id,
        movements.currency,
        movements.cycle,
        movements.level,
        movements.member,
        min(movements.period_number) as first_number,
        greatest(max(movements.period_number), max({{ period_number('cast(' ~ as_of() ~ ' as date)', 'cycles') }})) as last_number
    from movements
    inner join cycles on movements.cycle = cycles.cycle
    group by movements.tenant_id, movements.currency, movements.cycle, movements.level, movements.member
),

spine as (
    select members.*, members.first_number + numbers.number as period_number
    from members
    inner join numbers on numbers.number <= members.last_number - members.first_number
),

totals as (
    select
        spine.tenant_id,
        spine.currency,
        spine.cycle,
        spine.level,
        spine.member,
        spine.period_number,
        {% for movement in ['earned', 'spent', 'expired', 'reversed', 'unfunded'] %}
            coalesce(movements.{{ movement }}_minor, 0) as {{ movement }}_minor,
        {% endfor %}
        cast(sum(
            coalesce(movements.earned_minor - movements.spent_minor - movements.expired_minor + movements.reversed_minor, 0)
        ) over (
            partition by spine.tenant_id, spine.currency, spine.cycle, spine.level, spine.member
            order by spine.period_number rows unbounded preceding
        ) as bigint) as closing_minor
    from spine
    left join movements
        on
            spine.tenant_id = movements.tenant_id
            and spine.currency = movements.currency
            and spine.cycle = movements.cycle
            and spine.level = movements.level
            and spine.member = movements.member
            and spine.period_number = movements.period_number
),

dated as (
    select
        totals.*,
        totals.closing_minor - totals.earned_minor + totals.spent_minor + totals.expired_minor - totals.reversed_minor as opening_minor,
        {{ period_start('totals.period_number', 'cycles') }} as period_from,
        {{ add_days(period_start('totals.period_number + 1', 'cycles'), '-1') }} as period_to
    from totals
    inner join cycles on totals.cycle = cycles.cycle
)

select
    {{ key_hash('rrp', ['dated.tenant_id', 'dated.currency', 'dated.cycle', 'dated.period_from', 'dated.level', 'dated.member']) }}
        as reward_report_id,
    dated.tenant_id,
    cast(dated.cycle as {{ dbt.type_string() }}) as cycle,
    dated.period_from,
    dated.period_to,
    cast(dated.level as {{ dbt.type_string() }}) as level,
    cast(dated.member as {{ dbt.type_string() }}) as member,
    dated.currency,
    {% for figure in ['opening', 'earned', 'spent', 'expired', 'reversed', 'closing', 'unfunded'] %}
        dated.{{ figure }}_minor,
        {{ major_units('dated.' ~ figure ~ '_minor', 'currencies.exponent') }} as {{ figure }},
    {% endfor %}
    dated.period_to < cast({{ as_of() }} as date) as is_over
from dated
inner join currencies on dated.currency = currencies.currency

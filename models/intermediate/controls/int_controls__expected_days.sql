with file_expectations as (
    select * from {{ ref('file_expectations') }}
),

holidays as (
    select * from {{ ref('holidays') }}
),

-- Two months back: a file that is missed longer is missed on every run of those two months.
days as (
    {{ recent_days(62) }}
),

asked as (
    select
        file_expectations.*,
        days.business_date,
        cast(days.business_date + file_expectations.days_after * interval '1 day' as date) as due_on
    from file_expectations
    inner join days
        on file_expectations.valid_from <= days.business_date
            and (
                file_expectations.day_of_month = days.day_of_month
                or {{ dbt.position('days.weekday', 'file_expectations.weekdays') }} > 0
            )
),

wanted as (
    select asked.*
    from asked
    left join holidays
        on asked.calendar = holidays.calendar
            and asked.business_date = holidays.holiday_on
    where holidays.holiday_on is null
),

named as (
    select
        wanted.*,
        cast(business_date as {{ dbt.type_string() }}) as iso_date,
        {{ utc_timestamp("cast(due_on as " ~ dbt.type_string() ~ ") || ' ' || due_time || ':00'", 'time_zone') }} as due_at,
        replace(replace(replace(name_pattern, '!', '!!'), '_', '!_'), '%', '!%') as escaped_pattern
    from wanted
)

select
    expectation_id,
    tenant_id,
    source,
    name_pattern,
    business_date,
    due_on,
    time_zone,
    calendar,
    due_at,
    due_at + grace_minutes * interval '1 minute' as missing_from,
    {{ dbt.position("'{'", 'name_pattern') }} > 0 as is_dated,
    {{ named_for_the_day('name_pattern') }} as expected_name,
    replace({{ named_for_the_day('escaped_pattern') }}, '*', '%') as name_like
from named

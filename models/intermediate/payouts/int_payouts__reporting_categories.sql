with

reporting_categories as (
    select * from {{ ref('reporting_categories') }}
),

kinds as (
    select
        source,
        coalesce(native_type, '(none)') as native_type,
        event_type
    from {{ ref('transactions') }}
    where side = 'processor'
    group by source, coalesce(native_type, '(none)'), event_type
),

spoken_of as (
    {{ most_exact('kinds', 'reporting_categories', 'reporting_category') }}
)

select
    source,
    native_type,
    event_type,
    case when says = '(own)' then native_type else says end as reporting_category
from spoken_of
where place = 1

-- Rates on every day they may be used: the day they were published and those after it, until the next one or until they are too old.
-- How long a rate stands is a number of days, and each number has its days listed, so that rates and days are joined on equal values.
with crossed as (
    select * from {{ ref('int_fx__crossed') }} where rate > 0 and rate < 99999999
),

numbers as (
    {{ numbers_to(32) }}
),

stands as (
    select
        lengths.number as days,
        numbers.number - 1 as day_offset
    from numbers as lengths
    inner join numbers on lengths.number >= numbers.number
),

followed as (
    select
        crossed.*,
        lead(rate_date) over (partition by tenant_id, rate_source, base_currency order by rate_date) as next_rate_date
    from crossed
),

measured as (
    select
        followed.*,
        least(coalesce({{ days_between('rate_date', 'next_rate_date') }}, max_age_days + 1), max_age_days + 1) as days
    from followed
),

daily as (
    select
        measured.tenant_id,
        {{ add_days('measured.rate_date', 'stands.day_offset') }} as rate_on,
        measured.base_currency,
        measured.quote_currency,
        measured.rate,
        measured.rate_date as published_on,
        stands.day_offset as age_days,
        measured.rate_source,
        measured.pivot_currency,
        measured.priority,
        measured._document_id,
        measured._source_file,
        measured._source_line
    from measured
    inner join stands on measured.days = stands.days
)

select
    daily.*,
    row_number() over (partition by tenant_id, rate_on, base_currency order by priority, rate_source) as place
from daily

{# The step `waits`: how long the other side has, by the most exact line of the settlement calendars, for `waiting` rows with reconciliation,
   side, processor, event_type and is_announced: so many days after it was booked, or of grace after the day it was announced for. `key` names
   a row. #}
{% macro settlement_waits(waiting, key) -%}
calendars as (
    select * from {{ ref('settlement_calendars') }}
),

ranked as (
    select
        {{ waiting }}.*,
        calendars.calendar,
        calendars.in_business_days,
        calendars.pending_days,
        case when {{ waiting }}.is_announced then calendars.grace_days else calendars.due_days end as wait_days,
        row_number() over (
            partition by {% for column in key %}{{ waiting }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
            order by
                case calendars.processor when '*' then 2 else 1 end,
                case calendars.event_type when '*' then 2 else 1 end
        ) as place
    from {{ waiting }}
    inner join calendars
        on
            {{ waiting }}.reconciliation = calendars.reconciliation
            and {{ waiting }}.side = calendars.side
            and calendars.processor in ('*', {{ waiting }}.processor)
            and calendars.event_type in ('*', {{ waiting }}.event_type)
),

waits as (
    select * from ranked where place = 1
)
{%- endmacro %}

-- Transactions that the contract cannot tell apart, each class with the one schedule that prices it: the most exact, and
-- fee_schedules_do_not_overlap says that no other is as exact.
{% set words = ['tenant_id', 'source_account', 'event_type', 'card_product', 'card_brand', 'card_funding'] %}
{% set class = fee_class_columns() | join(', ') %}
{% set class_columns = 'classes.' ~ fee_class_columns() | join(', classes.') %}
with fee_rows as (
    select * from {{ ref('int_discrepancies__fee_rows') }}
),

fee_schedules as (
    select * from {{ ref('fee_schedules') }}
),

classes as (
    select {{ class }}
    from fee_rows
    group by {{ class }}
),

ranked as (
    select
        classes.*,
        fee_schedules.schedule_id,
        row_number() over (
            partition by {{ class_columns }}
            order by
                {% for word in words %}
                    case fee_schedules.{{ word }} when '*' then 2 else 1 end,
                {% endfor %}
                fee_schedules.schedule_id
        ) as place
    from classes
    inner join fee_schedules
        on
            classes.processor = fee_schedules.processor
            and classes.currency = fee_schedules.currency
            and classes.business_date >= fee_schedules.valid_from
            and classes.business_date <= coalesce(fee_schedules.valid_to, classes.business_date)
            {% for word in words %}
                and fee_schedules.{{ word }} in ('*', classes.{{ word }})
            {% endfor %}
)

select {{ class }}, schedule_id
from ranked
where place = 1

-- Each row that a schedule prices, with the volume of its month under that schedule: before it, and all of it.
with fee_rows as (
    select * from {{ ref('int_discrepancies__fee_rows') }}
),

fee_classes as (
    select * from {{ ref('int_discrepancies__fee_classes') }}
),

fee_schedules as (
    select * from {{ ref('fee_schedules') }}
),

scheduled as (
    select
        fee_rows.*,
        fee_classes.schedule_id,
        substring(cast(fee_rows.business_date as {{ dbt.type_string() }}), 1, 7) as month
    from fee_rows
    inner join fee_classes
        on
            fee_rows.tenant_id = fee_classes.tenant_id
            {% for column in fee_class_columns()[1:] %}
                and fee_rows.{{ column }} = fee_classes.{{ column }}
            {% endfor %}
),

tiered as (
    select
        scheduled.transaction_id,
        cast(sum(scheduled.volume_minor) over (
            partition by scheduled.tenant_id, scheduled.schedule_id, scheduled.month
            order by scheduled.business_date, scheduled.occurred_at, scheduled.transaction_id rows unbounded preceding
        ) as bigint) as volume_after_minor,
        cast(
            sum(scheduled.volume_minor) over (partition by scheduled.tenant_id, scheduled.schedule_id, scheduled.month) as bigint
        ) as month_volume_minor
    from scheduled
    inner join fee_schedules on scheduled.schedule_id = fee_schedules.schedule_id
    where fee_schedules.tier_by != 'none'
)

select
    scheduled.*,
    tiered.volume_after_minor - scheduled.volume_minor as volume_before_minor,
    tiered.month_volume_minor
from scheduled
left join tiered on scheduled.transaction_id = tiered.transaction_id

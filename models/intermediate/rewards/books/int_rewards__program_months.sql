with customer_programs as (
    select * from {{ ref('int_rewards__customer_programs') }}
),

reasons as (
    select * from {{ ref('int_rewards__reasons') }}
)

select
    customer_programs.tenant_id,
    reasons.program_id,
    customer_programs.currency,
    customer_programs.period,
    cast(sum(customer_programs.earned_minor) as bigint) as earned_minor,
    cast(sum(customer_programs.redeemed_minor) as bigint) as redeemed_minor,
    cast(sum(customer_programs.expired_minor) as bigint) as expired_minor
from customer_programs
inner join reasons on customer_programs.written_reason = reasons.reason
group by customer_programs.tenant_id, reasons.program_id, customer_programs.currency, customer_programs.period
